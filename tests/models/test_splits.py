from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import Invalid
from models import splits
from tests.worlds import at

STEPS = st.lists(st.integers(0, 60), min_size=2, max_size=40).filter(lambda s: len(set(s)) > 1)


@given(STEPS, st.floats(0.05, 0.9), st.integers(0, 10))
def test_the_past_fits_and_the_future_judges(steps: list[int], share: float, gap: int) -> None:
    moments = pd.Series([at(s) for s in steps])
    folds = splits.later_folds(moments, folds=3, share=share / 3, gap=timedelta(days=gap))
    assert folds
    for fold in folds:
        assert fold.fit.any()
        assert fold.later.any()
        assert moments[fold.fit].max() < moments[fold.later].min()
        assert not set(moments[fold.later]) & set(moments[~fold.later])
    assert np.sum([fold.later for fold in folds], axis=0).max() == 1
    ends = [moments[fold.later].max() for fold in folds]
    assert ends == sorted(ends)
    assert ends[-1] == moments.max()


def test_the_gap_keeps_rows_whose_labels_were_not_ripe_out_of_both() -> None:
    moments = pd.Series([at(2 * day) for day in range(100)])
    (fold,) = splits.later_folds(moments, folds=1, share=0.2, gap=timedelta(days=7))
    assert fold.later.sum() == 20
    assert fold.fit.sum() == 73
    assert not (fold.fit & fold.later).any()


def test_each_fold_judges_what_comes_next() -> None:
    moments = pd.Series([at(day) for day in range(100)])
    folds = splits.later_folds(moments, folds=3, share=0.15, gap=timedelta(0))
    assert [int(fold.later.sum()) for fold in folds] == [15, 15, 15]
    assert [int(fold.fit.sum()) for fold in folds] == [55, 70, 85]


@given(STEPS, st.integers(1, 50))
def test_the_latest_rows_are_a_moment_and_all_after_it(steps: list[int], most: int) -> None:
    moments = pd.Series([at(s) for s in steps])
    chosen = splits.latest(moments, most=most)
    assert chosen.sum() >= min(most, len(moments))
    assert chosen.all() or moments[~chosen].max() < moments[chosen].min()


@pytest.mark.parametrize("steps", [[], [3], [3, 3, 3]])
def test_rows_that_cannot_be_parted_in_time_are_one_clear_error(steps: list[int]) -> None:
    moments = pd.Series([at(s) for s in steps], dtype="datetime64[ms, UTC]")
    with pytest.raises(Invalid, match="two moments"):
        splits.later_folds(moments, folds=3, share=0.15, gap=timedelta(days=7))


def test_rolling_origins_are_consecutive_and_end_where_asked() -> None:
    periods = [*splits.rolling_origins(at(100), folds=3, length=timedelta(days=10))]
    assert periods[-1].end == at(100)
    assert [p.end for p in periods[:-1]] == [p.start for p in periods[1:]]
    assert len(periods) == 3


def test_a_period_is_half_open_and_never_empty() -> None:
    period = splits.Period(at(1), at(3))
    held = period.holds(pd.Series([at(0), at(1), at(2), at(3)]))
    assert list(held) == [False, True, True, False]
    assert held.dtype == np.bool_
    with pytest.raises(Invalid, match="swap its ends"):
        splits.Period(at(3), at(3))


def test_between_two_moments_the_first_counts_and_the_second_does_not() -> None:
    moments = pd.Series([at(step) for step in (10, 11, 15, 16)])
    assert splits.between(moments, since=at(11), until=at(16)).tolist() == [
        False,
        True,
        True,
        False,
    ]
    assert not splits.between(moments, since=at(16), until=at(11)).any()
