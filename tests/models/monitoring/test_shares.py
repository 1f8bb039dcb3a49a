"""Shares add up to one, and a distance says how many lines moved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.monitoring import shares
from models.monitoring.shares import OTHERS, VALUES

NUMBER = st.none() | st.integers(-3, 3).map(float) | st.floats(-1e9, 1e9)


@given(st.lists(st.tuples(*[NUMBER] * 4), min_size=1, max_size=40))
def test_shares_of_numbers_add_up_and_bins_rise(columns: list[tuple[float | None, ...]]) -> None:
    values = np.array(columns, dtype=float).T
    made = shares.of_numbers(values)
    assert np.allclose(made.share.sum(axis=1), 1)
    assert np.allclose(made.share[:, 0], np.isnan(values).mean(axis=1))
    assert made.edges is not None
    assert (np.diff(made.edges) > 0).all()
    assert 0 <= made.moved <= 1 + 1e-9


def test_what_moved_is_the_largest_difference_of_distributions() -> None:
    values = np.array([[1.0, 1, 2, 3], [1, 1, 2, 3], [1, 3, 3, np.nan]])
    made = shares.of_numbers(values)
    assert made.moved == pytest.approx(0.25)
    assert made.before.tolist() == [0, 0.5, 0.25, 0.25]
    assert shares.of_numbers(np.full((3, 4), np.nan)).moved == 0


def test_a_new_value_is_far_though_few_lines_have_it() -> None:
    old = ["VN"] * 50 + ["DE"] * 50
    new = ["KH"] * 5 + ["VN"] * 48 + ["DE"] * 47
    more = ["VN"] * 55 + ["DE"] * 45
    fresh = shares.of_categories([*old, *old, *new], periods=3)
    larger = shares.of_categories([*old, *old, *more], periods=3)
    assert fresh.moved == pytest.approx(larger.moved)
    assert fresh.distances()[0] > 3 * larger.distances()[0]


def test_rare_values_are_one_and_missing_is_its_own() -> None:
    values = [*(f"V{i // 2}" for i in range(2 * VALUES)), *(f"R{i}" for i in range(4)), None, None]
    made = shares.of_categories(values, periods=1)
    assert (made.values[0], made.values[-1]) == ("", OTHERS)
    assert made.share[0, [0, -1]].tolist() == [2 / len(values), 4 / len(values)]


def test_a_period_is_compared_with_the_nearest_of_those_before() -> None:
    one, other = [1.0] * 4, [2.0] * 4
    far = shares.of_numbers(np.array([one, other, one, other])).distances()
    assert far.tolist() == [0, 0]
