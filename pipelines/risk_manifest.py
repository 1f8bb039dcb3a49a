"""What travels with a risk model: on what, how and how well it was trained; the card tells it."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

import numpy as np
import pandas as pd

from features import moments
from features.moments import CIVIL
from models import resampling
from models.resampling import Lines
from models.risk.training import Recipe, Training
from pipelines.backtest import Backtest
from pipelines.table import Table

LIBRARIES = ("lightgbm", "numpy", "pandas", "scikit-learn")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Given:
    """What a training was given: the moment, the age of ripe outcomes, the text model, the recipe.

    text_version: whose annotations were read.
    """

    until: datetime
    maturity: timedelta
    text_version: str | None
    recipe: Recipe


def manifest(
    made: Table, given: Given, *, trained: Training, judged: Backtest
) -> dict[str, object]:
    """Return the manifest of a model trained on a table."""
    features, best = made.rows.features, trained.trials[0]
    return {
        "features": list(features.names),
        "families": dict(Counter(features.family(name) for name in features.names)),
        "as_of": moments.aware(given.until, "until").isoformat(),
        "rows": len(made.labels),
        "failures": int(made.labels["failed"].sum()),
        "trained_on": _days(made),
        "judged_on": _days(judged.tested),
        "horizon": "the first inspection of the line",
        "maturity_days": round(given.maturity / DAY, 2),
        "text_version": given.text_version,
        **asdict(given.recipe),
        "rounds": best.rounds,
        "parameters": dict(best.parameters),
        "calibration": asdict(trained.model.calibration),
        "intervals": intervals(judged, seed=given.recipe.seed),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def intervals(judged: Backtest, *, seed: int) -> dict[str, list[float]]:
    """Return the interval of each metric over the judged lines, enterprises drawn."""
    found = resampling.intervals(_lines(judged.tested), judged.likelihood, seed=seed)
    told = {name: ends for name, ends in found.items() if np.isfinite(ends).all()}
    return {name: [round(end, 4) for end in ends] for name, ends in told.items()}


def _lines(made: Table) -> Lines:
    """Return the lines as they are, as the metrics of a backtest take them."""
    failed = made.labels["failed"].to_numpy(bool)
    group = pd.factorize(made.declarations["enterprise_id"])[0]
    return Lines(failed, group, weight=np.ones(len(failed)))


def _days(made: Table) -> list[str]:
    """Return the first and the last day of declaration, in Asia/Shanghai."""
    local = made.declared_at.dt.tz_convert(CIVIL)
    return [f"{local.min():%Y-%m-%d}", f"{local.max():%Y-%m-%d}"]
