"""Steer: the price of the moment, so that a day's hours are spent however its lines come.

A plan knows only what past days looked like. Whether today brings half as many lines or twice as
many, and how risky they are, shows while they come; which of them are drawn is chance. So before
each line the hours that are left are divided by the lines that are still to come, and the price is
the one that spends just so much on a line. This re-solving (Jasin and Kumar 2012) spreads an error
of the morning over the rest of the day, so that no hour finds all hours gone. Two things are
learned on the way, each weighed against what the plan expected:

- how busy the day is: lines that came, against those that usually have come by then, as the mean of
  a gamma distribution that Poisson counts have updated;
- how well the plan's curve fits the day: hours that the lines took in expectation, against the
  hours that were asked of the curve.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from features.errors import Invalid
from features.spent import Spent
from models.inspection.allocation.allocate import (
    LEAST,
    LEAST_FLOOR_SHARE,
    Allocation,
    Amounts,
    Lines,
)

Curve = tuple[tuple[float, float], ...]
HOURS = 24
SURE_LINES = (20.0, 0.4)  # lines, and share of the day's, that weigh as much as the expectation
SURE_HOURS = (10.0, 0.1)  # hours, and share of the day's, that weigh as much as the curve
KEPT = 0.3  # of floors, where the hours are gone before the day is
LEAST_GIVEN, MOST_GIVEN = 0.1, 4.0  # to a line by its risk, of the hours its day has for one
CARRIED = 0.5  # of a day's capacity that other days may add or take


@dataclass(frozen=True)
class Day:
    """What a plan says of a day at a port.

    hours: to be spent. expected_lines: in all. curve: pairs of hours per line and the price that
    spends them, from ``curve``. profile: the share of a day's lines that has come by the end of
    each of 24 civil hours, from ``profile``. ``Invalid`` where one of them cannot be.
    """

    hours: float
    expected_lines: float
    curve: Curve
    profile: tuple[float, ...]

    def __post_init__(self) -> None:
        for name, value in (("hours", self.hours), ("expected_lines", self.expected_lines)):
            if not 0 <= value < np.inf:
                raise Invalid(f"{name} of a day is {value}; give 0 or more")
        if not self.curve or any(one[0] > other[0] for one, other in pairwise(self.curve)):
            raise Invalid(f"the curve {self.curve} must have points with rising hours per line")
        shares = (0.0, *self.profile, 1.0)
        if len(self.profile) != HOURS or not all(a <= b for a, b in pairwise(shares)):
            raise Invalid(f"the profile {self.profile} must be {HOURS} shares that rise up to 1")


@dataclass(frozen=True)
class Now:
    """How the next line is decided, and how many hours per line that asks of the curve."""

    allocation: Allocation
    asked: float


def steer(day: Day, spent: Spent, *, hour: float, at_hand: int = 1) -> Now:
    """Return the price of the next line, its share, and what floors are cut to.

    hour: of the civil day, in [0, 24). at_hand: lines that are decided together, at one price; they
    count beside those to come, so an even part of what is left is never more than all of it. No
    line is given more than ``MOST_GIVEN`` times what its day has for one: harmless lines of a late
    hour are not inspected because hours are left over. Where they are gone, floors are cut as far
    as ``KEPT`` of what the day has for them, and ``LEAST_GIVEN`` still goes by risk: the riskiest
    lines of a late hour are inspected too. Later days make both good; see ``owed``.
    """
    floors = day.curve[0][0]
    share = come(day.profile, hour)
    lines = in_all(day, spent.lines, share=share)
    usual = day.hours / (at_hand + lines)
    even = max(0.0, day.hours - spent.hours) / (at_hand + lines * (1.0 - share))
    given = min(MOST_GIVEN * usual, even / fit(day, spent))
    by_risk = LEAST_GIVEN * usual
    if given >= floors + by_risk or not floors:
        return Now(at(day.curve, given), min(given, day.curve[-1][0]))
    kept = max(LEAST_FLOOR_SHARE, KEPT * min(1.0, usual / floors), (given - by_risk) / floors)
    late = replace(at(day.curve, floors + by_risk), floor_share=kept)
    return Now(late, min(floors * kept + by_risk, day.curve[-1][0]))


def in_all(day: Day, lines: int, *, share: float) -> float:
    """Return how many lines a day is expected to bring, if so many came with a share of it."""
    sure = SURE_LINES[0] + SURE_LINES[1] * day.expected_lines
    return day.expected_lines * (sure + lines) / (sure + day.expected_lines * share)


def come(profile: tuple[float, ...], hour: float) -> float:
    """Return the share of a day's lines that has come by a moment; within an hour they are even."""
    whole = int(hour)
    before = profile[whole - 1] if whole else 0.0
    return before + (hour - whole) * (profile[whole] - before)


