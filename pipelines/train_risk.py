"""Train the risk model on everything known before a moment; log, judge and register it.

Only lines count that are old enough for nearly all of their outcomes to be back. The last period of
those judges a model of the time before it; then the same recipe trains on all of them, and that is
what is registered.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from features import build, catalog, memory
from features.facts import Tables
from features.keys import Key
from features.labels import maturity
from features.moments import EPOCH
from features.store import Store
from models import card, charts, splits
from models.approval import TRAINED_BY
from models.registry import Registry
from models.risk import training
from models.risk.model import RiskModel
from models.risk.training import SHIPPED, Recipe
from models.splits import Period
from pipelines import judged as judging
from pipelines import risk_manifest
from pipelines.backtest import Backtest, Window, judge
from pipelines.champions import Reader
from pipelines.registering import register
from pipelines.risk_manifest import Given
from pipelines.table import Table, read, table

MODEL = "risk"  # its name in the registry
JUDGED = timedelta(days=180)
PARITY_ROWS = 50
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainedRisk:
    """The model to register, how its recipe did, and what travels with it."""

    model: RiskModel
    judged: Backtest
    metrics: Mapping[str, float]
    manifest: Mapping[str, object]

    def save(self, directory: Path) -> None:
        """Write the artifact: model, manifest, card, charts and the judged lines."""
        self.model.save(directory)
        judging.write(self.judged, directory)
        manifest = json.dumps(self.manifest, ensure_ascii=False, indent=1)
        (directory / "manifest.json").write_text(manifest)
        (directory / "card.md").write_text(card.card(self.manifest, self.metrics))
        failed = self.judged.tested.labels["failed"].to_numpy(bool)
        charts.lift(failed, self.judged.likelihood).save(directory / "lift.svg")
        charts.reliability(failed, self.judged.likelihood).save(directory / "reliability.svg")
        meaning = self.model.features.meaning
        gains = {meaning(name, 0): gain for name, gain in self.model.gains().items()}
        charts.importance(gains).save(directory / "importance.svg")


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
    trained on: in their features its hindsight would leak. Nor are lines that are too young for
    nearly all outcomes to be back. ``Invalid`` when there is too little.
    """
    tables = memory.pinned(read(store, known_before=until), reader.version)
    features = catalog.standard(tables, custom=custom)
    whole = table(tables, features)
    age = maturity(tables["inspections"], tables["declarations"], as_of=until)
    ripe = until - age
    usable = splits.between(whole.declared_at, since=reader.as_of or EPOCH, until=ripe)
    made = whole.take(usable)
    judged = judge(made, Window(Period(ripe - JUDGED, ripe)), recipe=recipe)
    trained = training.fit(made.rows, made.labels, moments=made.declared_at, recipe=recipe)
    logger.info("train_risk: %d rows, %d features", len(made.labels), len(features.names))
    given = Given(until, age, reader.version, recipe)
    return TrainedRisk(
        model=trained.model,
        judged=judged,
        metrics={**judged.metrics, "parity_gap": parity_gap(tables, made)},
        manifest=risk_manifest.manifest(made, given, trained=trained, judged=judged),
    )


def log(
    trained: TrainedRisk,
    registry: Registry,
    *,
    params: Mapping[str, object],
    by: str | None = None,
) -> str:
    """Register a training as ``register`` does; its card tells who trained it."""
    told = {} if by is None else {TRAINED_BY: by}
    signed = replace(trained, manifest={**trained.manifest, **told})
    return register(signed, registry, model=MODEL, params=params, by=by)


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
