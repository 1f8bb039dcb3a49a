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
from itertools import count
from pathlib import Path

import numpy as np

from features import build, catalog, memory
from features.facts import Tables
from features.keys import Key
from features.labels import maturity
from features.moments import EPOCH
from features.store import Store
from models import card, splits
from models.approval import TRAINED_BY
from models.evaluation.evaluation import Evaluation
from models.registry import Registry, Tried
from models.risk import coverage, training
from models.risk.model import RiskModel
from models.risk.search import Trial
from models.risk.training import SHIPPED, Recipe
from models.splits import Period
from pipelines import evaluate, risk_manifest
from pipelines import judged as judging
from pipelines.backtest import Backtest, Window, judge
from pipelines.bars import bar
from pipelines.champions import Reader
from pipelines.evaluate import Evaluated, evaluated
from pipelines.registering import register
from pipelines.risk_manifest import Given
from pipelines.table import Table, read, table

MODEL = "risk"  # its name in the registry
JUDGED = timedelta(days=180)
PARITY_ROWS = 50
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainedRisk:
    """The model to register, how its recipe did, and what travels with it.

    trials: what the search tried, the chosen one first. evaluation: what the judged lines showed.
    """

    model: RiskModel
    trials: Sequence[Trial]
    judged: Backtest
    evaluation: Evaluation
    metrics: Mapping[str, float]
    manifest: Mapping[str, object]

    def save(self, directory: Path) -> None:
        """Write the artifact: model, manifest, card, evaluation with charts, the judged lines."""
        self.model.save(directory)
        judging.write(self.judged, directory)
        manifest = json.dumps(self.manifest, ensure_ascii=False, indent=1)
        (directory / "manifest.json").write_text(manifest)
        (directory / "card.md").write_text(card.card(self.manifest, self.metrics))
        shown = {"importance": evaluate.importance(self.model)}
        evaluate.save(Evaluated(self.judged, self.evaluation), directory, more=shown)


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
    with bar("train") as heard:
        trained = training.fit(made, recipe=recipe, progress=heard)
    logger.info("train_risk: %d rows, %d features", len(made.labels), len(features.names))
    given = Given(until, age, reader.version, recipe)
    told = evaluated(judged, seed=recipe.seed).evaluation
    return TrainedRisk(
        model=trained.model,
        trials=trained.trials,
        judged=judged,
        evaluation=told,
        metrics={
            **judged.metrics,
            **told.numbers(),
            "interval_coverage_of_groups": interval_coverage(judged, seed=recipe.seed),
            "parity_gap": parity_gap(tables, made),
        },
        manifest=risk_manifest.manifest(
            made, given, trained=trained, judged=judged, evaluation=told
        ),
    )


def log(
    trained: TrainedRisk,
    registry: Registry,
    *,
    params: Mapping[str, object],
    by: str | None = None,
) -> str:
    """Register a training as ``register`` does; its card tells who trained it.

    Each trial of the search is a run below the training's own.
    """
    told = {} if by is None else {TRAINED_BY: by}
    signed = replace(trained, manifest={**trained.manifest, **told})
    made = register(signed, registry, model=MODEL, params=params, by=by)
    registry.nest(MODEL, made, tried=[*map(_tried, trained.trials, count(1))])
    return made


def _tried(trial: Trial, place: int) -> Tried:
    told = {**trial.parameters, "rounds": trial.rounds}
    return Tried(f"trial_{place}", told, {"log_loss": trial.loss})


def interval_coverage(judged: Backtest, *, seed: int) -> float:
    """Return how often the judged lines' intervals held, by groups of lines; NaN without any.

    The doubt is that of the model that had not seen them.
    """
    every = np.arange(len(judged.likelihood))
    later = training.later(judged.tested, every, likelihood=judged.likelihood)
    return coverage.of_groups(later, judged.model.doubt, seed=seed)


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