def fit(day: Day, spent: Spent) -> float:
    """Return how many hours the day's lines take for each that the curve was asked for."""
    sure = SURE_HOURS[0] + SURE_HOURS[1] * day.hours
    return (sure + spent.expected) / (sure + spent.asked)


def at(curve: Curve, rate: float) -> Allocation:
    """Return the price that spends so many hours per line, at least those of the first point.

    Between two points of one price lie its ties, and the share says how far the rate is between
    them. Between two prices it is in proportion; from the last point on everything is inspected.
    """
    after = bisect_right(curve, (rate, np.inf))
    if after == len(curve):
        return Allocation(curve[-1][1], 1.0, 1.0)
    (start, above), (end, below) = curve[after - 1], curve[after]
    part = (rate - start) / (end - start)
    if above == below:
        return Allocation(above, part, 1.0)
    return Allocation(above + part * (below - above), 1.0, 1.0)


def curve(lines: Lines, *, points: int) -> Curve:
    """Return how many hours per line each price spends, from the floors alone to all ceilings.

    lines: as for ``allocate``. A price has two points, without the lines that tie at it and with
    them. Where there are more prices than points, so many are kept, closer together where few
    hours are spent; those that many lines tie at are among them. Without lines everything is
    inspected.
    """
    rows = np.argsort(-lines.gain, kind="stable")
    rows = rows[lines.gain[rows] > 0]
    if not len(rows):
        return ((0.0, LEAST),)
    gain, count = lines.gain[rows], len(lines.gain)
    last = np.append(gain[1:] != gain[:-1], True)
    floors = float(lines.floor @ lines.effort) / count
    extra = ((lines.ceiling - lines.floor) * lines.effort)[rows]
    after = floors + np.cumsum(extra)[last] / count
    before = np.append(floors, after[:-1])
    kept = _kept(after - floors, points=points)
    prices = np.repeat(gain[last][kept], 2).tolist()
    told = np.stack([before[kept], after[kept]], axis=1).ravel().tolist()
    first = (floors, float(np.nextafter(gain[0], np.inf)))
    return (first, *zip(told, prices, strict=True), (float(after[-1]), LEAST))


def _kept(spent: Amounts, *, points: int) -> npt.NDArray[np.intp]:
    """Return which prices are told, the last of them included: all, where they are few."""
    if len(spent) <= points:
        return np.arange(len(spent))
    wanted = spent[-1] * np.linspace(0, 1, points) ** 2
    return np.unique(np.searchsorted(spent, wanted).clip(max=len(spent) - 1))


def profile(hours: npt.NDArray[np.integer]) -> tuple[float, ...]:
    """Return the share of past lines that had come by the end of each of 24 civil hours.

    hours: the hour of the day, 0 to 23, in which each line came. Even over the day without lines.
    """
    counts = np.bincount(hours, minlength=HOURS) if len(hours) else np.ones(HOURS)
    return tuple((np.cumsum(counts) / counts.sum()).tolist())


def owed(capacity: float, *, balance: float) -> float:
    """Return a day's hours: its capacity, and what earlier days left over or spent too much.

    balance: capacity less hours of drawn lines, summed over earlier days. At most ``CARRIED`` of
    the capacity is added or taken at once. So a month meets its capacity where a day cannot.
    """
    most = CARRIED * capacity
    return capacity + min(most, max(-most, balance))
