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
        inside = (moments >= pd.Timestamp(self.start)) & (moments < pd.Timestamp(self.end))
        return inside.to_numpy(bool)


def later_fold(moments: pd.Series, *, share: float, gap: timedelta) -> tuple[Mask, Mask]:
    """Return (fit, later): the last share of rows in time, and those before it less a gap.

    Rows of one moment are never split, and the first moment always fits. The gap is dropped when
    nothing would be left to fit. ``Invalid`` where all rows are of one moment.
    """
    if moments.nunique() < 2:
        raise Invalid(f"{len(moments)} rows cannot be parted in time; give rows of two moments")
    cut = moments.sort_values().iloc[int(len(moments) * (1 - share))]
    cut = max(cut, moments[moments > moments.min()].min())
    later = (moments >= cut).to_numpy(bool)
    fit = (moments < cut - gap).to_numpy(bool)
    return (fit if fit.any() else ~later), later


def rolling_origins(until: datetime, *, folds: int, length: timedelta) -> Iterator[Period]:
    """Yield consecutive test periods of one length, oldest first, the last ending ``until``."""
    for back in range(folds, 0, -1):
        yield Period(until - back * length, until - (back - 1) * length)
