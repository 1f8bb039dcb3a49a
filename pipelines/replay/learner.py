"""Learner: what one policy knows in a replay, and the model that it makes of it.

It begins with everybody's past. Then it sees the outcome of a line only if it selected that line,
and only from the moment on that the result is known: in the features of later lines, and when its
model is trained again. The rows of its lines are built once, as of their declaration.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime

import numpy as np
import pandas as pd

from features import build, plans
from features.build import Rows
from features.facts import Kind
from features.index import Index
from features.plans import Numbers
from features.windows import Positions
from models.inspection import alternatives
from models.inspection.alternatives import Beliefs, Weighed
from models.inspection.policy import Policy
from models.risk import booster, calibrate, monotone, training
from models.risk.booster import Order, Sample
from models.risk.calibrate import Held
from models.risk.matrix import Matrix
from models.risk.model import RiskModel
from models.risk.severity import severity
from models.risk.training import LATER_SHARE, Training
from pipelines.replay.stage import INSPECTION, Stage

# What a kind of fact has one of for each, beside its keys and measures.
PLAIN = tuple(f.name for f in fields(Kind) if f.name not in ("columns", "measures"))


@dataclass(frozen=True)
class Agency:
    """What the agency has laid down: harm and floors, and which level a risk is of."""

    policy: Policy
    matrix: Matrix

    def weigh(self, model: RiskModel, rows: Rows) -> Weighed:
        """Return lines as the policy weighs what a model believes of them; one hour each."""
        likelihood, harms = model.likelihood(rows), severity(rows)
        level = self.matrix.level(likelihood, harms)
        lines = alternatives.weighed(Beliefs(likelihood, harms, level), self.policy)
        return lines.lasting(np.ones(len(likelihood)))


@dataclass
class Learner:
    """One policy's knowledge: its index of inspections, its rows, its model.

    numbers: (n, features) of all lines of the stage; what depends on inspections is missing until a
    line is weighed. chance: with which each line was selected; missing where it was not.
    """

    stage: Stage
    agency: Agency
    begun: Training
    index: Index
    numbers: Numbers
    chance: Numbers
    model: RiskModel

    @classmethod
    def begin(cls, stage: Stage, agency: Agency, *, begun: Training) -> "Learner":
        """Return who knows the past and no more. begun: the training that all have in common."""
        return cls(
            stage,
            agency,
            begun,
            index=Index(plans.plans(stage.history.read), {INSPECTION: stage.inspected}),
            numbers=_unseen(stage),
            chance=np.full(len(stage), np.nan),
            model=begun.model,
        )

    def weigh(self, week: int) -> Weighed:
        """Return the lines of a week as the policy weighs them, each as of its declaration."""
        asked, rows = self.stage.questions[week], self.stage.weeks[week]
        told = build.answer(asked, self.stage.history, facts=self.index).numbers
        self.numbers[np.ix_(rows, _columns(self.stage))] = told
        made = Rows(self.stage.features, self.numbers[rows], {})
        return self.agency.weigh(self.model, made)

    def learn(self, rows: Positions, chance: Numbers) -> None:
        """Take in how the selected lines turn out. chance: with which each of them was selected."""
        self.chance[rows] = chance
        told = np.flatnonzero(np.isin(self.stage.showing, rows))
        self.index.take({INSPECTION: _some(self.stage.shows, told)})

    def train(self, as_of: datetime, *, seed: int) -> None:
        """Train the model again on what is known; lines too young to be back are left out.

        Rounds, parameters and the shape of the calibration stay those of the first training, which
        chose them; the level is set anew, as there.
        """
        sample = self._sample(pd.Timestamp(as_of))
        best = self.begun.trials[0]
        made = booster.train(sample, Order(best.parameters, seed), rounds=best.rounds)
        late = np.arange(len(sample)) >= int((1 - LATER_SHARE) * len(sample))
        held = sample.take(late)
        scores = booster.scores([made], held.matrix)
        calibration = calibrate.levelled(
            self.begun.model.calibration, Held(scores, held.failed.astype(float), held.weight)
        )
        self.model = replace(self.begun.model, boosters=[made], calibration=calibration)

    def _sample(self, as_of: pd.Timestamp) -> Sample:
        """Return what is known of old enough lines: of the past, and those that were selected."""
        past, stage, ripe = self.stage.past, self.stage, as_of - self.stage.age
        old = ((past.labels["known_at"] < as_of) & (past.declared_at < ripe)).to_numpy(bool)
        known = (stage.labels["known_at"] < as_of) & (stage.declarations["declared_at"] < ripe)
        own = known.to_numpy(bool) & ~np.isnan(self.chance)
        propensity = [past.labels["propensity"][old], pd.Series(self.chance[own])]
        failed = [past.labels["failed"][old], stage.labels["failed"][own]]
        return Sample(
            np.concatenate([past.rows.numbers[old], self.numbers[own]]),
            np.concatenate(failed).astype(bool),
            training.weights(pd.concat(propensity)),
            monotone.directions(stage.features),
        )


def begin(stage: Stage, *, seed: int, progress: booster.Progress = booster.unheard) -> Training:
    """Return the training that every policy begins with: on the past, by the ordinary recipe."""
    past, start = stage.past, pd.Timestamp(stage.shown.period.start)
    known = (past.labels["known_at"] < start) & (past.declared_at < start - stage.age)
    recipe = training.Recipe(seed, trials=1)
    return training.fit(past.take(known.to_numpy(bool)), recipe=recipe, progress=progress)


def _unseen(stage: Stage) -> Numbers:
    """Return the rows of the replayed lines, without what depends on inspections."""
    numbers = stage.rows.numbers[stage.places]
    numbers[:, _columns(stage)] = np.nan
    return numbers


def _columns(stage: Stage) -> Positions:
    """Return where the features that depend on inspections stand among all."""
    place = {name: column for column, name in enumerate(stage.features.names)}
    return np.array([place[name] for name in stage.history.names], np.intp)


def _some(kind: Kind, rows: Positions) -> Kind:
    """Return some of the facts."""
    return replace(
        kind,
        columns={name: [values[i] for i in rows] for name, values in kind.columns.items()},
        measures={name: values[rows] for name, values in kind.measures.items()},
        **{name: getattr(kind, name)[rows] for name in PLAIN},
    )
