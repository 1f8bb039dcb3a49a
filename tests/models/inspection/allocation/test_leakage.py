"""Leakage is the mean that it says, falls ever more slowly, and is exact where it is large."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from features.errors import Invalid
from models.inspection.allocation.leakage import (
    NEAREST,
    averted,
    clustered,
    leakage,
    log_clear,
    log_rise,
)

SHAPES = st.floats(1e-3, 1e3)
WIDE = st.floats(1e-2, 1e6)


def one(value: float) -> np.ndarray:
    return np.array([value], float)


def by_hand(a: float, b: float, *, n: int, size: float) -> float:
    """The expectation with the chance of n clean units as a product."""
    clear = math.fsum(math.log1p(-a / (a + b + j)) for j in range(n))
    return max(0.0, math.exp(clear) * a / (a + b + n) * (size - n))


@given(SHAPES, WIDE, st.integers(0, 400), st.floats(0, 1e7))
def test_it_is_what_multiplying_unit_by_unit_gives(a: float, b: float, n: int, more: float) -> None:
    found = leakage(one(a), one(b), n=one(n), size=one(n + more))[0]
    assert found == pytest.approx(by_hand(a, b, n=n, size=n + more), rel=1e-9, abs=1e-290)


def test_it_is_the_mean_over_the_infested_share() -> None:
    a, b, n, size = 0.3, 40.0, 25, 700.0
    mean, _ = integrate.quad(
        lambda q: (1 - q) ** n * q * (size - n) * stats.beta.pdf(q, a, b), 0, 1
    )
    assert leakage(one(a), one(b), n=one(n), size=one(size))[0] == pytest.approx(mean, rel=1e-6)


@given(SHAPES, WIDE, st.integers(1, 10**6), st.floats(0, 1e9))
def test_each_unit_averts_less_than_the_one_before(a: float, b: float, n: int, more: float) -> None:
    size = one(n + 1 + more)
    first, second = (averted(one(a), one(b), n=one(k), size=size)[0] for k in (n, n + 1))
    assert 0 <= second <= first * (1 + 1e-9)


@given(SHAPES, WIDE, st.integers(1, 300), st.floats(0, 1e4))
def test_what_a_unit_averts_is_the_difference(a: float, b: float, n: int, more: float) -> None:
    size = n + more
    before, after = (by_hand(a, b, n=k, size=size) for k in (n - 1, n))
    found = averted(one(a), one(b), n=one(n), size=one(size))[0]
    assert found == pytest.approx(before - after, rel=1e-6, abs=1e-9 * before + 1e-290)


def test_nothing_leaks_where_all_or_more_is_sampled() -> None:
    a, b = np.full(3, 0.2), np.full(3, 9.0)
    found = leakage(a, b, n=np.array([4.0, 5.0, 6.0]), size=np.full(3, 5.0))
    assert (found > 0).tolist() == [True, False, False]


def test_a_large_consignment_loses_no_digits() -> None:
    """At such sizes logarithms of the gamma function would have none left."""
    for n in (10**12, 10**14):
        ratio = log_clear(one(0.1), one(50.0), n=one(2 * n)) - log_clear(
            one(0.1), one(50.0), n=one(n)
        )
        assert ratio[0] == pytest.approx(-0.1 * math.log(2), rel=1e-9)


@given(st.floats(1e-3, 1e8), st.integers(1, 60))
def test_rises_are_sums_of_logarithms(x: float, by: int) -> None:
    told = math.fsum(math.log(x + j) for j in range(by))
    assert log_rise(one(x), one(by))[0] == pytest.approx(told, rel=1e-12, abs=1e-12)


@given(
    st.floats(1e-6, 1 - 1e-6),
    st.integers(1, 5_000),
    st.floats(1e-2, 50),
)
def test_a_line_as_clustered_fails_with_its_likelihood(p: float, units: int, shape: float) -> None:
    b = clustered(one(p), units=one(units), shape=shape)
    fails = -np.expm1(log_clear(one(shape), b, n=one(units)))
    assert fails[0] == pytest.approx(p, rel=1e-5)


def test_a_likelier_line_is_more_infested() -> None:
    p = np.linspace(0, 1, 50)
    b = clustered(p, units=np.array(60), shape=0.1)
    assert (np.diff(b)[1:-1] < 0).all()
    nearest = clustered(np.array([NEAREST, 1 - NEAREST]), units=np.array(60), shape=0.1)
    assert b[[0, -1]] == pytest.approx(nearest)


@pytest.mark.parametrize(
    ("likelihood", "units", "shape", "message"),
    [
        (-0.1, 1.0, 1.0, "likelihood 0 is -0.1"),
        (1.1, 1.0, 1.0, "likelihood 0 is 1.1"),
        (np.nan, 1.0, 1.0, "likelihood 0 is nan"),
        (0.5, 0.0, 1.0, "units 0 is 0.0"),
        (0.5, np.nan, 1.0, "units 0 is nan"),
        (0.5, 1.0, 0.0, "shape is 0"),
        (0.5, 1.0, np.nan, "shape is nan"),
    ],
)
def test_what_cannot_be_is_refused(
    likelihood: float, units: float, shape: float, message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        clustered(one(likelihood), units=one(units), shape=shape)
