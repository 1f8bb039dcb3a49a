"""Bounds of shares hold the truth, also where lines of one enterprise are alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.ratios import clustered, effective, share


@pytest.mark.parametrize(("base", "alike"), [(0.02, 3), (0.1, 3), (0.1, 1_000), (0.5, 3)])
def test_the_bounds_of_a_share_hold_the_true_one(base: float, alike: float) -> None:
    """alike: the lower, the more the enterprises differ; their mean is the base."""
    held, rounds = 0, 300
    for seed in range(rounds):
        chance = np.random.default_rng(seed)
        group = np.repeat(np.arange(80), 1 + chance.poisson(8, 80))
        of = chance.beta(base * alike, (1 - base) * alike, 80)[group]
        failed = (chance.random(len(group)) < of).astype(float)
        held += share(failed, np.ones(len(group)), group=group).holds(base)
    assert held / rounds >= (0.9 if base < 0.05 else 0.93)  # few enterprises have all failures


def test_none_and_all_have_bounds_too() -> None:
    group = np.arange(40)
    none = share(np.zeros(40), np.ones(40), group=group)
    every = share(np.ones(40), np.ones(40), group=group)
    assert (none.value, none.low) == (0, 0)
    assert 0.05 < none.high < 0.15  # the rule of three, for both tails
    assert (every.value, every.high) == (1, 1)
    assert every.low == pytest.approx(1 - none.high)


def test_forty_lines_of_one_enterprise_tell_as_much_as_one() -> None:
    alone = share(np.zeros(40), np.ones(40), group=np.zeros(40, np.intp))
    assert alone.high > 0.9


def test_of_nothing_nothing_is_known() -> None:
    found = share(np.zeros(3), np.zeros(3), group=np.arange(3))
    assert np.isnan([found.value, found.low, found.high]).all()


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 9), st.integers(0, 4)), min_size=1))
def test_bounds_enclose_the_share(rows: list[tuple[bool, float, int]]) -> None:
    part, whole, group = (np.array(column) for column in zip(*rows, strict=True))
    found = share(part * whole, whole, group=group)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.value == pytest.approx(np.average(part, weights=whole))


def test_enterprises_of_unlike_size_count_as_fewer() -> None:
    assert effective(np.ones(6), np.array([0, 0, 1, 1, 2, 2])) == pytest.approx(3)
    assert 1 < effective(np.array([9.0, 1, 1]), np.arange(3)) < 2
    assert effective(np.zeros(2), np.arange(2)) == 0


def test_lines_that_are_alike_count_once_in_the_variance() -> None:
    alone = clustered(np.array([1.0, -1, 1, -1]), np.arange(4))
    pairs = clustered(np.array([1.0, 1, -1, -1]), np.array([0, 0, 1, 1]))
    assert alone == pytest.approx(4 * 4 / 3)
    assert pairs == pytest.approx((4 + 4) * 2)
