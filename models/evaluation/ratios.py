"""Ratios over lines of enterprises: how large, and between which bounds they may be by chance.

Lines of one enterprise depend on each other, so the variance is that of sums over enterprises, the
ratio taken as linear near its value (Taylor linearisation: Woodruff 1971; Binder, International
Statistical Review 51, 1983). Large enterprises count as few: Student's quantile has the degrees of
freedom of so many enterprises of equal size (Kish 1965).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta
from scipy.stats import t as student

from features.plans import Numbers

Groups = npt.NDArray[np.intp]
SURE = 0.95


@dataclass(frozen=True)
class Interval:
    """A number and the bounds that hold the true one 95 times in 100; NaN where none is known."""

    value: float
    low: float
    high: float

    def holds(self, truth: float) -> bool:
        """Whether a number lies within the bounds."""
        return self.low <= truth <= self.high


UNKNOWN = Interval(np.nan, np.nan, np.nan)


def share(part: Numbers, whole: Numbers, *, group: Groups) -> Interval:
    """Return the share ``sum(part) / sum(whole)`` with exact-like bounds, also at none and all.

    part: of each line, between nothing and its ``whole``. group: each line's enterprise as a code.
    The bounds are those of a binomial of as many lines as tell equally much (Korn and Graubard,
    Survey Methodology 24, 1998); at none and all, of as many as there are enterprises. Unknown
    where nothing is counted.
    """
    total = float(whole.sum())
    if total <= 0:
        return UNKNOWN
    value = min(1.0, max(0.0, float(part.sum()) / total))
    enterprises = effective(whole, group)
    variance = clustered((part - value * whole) / total, group)
    lines = float(total**2 / (whole**2).sum())
    size = enterprises if variance <= 0 else min(lines, value * (1 - value) / variance)
    if variance > 0 and enterprises > 1:
        size *= (quantile(lines - 1) / quantile(enterprises - 1)) ** 2
    found = value * size
    low = 0.0 if found <= 0 else float(beta.ppf((1 - SURE) / 2, found, size - found + 1))
    high = 1.0 if found >= size else float(beta.ppf((1 + SURE) / 2, found + 1, size - found))
    return Interval(value, min(low, value), max(high, value))


def effective(size: Numbers, group: Groups) -> float:
    """Return how many enterprises of equal size would tell as much as these; 0 without any."""
    sums = np.bincount(group, weights=size)
    squares = float((sums**2).sum())
    return float(sums.sum()) ** 2 / squares if squares > 0 else 0.0


def clustered(influence: Numbers, group: Groups) -> float:
    """Return the variance of a sum over lines whose enterprises are independent of each other."""
    told = np.bincount(group, weights=influence)
    count = len(np.unique(group))
    return float((told**2).sum()) * count / max(1, count - 1)


def by_chance(errors: float, freedom: float) -> float:
    """Return how often chance alone is so many standard errors off, either way; as ``quantile``."""
    return float(2 * student.sf(abs(errors), max(1.0, freedom)))


def quantile(freedom: float) -> float:
    """Return how many standard errors the bounds are away; one degree of freedom at least."""
    return float(student.ppf((1 + SURE) / 2, max(1.0, freedom)))
