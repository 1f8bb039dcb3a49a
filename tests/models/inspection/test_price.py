"""The day's price spends the hours there are where they avert most, whatever the lines."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inspection import lanes, policy
from models.inspection.price import LEAST, price

Amounts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Day:
    """The lines of a day, and the hours there are for them."""

    gains: Amounts
    efforts: Amounts
    floors: Amounts
    hours: float

    @property
    def price(self) -> float:
        return price(self.gains, self.efforts, floors=self.floors, hours=self.hours)

    def spent(self, price: float) -> float:
        """The expected hours when every line whose gain reaches a price is certain."""
        return float(np.where(self.gains >= price, self.efforts, self.floors * self.efforts).sum())


@st.composite
def days(draw: st.DrawFn) -> Day:
    count = draw(st.integers(0, 30))
    gain = st.sampled_from([0.1, 0.5, 0.5, 2.0]) | st.floats(1e-6, 1e4)  # no likelihood is zero
    line = st.tuples(gain, st.sampled_from([0.5, 1.0, 2.0, 4.0]), st.floats(0.001, 1))
    lines = draw(st.lists(line, min_size=count, max_size=count))
    columns = np.array(lines, float).reshape(-1, 3).T
    gains, efforts, floors = columns
    return Day(gains, efforts, floors, draw(st.floats(0, 200)))


@given(days())
def test_expected_hours_never_exceed_the_capacity_but_for_the_floors(day: Day) -> None:
    least = float(np.dot(day.floors, day.efforts))
    assert day.spent(day.price) <= max(day.hours, least) + 1e-9


@given(days())
def test_one_more_line_would_exceed_the_capacity(day: Day) -> None:
    left = day.gains < day.price
    if left.any():
        next_best = day.gains[left].max()
        assert day.spent(next_best) > day.hours - 1e-9


@given(days(), st.floats(0, 100))
def test_more_hours_never_raise_the_price(day: Day, more: float) -> None:
    richer = Day(day.gains, day.efforts, day.floors, day.hours + more)
    assert richer.price <= day.price


@given(days())
def test_the_order_of_lines_is_irrelevant(day: Day) -> None:
    turned = Day(day.gains[::-1], day.efforts[::-1], day.floors[::-1], day.hours)
    assert turned.price == pytest.approx(day.price)


@given(days())
def test_a_price_is_positive_and_finite_so_that_a_plan_can_hold_it(day: Day) -> None:
    assert 0 < day.price < np.inf


def test_no_lines_or_hours_for_all_let_every_line_be_certain() -> None:
    nothing = np.empty(0)
    assert price(nothing, nothing, floors=nothing, hours=5) == LEAST
    assert price(np.ones(3), np.ones(3), floors=np.zeros(3), hours=3) == LEAST


def test_where_the_floors_take_more_than_the_hours_no_line_is_certain() -> None:
    gains = np.array([5.0, 1.0])
    assert price(gains, np.ones(2), floors=np.full(2, 0.9), hours=0) > 5


def test_the_lines_that_avert_most_an_hour_are_certain_first() -> None:
    gains, efforts = np.array([1.0, 9.0, 4.0]), np.array([1.0, 4.0, 2.0])
    at = price(gains, efforts, floors=np.zeros(3), hours=6)
    assert 1 < at <= 4
    ours = policy.load()
    assert lanes.inclusion(ours, gain=4.0, level="low", price=at) == 1
    assert lanes.inclusion(ours, gain=1.0, level="low", price=at) == ours.floors["low"]
