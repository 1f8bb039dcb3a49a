"""Periods are equally long, lie before the moment, and hold equally many lines."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from models.monitoring.periods import FEWEST, MOST, NEEDED, layout, sample
from models.splits import Period

AS_OF = datetime(2025, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def lines(days: int, *, each: int) -> pd.Series:
    """So many lines on each of the days before the moment."""
    minutes = 1 + np.arange(days * each) * 1440 // each
    moments = pd.Series(AS_OF - pd.to_timedelta(minutes, unit="min"))
    return moments.dt.as_unit("ms").sort_values(ignore_index=True)


@pytest.mark.parametrize(
    ("days", "told", "length", "count"),
    [
        (30, 700, 30, NEEDED),
        (365, 700, 30, NEEDED),
        (30, 400, 14, NEEDED),
        (30, 160, 7, NEEDED),
        (30, 100, 7, 14),
        (10, 700, 10, NEEDED),
        (5, 60, 5, 12),
        (30, 3, 7, 0),
    ],
)
def test_a_short_history_is_parted_into_shorter_periods(
    days: int, told: int, length: int, count: int
) -> None:
    found, periods = layout(AS_OF, since=AS_OF - told * DAY, days=days)
    assert (found, len(periods)) == (length, count)
    assert all(p.end - p.start == length * DAY for p in periods)
    assert all(one.end == other.start for one, other in pairwise(periods))
    assert not periods or periods[-1].end == AS_OF


def test_equally_many_lines_of_each_period_are_drawn_by_the_seed() -> None:
    moments = lines(700, each=5)
    found = sample(moments, as_of=AS_OF, days=30, seed=0)
    assert found.lines.shape == (NEEDED, 150)
    for period, drawn in zip(found.periods, found.lines, strict=True):
        assert period.holds(moments.iloc[drawn]).all()
        assert len(set(drawn)) == len(drawn)
    busy = moments[moments >= AS_OF - 30 * DAY].repeat(3)
    more = pd.concat([moments, busy]).sort_values(ignore_index=True)
    drawn = [sample(more, as_of=AS_OF, days=30, seed=seed).lines for seed in (0, 0, 1)]
    assert (drawn[0] == drawn[1]).all()
    assert (drawn[0] != drawn[2]).any()


def test_no_more_lines_are_looked_at_than_the_cap() -> None:
    assert sample(lines(160, each=400), as_of=AS_OF, days=7, seed=0).lines.shape[1] == MOST


def test_a_period_with_hardly_any_lines_is_left_out() -> None:
    moments = lines(700, each=5)
    holiday = Period(AS_OF - 90 * DAY, AS_OF - 61 * DAY)
    found = sample(moments[~holiday.holds(moments)], as_of=AS_OF, days=30, seed=0)
    assert len(found.periods) == NEEDED - 1
    assert found.enough


def test_too_few_lines_in_the_watched_period_or_none_at_all_leave_nothing() -> None:
    moments = lines(700, each=5)
    quiet = moments[moments < AS_OF - 20 * DAY]
    assert len(quiet[quiet >= AS_OF - 30 * DAY]) >= FEWEST
    assert not sample(moments[moments < AS_OF - 25 * DAY], as_of=AS_OF, days=30, seed=0).enough
    assert not sample(moments[:0], as_of=AS_OF, days=30, seed=0).enough
    assert not sample(moments[-3:], as_of=AS_OF, days=30, seed=0).enough
