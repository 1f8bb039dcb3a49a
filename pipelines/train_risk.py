"""Train the risk model on everything known before a moment; log, judge and register it.

The last period before the moment judges a model of the time before it; then the same recipe trains
on all of it, and that is what is registered.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from features import build, catalog, memory, moments
from features.facts import Tables
from features.keys import Key
from features.store import Store
from models import card, charts
from models.registry import Registry
from models.risk import training
from models.risk.model import RiskModel
from models.risk.training import SHIPPED, Recipe
from models.splits import Mask, Period
from pipelines.backtest import Backtest, Window, judge
from pipelines.champions import Reader
from pipelines.table import Table, read, table

MODEL = "risk"  # its name in the registry
JUDGED = timedelta(days=180)
PARITY_ROWS = 50
LIBRARIES = ("lightgbm", "numpy", "pandas", "scikit-learn")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainedRisk:
    """The model to register, how its recipe did, and what travels with it."""

    model: RiskModel
    judged: Backtest
    metrics: Mapping[str, float]
    manifest: Mapping[str, object]

    def save(self, directory: Path) -> None:
        """Write the artifact: model, manifest, card and charts."""
        self.model.save(directory)
        manifest = json.dumps(self.manifest, ensure_ascii=False, indent=1)
        (directory / "manifest.json").write_text(manifest)
        (directory / "card.md").write_text(card.card(self.manifest, self.metrics))
        failed = self.judged.tested.labels["failed"].to_numpy(bool)
        charts.lift(failed, self.judged.likelihood).save(directory / "lift.svg")
        charts.reliability(failed, self.judged.likelihood).save(directory / "reliability.svg")
        charts.importance(self.model.gains()).save(directory / "importance.svg")


def train_risk(
    store: Store,
    *,
    until: datetime,
    custom: Sequence[Key] = (),
    reader: Reader,
    recipe: Recipe = SHIPPED,
) -> TrainedRisk:
    """Return a model of everything known before a moment, judged on the period before it.

    reader: the text model whose annotations are used. Lines declared before it had learned are not
    trained on: in their features its hindsight would leak. ``Invalid`` when there is too little.
    """
    tables = memory.pinned(read(store, known_before=until), reader.version)
    features = catalog.standard(tables, custom=custom)
    whole = table(tables, features)
    made = whole if reader.as_of is None else whole.take(_since(whole, reader.as_of))
    judged = judge(made, Window(Period(until - JUDGED, until)), recipe=recipe)
    trained = training.fit(made.rows, made.labels, moments=made.declared_at, recipe=recipe)
    gap = parity_gap(tables, made)
    logger.info("train_risk: %d rows, %d features", len(made.labels), len(features.names))
    return TrainedRisk(
        model=trained.model,
        judged=judged,
        metrics={**judged.metrics, "parity_gap": gap},
        manifest=_manifest(made, until=until, text_version=reader.version, recipe=recipe),
    )


def log(trained: TrainedRisk, registry: Registry, *, params: Mapping[str, object]) -> str:
    """Log a training as one run and register its folder; return the new model version."""
    with TemporaryDirectory() as folder:
        trained.save(Path(folder))
        return registry.log(
            "train_risk",
            params=params,
            metrics=trained.metrics,
            directory=Path(folder),
            register=MODEL,
        )


def parity_gap(tables: Tables, made: Table) -> float:
    """Return the largest difference between bulk features and the online index's, on some rows.

    A value that is missing in one and present in the other counts as infinite.
    """
    features = made.rows.features
    index = memory.recall(tables, features, text_version=None)
    chosen = np.linspace(0, len(made.labels) - 1, min(PARITY_ROWS, len(made.labels))).astype(int)
    some = made.declarations.iloc[chosen].reset_index(drop=True)
    online = build.answer(build.asked(some, features), features, facts=index).numbers
    bulk = made.rows.numbers[chosen]
    if (np.isnan(online) != np.isnan(bulk)).any():
        return float("inf")
    return float(np.nanmax(np.abs(online - bulk), initial=0.0))


def _since(made: Table, moment: datetime) -> Mask:
    return (made.declared_at >= pd.Timestamp(moment)).to_numpy(bool)


def _manifest(
    made: Table, *, until: datetime, text_version: str | None, recipe: Recipe
) -> dict[str, object]:
    return {
        "features": list(made.rows.features.names),
        "as_of": moments.aware(until, "until").isoformat(),
        "rows": len(made.labels),
        "failures": int(made.labels["failed"].sum()),
        "horizon": "the first inspection of the line",
        "text_version": text_version,
        **asdict(recipe),
        "libraries": {name: version(name) for name in LIBRARIES},
    }
