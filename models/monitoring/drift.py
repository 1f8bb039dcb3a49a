"""Drift: which features, and whether the likelihood, changed in the last period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from features import declared
from features.build import Rows
from features.feature_set import FeatureSet
from features.plans import Numbers
from models.monitoring import ranks, shares
from models.monitoring.periods import Sampled
from models.monitoring.ranks import BACK, Rank
from models.monitoring.shares import Shares

LIKELIHOOD = "likelihood"
CALENDAR = (declared.declaration_weekday.__name__, declared.declaration_year_day.__name__)
SPREAD = 0.25  # of arcsin(sqrt(share)), times sqrt(2 / lines): what chance alone makes of it


@dataclass(frozen=True)
class Column:
    """What is watched of one feature: shares by period; a number's median before and now."""

    name: str
    shares: Shares
    medians: tuple[float, float] = (np.nan, np.nan)


@dataclass(frozen=True)
class Drift:
    """How the last period stands against those before, over all columns and in each.

    rank: ``None`` where there are too few periods, or too few lines in the last. left_out: features
    that change because time passes.
    """

    sampled: Sampled
    columns: tuple[Column, ...]
    rank: Rank | None
    left_out: tuple[str, ...]

    @property
    def named(self) -> list[Column]:
        """The columns that changed, by how far they stand out."""
        if self.rank is None or not self.rank.alarms:
            return []
        return [self.columns[i] for i in self.order if self.rank.named[i]]

    @property
    def order(self) -> list[int]:
        """The columns from the most unusual down."""
        standing = np.empty(0) if self.rank is None else self.rank.standing
        return [int(i) for i in np.argsort(-standing, kind="stable")]


def drift(sampled: Sampled, rows: Rows, *, likelihood: Numbers) -> Drift:
    """Return which columns changed in the last of several periods.

    rows, likelihood: one for each sampled line, period after period. Left out are the day of the
    week and of the year, and totals since the beginning: they change because time passes. All else
    is compared with the two periods before, so that only a change of pace alarms.
    """
    outside = growing(rows.features)
    if not sampled.enough:
        return Drift(sampled, (), None, outside)
    columns = tuple(_columns(sampled, rows, likelihood=likelihood))
    return judged(sampled, columns, left_out=outside)


def judged(sampled: Sampled, columns: Sequence[Column], *, left_out: tuple[str, ...]) -> Drift:
    """Return the drift of columns whose shares are known."""
    distances = np.column_stack([column.shares.distances() for column in columns])
    floor = SPREAD * float(np.sqrt(2 / sampled.lines.shape[1]))
    return Drift(sampled, tuple(columns), ranks.rank(distances, floor=floor), left_out)


def growing(features: FeatureSet) -> tuple[str, ...]:
    """Return the features that change because time passes: the calendar, totals of all the past."""
    totals = [a.name for a in features.aggregates if a.how in ("count", "sum") and a.window is None]
    return (*(name for name in features.numeric if name in CALENDAR), *totals)


def number(name: str, values: Numbers) -> Column:
    """Return the column of a number: (periods, lines), missing NaN."""
    return Column(
        name, shares.of_numbers(values), (_median(values[-1 - BACK : -1]), _median(values[-1:]))
    )


def _columns(sampled: Sampled, rows: Rows, *, likelihood: Numbers) -> Iterator[Column]:
    shape, outside = sampled.lines.shape, set(growing(rows.features))
    yield number(LIKELIHOOD, likelihood.reshape(shape))
    for name, values in zip(rows.features.names, rows.numbers.T, strict=False):
        if name not in outside:
            yield number(name, values.reshape(shape))
    for name, told in rows.categories.items():
        yield Column(name, shares.of_categories(told, periods=shape[0]))


def _median(values: Numbers) -> float:
    told = values[~np.isnan(values)]
    return float(np.median(told)) if len(told) else np.nan
