"""What travels with a risk model: on what, how and how well it was trained; the card tells it."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

import numpy as np

from features import moments
from features.moments import CIVIL
from models.evaluation.evaluation import Evaluation
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
    made: Table, given: Given, *, trained: Training, judged: Backtest, evaluation: Evaluation
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
        "doubt": asdict(trained.model.doubt),
        "intervals": intervals(evaluation),
        "fairness": dict(zip(("zh", "en"), evaluation.headline, strict=True)),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def intervals(evaluation: Evaluation) -> dict[str, list[float]]:
    """Return the bounds of each metric that has some."""
    told = {name: (found.low, found.high) for name, found in evaluation.metrics.items()}
    known = {name: ends for name, ends in told.items() if np.isfinite(ends).all()}
    return {name: [round(end, 4) for end in ends] for name, ends in known.items()}


def _days(made: Table) -> list[str]:
    """Return the first and the last day of declaration, in Asia/Shanghai."""
    local = made.declared_at.dt.tz_convert(CIVIL)
    return [f"{local.min():%Y-%m-%d}", f"{local.max():%Y-%m-%d}"]
