"""Splits in time: the past trains, a gap lets labels ripen, the future judges."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import Invalid

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Period:
    """A half-open stretch of time: ``[start, end)``."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse an empty period."""
        if self.start >= self.end:
            raise Invalid(f"the period from {self.start} until {self.end} is empty; swap its ends")

    def holds(self, moments: pd.Series) -> Mask:
        """Return which moments lie in the period."""
        return between(moments, since=self.start, until=self.end)


@dataclass(frozen=True)
class Fold:
    """Rows to fit and rows to judge, all of which come later."""

    fit: Mask
    later: Mask


def between(moments: pd.Series, *, since: datetime, until: datetime) -> Mask:
    """Return which moments are at ``since`` or later, and before ``until``; none when swapped."""
    inside = (moments >= pd.Timestamp(since)) & (moments < pd.Timestamp(until))
    return inside.to_numpy(bool)


def later_folds(moments: pd.Series, *, folds: int, share: float, gap: timedelta) -> list[Fold]:
    """Return folds whose later parts are consecutive shares of the rows, oldest first.

    Each is fitted on everything before its later part, less a gap. Rows of one moment are never
    split. A fold with nothing to fit is left out; where all would be, the gap is dropped and the
    last share is judged. ``Invalid`` where all rows are of one moment.
    """
    if moments.nunique() < 2:
        raise Invalid(f"{len(moments)} rows cannot be parted in time; give rows of two moments")
    ordered = moments.sort_values(ignore_index=True)
    last = len(ordered)
    starts = [ordered.iloc[max(0, int(last * (1 - share * n)))] for n in range(folds, 0, -1)]
    ends = [*starts[1:], ordered.iloc[-1] + pd.Timedelta(1, "ms")]
    made = [_fold(moments, a, end=b, gap=gap) for a, b in zip(starts, ends, strict=True)]
    usable = [fold for fold in made if fold.fit.any() and fold.later.any()]
    if usable:
        return usable
    cut = max(starts[-1], moments[moments > moments.min()].min())
    return [_fold(moments, cut, end=ends[-1], gap=timedelta(0))]


def latest(moments: pd.Series, *, most: int) -> Mask:
    """Return the latest rows, at most so many and those of the same moment."""
    if len(moments) <= most:
        return np.ones(len(moments), bool)
    bound = moments.sort_values(ascending=False).iloc[most - 1]
    chosen: Mask = (moments >= bound).to_numpy(bool)
    return chosen


def _fold(moments: pd.Series, start: pd.Timestamp, *, end: pd.Timestamp, gap: timedelta) -> Fold:
    later = (moments >= start) & (moments < end)
    return Fold((moments < start - gap).to_numpy(bool), later.to_numpy(bool))


def rolling_origins(until: datetime, *, folds: int, length: timedelta) -> Iterator[Period]:
    """Yield consecutive test periods of one length, oldest first, the last ending ``until``."""
    for back in range(folds, 0, -1):
        yield Period(until - back * length, until - (back - 1) * length)
