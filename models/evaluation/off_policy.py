"""Off-policy: what a policy that was never run would have found, from lines that others inspected.

A policy takes each declared line with a chance. Each inspected line was drawn with a known chance
under the rules of its time, so it stands for as many lines of the policy as the one chance goes
into the other. Which lines the policy takes, and how many hours that is, needs no estimate: only
what they show is not known.

Four answers stand side by side: the inspected lines as they are (naive, too high where they were
chosen for looking bad), inverse propensity (Horvitz and Thompson 1952), the same with weights that
add up (Hájek 1971), and doubly robust, where the model's expectation speaks for every line and the
inspected ones correct it (Dudík, Langford and Li, ICML 2011). The intervals are those of
``models.evaluation.selection``: the lines are fixed, and only which were drawn is chance.

A line that could not have been inspected, or of which nobody knows, speaks for none: what the
policy finds there lies between nothing and the most there could be. The bounds say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.errors import Invalid
from features.plans import Numbers
from models.evaluation.ratios import Interval
from models.evaluation.selection import (
    Chosen,
    Lines,
    doubly_robust,
    horvitz_thompson,
    naive,
    weighted,
)

ESTIMATORS = {
    "naive": naive,
    "inverse_propensity": horvitz_thompson,
    "self_normalised": weighted,
    "doubly_robust": doubly_robust,
}
QUANTITIES = ("failures", "hit_rate", "harm", "harm_per_hour")


@dataclass(frozen=True)
class Logged:
    """n declared lines of a window, as far as the rules of their time inspected them.

    likelihood, expected: how probably each was believed to fail, and the harm expected of it.
    failed, harm: 0 or 1, and the harm of a failing line; missing where it was not inspected.
    propensity: the chance of being inspected that each had; 0 where it had none, missing where
    nobody knows. effort: hours that inspecting it takes. worst: the greatest harm there is.
    """

    likelihood: Numbers
    expected: Numbers
    failed: Numbers
    harm: Numbers
    propensity: Numbers
    effort: Numbers
    worst: float

    def __len__(self) -> int:
        return len(self.likelihood)

    @property
    def inspected(self) -> Chosen:
        """Which lines were inspected."""
        return ~np.isnan(self.failed)

    def lines(self, quantity: str) -> Lines:
        """Return the lines by what is counted: failures, or the harm they do."""
        if quantity in ("failures", "hit_rate"):
            return Lines(self.likelihood, self.inspected, self.failed, self.propensity)
        return Lines(self.expected, self.inspected, self.harm, self.propensity, self.worst)


@dataclass(frozen=True)
class Support:
    """How well the inspected lines can speak for a policy.

    outside: the share of its inspections that go to lines without a known chance. effective: how
    many lines of equal weight would tell as much (Kish 1965). largest: for how many inspections of
    the policy one line stands. represented: for which share of those within reach all inspected
    lines stand; about one by chance, and less where lines had no chance although it was told.
    """

    outside: float
    effective: float
    largest: float
    represented: float


def estimates(logged: Logged, taken: Numbers) -> pd.DataFrame:
    """Return what a policy would have found, a row for each quantity and estimator.

    taken: its chance of inspecting each line, (n,). Columns: ``quantity`` (failures, hit_rate per
    line inspected, harm, harm_per_hour), ``estimator``, ``value``, ``low``, ``high``; then its
    ``lines`` and ``hours``, and its support. Of lines outside the support the value is what the
    model expects, the bounds are nothing and the most. ``Invalid`` where the policy takes nothing,
    a chance is none, or an inspected line has no propensity.
    """
    _check(logged, taken)
    size = {"lines": float(taken.sum()), "hours": float(taken @ logged.effort)}
    found = vars(support(logged, taken))
    return pd.DataFrame(
        [
            {"quantity": quantity, "estimator": name, **vars(told), **size, **found}
            for quantity in QUANTITIES
            for name in ESTIMATORS
            for told in (estimate(logged, taken, quantity=quantity, estimator=name),)
        ]
    )


def estimate(logged: Logged, taken: Numbers, *, quantity: str, estimator: str) -> Interval:
    """Return one quantity by one estimator, for a policy that takes lines with these chances."""
    lines = logged.lines(quantity)
    within = np.where(logged.propensity > 0, taken, 0.0)
    share = float(within.sum() / taken.sum())
    beyond = float((taken - within) @ lines.likelihood / taken.sum())
    told = ESTIMATORS[estimator](lines, within) if share else Interval(0.0, 0.0, 0.0)
    each = Interval(
        share * told.value + beyond,
        share * told.low,
        share * told.high + (1 - share) * lines.most,
    )
    return _times(each, times(logged, taken, quantity=quantity))


def times(logged: Logged, taken: Numbers, *, quantity: str) -> float:
    """Return what turns a mean over the inspections of a policy into a quantity."""
    if quantity == "hit_rate":
        return 1.0
    lines = float(taken.sum())
    return lines / float(taken @ logged.effort) if quantity == "harm_per_hour" else lines


def truth(logged: Logged, taken: Numbers, *, quantity: str, shows: Numbers) -> float:
    """Return a quantity where it is known what inspecting each line shows: failures or harm."""
    mean = float(taken @ shows) / float(taken.sum())
    return mean * times(logged, taken, quantity=quantity)


def support(logged: Logged, taken: Numbers) -> Support:
    """Return how well the inspected lines can speak for a policy."""
    within = np.where(logged.propensity > 0, taken, 0.0)
    seen = logged.inspected & (within > 0)
    weight = within[seen] / logged.propensity[seen]
    squares = float((weight**2).sum())
    return Support(
        outside=1 - float(within.sum() / taken.sum()),
        effective=float(weight.sum()) ** 2 / squares if squares else 0.0,
        largest=float(weight.max(initial=0.0)),
        represented=float(weight.sum() / within.sum()) if within.any() else float("nan"),
    )


def compared(logged: Logged, policies: Mapping[str, Numbers]) -> pd.DataFrame:
    """Return the estimates of several policies, with the ``policy`` in the first column."""
    told = [estimates(logged, taken).assign(policy=name) for name, taken in policies.items()]
    frame = pd.concat(told, ignore_index=True)
    return frame[["policy", *frame.columns.drop("policy")]]


def _times(each: Interval, factor: float) -> Interval:
    return Interval(each.value * factor, each.low * factor, each.high * factor)


def _check(logged: Logged, taken: Numbers) -> None:
    if len(taken) != len(logged):
        raise Invalid(f"{len(logged)} lines have {len(taken)} chances; give one for each")
    if not ((taken >= 0) & (taken <= 1)).all():
        raise Invalid("a policy's chances of inspecting lines lie between 0 and 1; one does not")
    if not taken.any():
        raise Invalid("the policy takes no line, so there is nothing to estimate")
