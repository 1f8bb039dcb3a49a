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
    fit, later = splits.later_fold(moments, share=share, gap=timedelta(days=gap))
    assert fit.any()
    assert later.any()
    assert moments[fit].max() < moments[later].min()
    assert not set(moments[later]) & set(moments[~later])


def test_the_gap_keeps_rows_whose_labels_were_not_ripe_out_of_both() -> None:
    moments = pd.Series([at(2 * day) for day in range(100)])
    fit, later = splits.later_fold(moments, share=0.2, gap=timedelta(days=7))
    assert later.sum() == 20
    assert fit.sum() == 73
    assert not (fit & later).any()


@pytest.mark.parametrize("steps", [[], [3], [3, 3, 3]])
def test_rows_that_cannot_be_parted_in_time_are_one_clear_error(steps: list[int]) -> None:
    moments = pd.Series([at(s) for s in steps], dtype="datetime64[ms, UTC]")
    with pytest.raises(Invalid, match="two moments"):
        splits.later_fold(moments, share=0.15, gap=timedelta(days=7))


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
