"""Alternatives: who would be inspected under other rules with the same hours, and what that finds.

Each rule turns what is believed of n lines into the chance of inspecting each. Where the truth is
known, as in a simulated world, what a rule would find follows from its chances without drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.reasons import RiskLevel
from models.inspection import lanes
from models.inspection.allocation.allocate import Amounts, Lines, allocate, probabilities
from models.inspection.policy import Policy


class Believed(Protocol):
    """What is believed of n lines, as an assessment tells it."""

    @property
    def likelihood(self) -> Amounts:
        """How probably each would fail."""

    @property
    def severity(self) -> npt.NDArray[np.int64]:
        """How badly a failure would harm, 1 to 4."""

    @property
    def level(self) -> Sequence[RiskLevel]:
        """The level of each."""


@dataclass(frozen=True)
class Beliefs:
    """What is believed of n lines, without the grounds that an assessment has beside it."""

    likelihood: Amounts
    severity: npt.NDArray[np.int64]
    level: Sequence[RiskLevel]


@dataclass(frozen=True)
class Weighed:
    """n lines as a policy weighs them.

    likelihood: how probably each fails. gain: the expected harm that an hour averts. effort: hours
    if inspected. floor, ceiling: the least and the greatest chance of its level.
    """

    likelihood: Amounts
    gain: Amounts
    effort: Amounts
    floor: Amounts
    ceiling: Amounts

    @property
    def harm(self) -> Amounts:
        """The harm that inspecting each is expected to avert."""
        return self.gain * self.effort

    def lasting(self, effort: Amounts) -> "Weighed":
        """Return the same lines where each takes so many hours, and averts the same harm."""
        return replace(self, gain=self.harm / effort, effort=effort)

    def take(self, rows: npt.NDArray[np.integer]) -> "Weighed":
        """Return some of the lines."""
        return Weighed(*(values[rows] for values in vars(self).values()))


@dataclass(frozen=True)
class Truth:
    """What n lines are really like: does it fail, the harm if it does, whose and of which goods."""

    fails: npt.NDArray[np.bool_]
    harm: Amounts
    enterprise: npt.NDArray[np.object_]
    goods: npt.NDArray[np.object_]


def weighed(believed: Believed, policy: Policy) -> Weighed:
    """Return lines with the policy's harm, hours, floors and ceilings."""
    told = list(zip(believed.likelihood, believed.severity, believed.level, strict=True))
    gain = [lanes.gain(policy, likelihood=p, severity=int(s), level=v) for p, s, v in told]
    return Weighed(
        likelihood=believed.likelihood,
        gain=np.array(gain, float),
        effort=np.array([policy.hours(level) for level in believed.level], float),
        floor=np.array([policy.floors[level] for level in believed.level], float),
        ceiling=np.array([policy.lanes[level].most for level in believed.level], float),
    )


def random(lines: Weighed, hours: float) -> Amounts:
    """Return one chance for all: the share of all hours that there are."""
    return np.full(len(lines.effort), min(1.0, hours / max(lines.effort.sum(), hours, 1e-9)))


def scaled(lines: Weighed, hours: float) -> Amounts:
    """Return chances in proportion to ``likelihood``, none above one, that take the hours.

    For lines whose ``likelihood`` is the chance that other rules gave them: the same rules with
    more or fewer hours. A line that had no chance gets none.
    """
    had = np.flatnonzero(lines.likelihood > 0)
    rows = had[np.argsort(-lines.likelihood[had], kind="stable")]
    chance, effort = lines.likelihood[rows], lines.effort[rows]
    left = hours - (np.cumsum(effort) - effort)  # if every line before is certain
    rest = np.cumsum((chance * effort)[::-1])[::-1]
    fits = np.flatnonzero(left * chance <= rest)
    scaled = np.zeros(len(lines.likelihood))
    scaled[rows] = np.minimum(1.0, chance * left[fits[0]] / rest[fits[0]]) if len(fits) else 1.0
    return scaled


def likeliest(lines: Weighed, hours: float) -> Amounts:
    """Return one for the likeliest lines until the hours are spent, and zero for the others.

    The line that takes more than what is left of them gets a chance that takes just that.
    """
    return _first(-lines.likelihood, lines.effort, hours=hours)


def harmful(lines: Weighed, hours: float) -> Amounts:
    """Return one for the lines that avert most harm per hour, and zero: a price without floors.

    The line at the price gets a chance, as in ``likeliest``.
    """
    return _first(-lines.gain, lines.effort, hours=hours)


def priced(lines: Weighed, hours: float) -> Amounts:
    """Return the present policy: the ceiling from the price on, below it the level's floor.

    Where the floors alone take more than the hours, they are cut: see ``allocate``.
    """
    shared = Lines(lines.gain, lines.effort, lines.floor, lines.ceiling)
    return probabilities(shared, allocate(shared, hours=hours))


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
    before = np.cumsum(effort[rows]) - effort[rows]
    chance[rows] = np.clip((hours - before) / effort[rows], 0.0, 1.0)
    return chance


def _seen(chance: Amounts, group: npt.NDArray[np.object_]) -> float:
    """Return how many groups have a line that is inspected, on average, as a share of all."""
    missed = pd.Series(1 - chance).groupby(group).prod()
    return float(1 - missed.mean())


def _share(chance: Amounts, of: Amounts, *, whole: float) -> float:
    return float(chance @ of) / whole if whole else float("nan")
