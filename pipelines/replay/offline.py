"""Offline: what the inspections that were really made tell of policies that were never run.

A policy is asked as the common first model sees the lines, with the same hours each week; it does
not learn while it is asked. In a simulated world the truth stands beside each answer, and the
lottery of inspections can be drawn anew, to see how often an interval holds the truth.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from features.plans import Numbers
from models.evaluation import off_policy
from models.evaluation.off_policy import ESTIMATORS, Logged
from models.inspection.alternatives import Weighed
from models.risk.training import Training
from pipelines.replay.learner import Agency
from pipelines.replay.play import FIXED, LEARNING, Rule, by_week
from pipelines.replay.stage import Stage

SOME = 0.5  # stands for a chance that nobody has told; only those of inspected lines are used
CHECKED = ("hit_rate", "harm_per_hour")
DRAWS = 200


@dataclass(frozen=True)
class Offline:
    """The lines as they were logged, and the chances of each policy that was never run.

    harm: what inspecting each line would show; missing where nobody knows.
    """

    logged: Logged
    taken: Mapping[str, Numbers]
    harm: Numbers

    def shows(self, quantity: str) -> Numbers:
        """Return what inspecting each line shows by what is counted: failures, or their harm."""
        fails = np.where(np.isnan(self.harm), np.nan, self.harm > 0)
        return fails if quantity in ("failures", "hit_rate") else self.harm

    def drawn(self, rng: np.random.Generator) -> Logged:
        """Return the same lines with the inspections drawn anew, where all is known of them."""
        chosen = rng.random(len(self.harm)) < self.logged.propensity
        failed = np.where(chosen, self.shows("failures"), np.nan)
        return replace(self.logged, failed=failed, harm=np.where(chosen, self.harm, np.nan))


def offline(stage: Stage, agency: Agency, *, begun: Training, hours: float) -> Offline | None:
    """Return what there is to estimate from; nothing where an inspection's chance is not told.

    Of real tables only the inspected lines tell their chance. All others are taken to have had
    some: ``represented`` says how far the inspected ones bear that out.
    """
    chosen, told = stage.chosen, stage.propensity
    if not chosen.any() or np.isnan(told[chosen]).any():
        return None
    lines = agency.weigh(begun.model, stage.rows)
    harm = np.full(len(chosen), np.nan)
    harm[stage.places] = stage.harm
    logged = Logged(
        likelihood=lines.likelihood,
        expected=lines.harm,
        failed=np.where(chosen, harm > 0, np.nan),
        harm=np.where(chosen, harm, np.nan),
        propensity=told if stage.shown.is_true else np.where(chosen, told, SOME),
        effort=lines.effort,
        worst=max(agency.policy.harm),
    )
    taken = {
        name: by_week(stage.declared_weeks, seen, rule=rule, hours=hours)
        for name, (seen, rule) in _rules(stage, lines).items()
    }
    return Offline(logged, taken, harm)


def estimates(asked: Offline) -> pd.DataFrame:
    """Return ``models.evaluation.off_policy.compared``, with the ``truth`` where it is known."""
    told = off_policy.compared(asked.logged, asked.taken)
    truth = [_truth(asked, p, quantity=q) for p, q in told[["policy", "quantity"]].to_numpy()]
    return told.assign(truth=truth)


def coverage(asked: Offline, *, draws: int, seed: int) -> pd.DataFrame:
    """Return how each estimator does over many draws of the inspections, in a simulated world.

    Columns: ``policy``, ``quantity``, ``estimator``, ``truth``, ``error`` (mean of value less
    truth), ``width`` (mean of the interval) and ``coverage``, how often the interval holds it.
    """
    rng = np.random.default_rng(seed)
    rows = (row for _ in range(draws) for row in _held(asked, asked.drawn(rng)))
    frame = pd.DataFrame(rows)
    means = frame.groupby(["policy", "quantity", "estimator"], sort=False).mean()
    return means.reset_index()


def _held(asked: Offline, logged: Logged) -> Iterator[dict[str, object]]:
    for name, quantity, estimator in product(asked.taken, CHECKED, ESTIMATORS):
        taken = asked.taken[name]
        told = off_policy.estimate(logged, taken, quantity=quantity, estimator=estimator)
        truth = _truth(asked, name, quantity=quantity)
        yield {
            "policy": name,
            "quantity": quantity,
            "estimator": estimator,
            "truth": truth,
            "error": told.value - truth,
            "width": told.high - told.low,
            "coverage": float(told.holds(truth)),
        }


def _truth(asked: Offline, policy: str, *, quantity: str) -> float:
    shows = asked.shows(quantity)
    return off_policy.truth(asked.logged, asked.taken[policy], quantity=quantity, shows=shows)


def _rules(stage: Stage, lines: Weighed) -> dict[str, tuple[Weighed, Rule]]:
    """Return each policy's rule, and the lines as it sees them."""
    recorded = replace(lines, likelihood=stage.propensity)
    fixed = ("random", "agency") if stage.shown.is_true else ("random",)
    return {
        **{name: (recorded, FIXED[name]) for name in fixed},
        **{name: (lines, rule) for name, rule in LEARNING.items()},
    }
