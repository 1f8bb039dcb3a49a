"""Alternatives: who would be inspected under other rules with the same hours, and what that finds.

Each rule turns what is believed of n lines into the chance of inspecting each. Where the truth is
known, as in a simulated world, what a rule would find follows from its chances without drawing.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.inspection import lanes
from models.inspection.policy import Policy
from models.inspection.price import Amounts, price
from models.risk.assess import Assessment


@dataclass(frozen=True)
class Weighed:
    """n lines as a policy weighs them: likelihood, gain per hour, hours if inspected, floor."""

    likelihood: Amounts
    gain: Amounts
    effort: Amounts
    floor: Amounts


@dataclass(frozen=True)
class Truth:
    """What n lines are really like: does it fail, the harm if it does, whose and of which goods."""

    fails: npt.NDArray[np.bool_]
    harm: Amounts
    enterprise: npt.NDArray[np.object_]
    goods: npt.NDArray[np.object_]


def weighed(assessment: Assessment, policy: Policy) -> Weighed:
    """Return lines with the policy's harm, hours and floors."""
    told = list(zip(assessment.likelihood, assessment.severity, assessment.level, strict=True))
    gain = [lanes.gain(policy, likelihood=p, severity=int(s), level=v) for p, s, v in told]
    return Weighed(
        likelihood=assessment.likelihood,
        gain=np.array(gain, float),
        effort=np.array([policy.effort[policy.lanes[v]] for v in assessment.level], float),
        floor=np.array([policy.floors[v] for v in assessment.level], float),
    )


def random(lines: Weighed, hours: float) -> Amounts:
    """Return one chance for all: the share of all hours that there are."""
    return np.full(len(lines.effort), min(1.0, hours / max(lines.effort.sum(), hours, 1e-9)))


def likeliest(lines: Weighed, hours: float) -> Amounts:
    """Return one for the likeliest lines until the hours are spent, and zero for the others."""
    return _first(-lines.likelihood, lines.effort, hours=hours)


def harmful(lines: Weighed, hours: float) -> Amounts:
    """Return one for the lines that avert most harm per hour, and zero: a price without floors."""
    return _first(-lines.gain, lines.effort, hours=hours)


def priced(lines: Weighed, hours: float) -> Amounts:
    """Return the present policy: one from the price on, below it the floor of the line's level.

    The floors are kept also where they alone take more than the hours.
    """
    bound = price(lines.gain, lines.effort, floors=lines.floor, hours=hours)
    return np.where(lines.gain >= bound, 1.0, lines.floor)


def expected(chance: Amounts, truth: Truth, *, effort: Amounts) -> dict[str, float]:
    """Return what inspecting lines with these chances finds on average.

    ``hit_rate`` is missing where nothing is inspected, ``failures`` and ``harm`` are the shares
    that are found, ``enterprises`` and ``goods`` the shares that are seen at least once.
    """
    fails = truth.fails.astype(float)
    harm = truth.harm * fails
    return {
        "lines": float(chance.sum()),
        "hours": float(chance @ effort),
        "hit_rate": _share(chance, fails, whole=float(chance.sum())),
        "failures": _share(chance, fails, whole=float(fails.sum())),
        "harm": _share(chance, harm, whole=float(harm.sum())),
        "enterprises": _seen(chance, truth.enterprise),
        "goods": _seen(chance, truth.goods),
    }


def _first(order: Amounts, effort: Amounts, *, hours: float) -> Amounts:
    rows = np.argsort(order, kind="stable")
    chance = np.zeros(len(order))
    chance[rows] = np.cumsum(effort[rows]) <= hours
    return chance


def _seen(chance: Amounts, group: npt.NDArray[np.object_]) -> float:
    """Return how many groups have a line that is inspected, on average, as a share of all."""
    missed = pd.Series(1 - chance).groupby(group).prod()
    return float(1 - missed.mean())


def _share(chance: Amounts, of: Amounts, *, whole: float) -> float:
    return float(chance @ of) / whole if whole else float("nan")
