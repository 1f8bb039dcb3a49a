"""Periods: stretches of equal length back from a moment, and a sample of lines in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.monitoring.ranks import BACK, LEAST, PERIODS
from models.splits import Period

SHORTER = (
    30,
    14,
    7,
)  # days: tried where the history has not enough periods of the length asked for
MOST = 2_000  # lines of a period that are looked at
FEWEST = 50  # a period with fewer lines is left out
NEEDED = PERIODS + BACK


@dataclass(frozen=True)
class Sampled:
    """Periods, oldest first and the last one watched, with as many lines of each.

    lines: (periods, lines) positions in the series that was asked.
    """

    days: int
    periods: tuple[Period, ...]
    lines: npt.NDArray[np.intp]

    @property
    def enough(self) -> bool:
        """Whether there are periods enough to say anything."""
        return len(self.periods) >= LEAST + BACK


def layout(as_of: datetime, *, since: datetime, days: int) -> tuple[int, tuple[Period, ...]]:
    """Return the length in days and the periods that fit between two moments, oldest first.

    The length asked for, or a shorter one (30, 14, 7 days) that has the 22 periods needed; where
    none has, the shortest. A period never begins before ``since``.
    """
    told = (as_of - since) / timedelta(days=1)
    lengths = [days, *(d for d in SHORTER if d < days)]
    length = next((d for d in lengths if told >= NEEDED * d), lengths[-1])
    count = min(NEEDED, int(told // length))
    ends = [as_of - i * timedelta(days=length) for i in range(count)]
    return length, tuple(Period(end - timedelta(days=length), end) for end in reversed(ends))


def sample(declared_at: pd.Series, *, as_of: datetime, days: int, seed: int) -> Sampled:
    """Return a sample of lines from each period, equally many, so that no size makes a distance.

    declared_at: aware moments, all before ``as_of``. Periods with fewer than 50 lines are left out;
    where the watched one has fewer there is none at all.
    """
    nothing = Sampled(days, (), np.empty((0, 0), np.intp))
    if declared_at.empty:
        return nothing
    days, made = layout(as_of, since=declared_at.min().to_pydatetime(), days=days)
    inside = [np.flatnonzero(period.holds(declared_at)) for period in made]
    if not inside or len(inside[-1]) < FEWEST:
        return Sampled(days, (), nothing.lines)
    kept = [i for i, lines in enumerate(inside) if len(lines) >= FEWEST]
    drawn = _drawn([inside[i] for i in kept], np.random.default_rng(seed))
    return Sampled(days, tuple(made[i] for i in kept), drawn)


def _drawn(
    inside: Sequence[npt.NDArray[np.intp]], rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """Return as many lines of each period as the smallest has."""
    size = min(MOST, *(len(lines) for lines in inside)) if inside else 0
    return np.stack([np.sort(rng.choice(lines, size, replace=False)) for lines in inside])
