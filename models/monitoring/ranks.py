"""Ranks: is the last of several periods unusual, over many columns at once?

Rows of one period depend on each other, so a test that counts rows alarms by chance. Here only
periods are compared: each by its distance to the nearest of the two periods before it, and the last
one alarms when its distance stands out more than that of nearly every earlier period. What grows at
a steady pace is no alarm, and one odd period makes none of the periods after it look odd.

Source of the maximum over standardised columns: Westfall and Young, Resampling-Based Multiple
Testing, 1993; of the rank among earlier periods: conformal prediction (Vovk et al., 2005).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.plans import Numbers

ALPHA = 0.05
BACK = 2  # each period is compared with so many before it
PERIODS = 20  # the last one among so many alarms by chance once in 20
LEAST = 10  # with fewer nothing is said


@dataclass(frozen=True)
class Rank:
    """How the last period stands among the periods before it.

    p: the share of periods, itself included, that stand out as much. alpha: the chance of a false
    alarm over all columns. standing: (columns) how far the last period stands out in each.
    bound: how far any column stood out in the periods before.
    """

    p: float
    alpha: float
    standing: Numbers
    bound: float

    @property
    def alarms(self) -> bool:
        """Whether the last period stands out."""
        return self.p <= self.alpha

    @property
    def named(self) -> npt.NDArray[np.bool_]:
        """Which columns stand out more than any column did before; none without an alarm."""
        return (self.standing > self.bound) & self.alarms


def rank(distances: Numbers, *, floor: float) -> Rank:
    """Return how the last row stands among the rows before it.

    distances: (periods, columns), each to the nearest of the two periods before. floor: the least
    spread of a column, so that one which never moved does not alarm at the first move. With n
    periods the chance of a false alarm is about 5 %, or 1/n where n is below 20. Measured: 3.5 to
    6.5 % for independent, autocorrelated, wandering, trending, seasonal and heavy-tailed periods.
    """
    standing = _standing(distances, floor=floor)
    most = standing.max(axis=1)
    n = len(most)
    p = (1 + int((most[:-1] >= most[-1]).sum())) / n
    return Rank(p, max(ALPHA, 1 / n), standing[-1], float(most[:-1].max()))


def _standing(distances: Numbers, *, floor: float) -> Numbers:
    """Return distances less the usual one, in units of the way from there to the ninth decile."""
    usual = np.median(distances, axis=0)
    spread = np.quantile(distances, 0.9, axis=0) - usual
    standing: Numbers = (distances - usual) / np.maximum(spread, floor)
    return standing
