"""A day's hours last the day, and a month's are spent, however lines come."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import Invalid
from features.spent import Spent
from models.inspection.allocation import steer as steering
from models.inspection.allocation.allocate import (
    LEAST,
    LEAST_FLOOR_SHARE,
    Lines,
    allocate,
    probabilities,
)
from models.inspection.allocation.steer import (
    CARRIED,
    KEPT,
    LEAST_GIVEN,
    MOST_GIVEN,
    Day,
    at,
    curve,
    owed,
    profile,
    steer,
)
from tests.models.inspection.allocation import arrivals
from tests.models.inspection.allocation.arrivals import Port, Worked

EVEN = tuple((hour + 1) / 24 for hour in range(24))
MOMENTS = st.floats(0, 23.999)
NOTHING = Lines(*(np.empty(0) for _ in range(4)))


@st.composite
def lines(draw: st.DrawFn) -> Lines:
    gain = st.sampled_from([0.1, 0.5, 0.5, 2.0]) | st.floats(1e-3, 1e3)
    line = st.tuples(gain, st.sampled_from([1.0, 2.0, 4.0]), st.sampled_from([0.02, 0.1, 0.3]))
    told = np.array(draw(st.lists(line, min_size=1, max_size=40)), float)
    gain, effort, floor = told.T.copy()
    return Lines(gain, effort, floor, np.ones(len(told)))


@st.composite
def days(draw: st.DrawFn) -> Day:
    told = draw(lines())
    hours = draw(st.floats(0, 100))
    return Day(hours, draw(st.floats(0, 300)), curve(told, points=64), EVEN)


@st.composite
def spent(draw: st.DrawFn) -> Spent:
    told = (draw(st.floats(0, 120)) for _ in range(3))
    return Spent(draw(st.integers(0, 400)), *told)


@given(lines(), st.floats(0, 1))
def test_a_curve_says_what_the_allocation_finds(told: Lines, part: float) -> None:
    floors, full = (float(told.effort @ chance) for chance in (told.floor, told.ceiling))
    hours = floors + part * (full - floors)
    by_curve = at(curve(told, points=64), max(hours / len(told.gain), floors / len(told.gain)))
    exact = probabilities(told, allocate(told, hours=hours))
    assert probabilities(told, by_curve) == pytest.approx(exact, abs=1e-6)


def test_of_many_prices_some_tell_nearly_what_all_would() -> None:
    rng = np.random.default_rng(0)
    effort = rng.choice([1.0, 2.0, 4.0], 20_000)
    gain = np.where(rng.random(20_000) < 0.3, 0.5, rng.gamma(0.5, 1.0, 20_000))
    told = Lines(gain, effort, np.full(20_000, 0.02), np.ones(20_000))
    few = curve(told, points=64)
    assert len(few) <= 2 * 64 + 2
    for rate in np.geomspace(few[0][0], few[-1][0], 200)[:-1]:
        takes = float(effort @ probabilities(told, at(few, float(rate)))) / 20_000
        assert takes == pytest.approx(rate, rel=0.05)
    assert {price for _, price in few} >= {0.5}  # the tie of a third of the lines


@given(lines(), st.integers(2, 64))
def test_a_curve_falls_as_hours_rise(told: Lines, points: int) -> None:
    rates, prices = zip(*curve(told, points=points), strict=True)
    assert list(rates) == sorted(rates)
    assert list(prices) == sorted(prices, reverse=True)
    assert prices[-1] == LEAST
    assert prices[0] > told.gain.max()


def test_without_lines_everything_is_inspected() -> None:
    day = Day(5.0, 0.0, curve(NOTHING, points=8), profile(np.empty(0, int)))
    now = steer(day, Spent(), hour=12)
    assert (now.allocation.price, now.allocation.share) == (LEAST, 1.0)
    assert day.profile == pytest.approx(EVEN)


def test_a_profile_is_the_share_that_has_come_by_the_end_of_each_hour() -> None:
    told = profile(np.array([8, 8, 9, 17]))
    assert told[7:10] == (0.0, 0.5, 0.75)
    assert told[16:] == (0.75, *[1.0] * 7)
    assert steering.come(told, 8.5) == 0.25
    assert steering.come(told, 0.0) == 0.0


@given(days(), spent(), MOMENTS)
def test_a_price_can_be_published_at_every_moment(day: Day, told: Spent, hour: float) -> None:
    now = steer(day, told, hour=hour)
    assert 0 < now.allocation.price < math.inf
    assert 0 <= now.allocation.share <= 1
    assert LEAST_FLOOR_SHARE <= now.allocation.floor_share <= 1
    assert now == steer(day, told, hour=hour)
    assert 0 <= now.asked <= day.curve[-1][0]


@given(days(), spent(), MOMENTS, st.floats(0, 50))
def test_the_more_is_spent_the_less_is_asked(
    day: Day, told: Spent, hour: float, more: float
) -> None:
    dearer = steer(day, told._replace(hours=told.hours + more), hour=hour)
    assert dearer.asked <= steer(day, told, hour=hour).asked + 1e-12


@given(days(), spent(), MOMENTS, st.integers(0, 300))
def test_the_busier_the_day_the_less_is_asked(
    day: Day, told: Spent, hour: float, more: int
) -> None:
    busier = steer(day, told._replace(lines=told.lines + more), hour=hour)
    assert busier.asked <= steer(day, told, hour=hour).asked + 1e-12


@given(days(), spent(), MOMENTS)
def test_no_line_is_given_more_than_is_left_but_for_its_part_of_a_late_hour(
    day: Day, told: Spent, hour: float
) -> None:
    known = told._replace(asked=told.expected)  # as much as was asked of the curve
    share = steering.come(day.profile, hour)
    usual = day.hours / (1 + steering.in_all(day, told.lines, share=share))
    left = max(0.0, day.hours - told.hours)
    least = LEAST_FLOOR_SHARE * day.curve[0][0] + LEAST_GIVEN * usual
    now = steer(day, known, hour=hour)
    assert now.asked <= max(min(left, MOST_GIVEN * usual), usual, least) + 1e-9


@given(days(), MOMENTS)
def test_a_day_without_hours_left_keeps_part_of_its_floors(day: Day, hour: float) -> None:
    share = steering.come(day.profile, hour)
    usual = day.hours / (1 + steering.in_all(day, 100, share=share))
    now = steer(day, Spent(100, day.hours + 1, 0, 0), hour=hour)
    room = min(1.0, usual / day.curve[0][0])
    assert now.allocation.floor_share == pytest.approx(max(LEAST_FLOOR_SHARE, KEPT * room))


def test_the_riskiest_lines_of_a_late_hour_are_inspected_though_the_hours_are_gone() -> None:
    gain = np.arange(100.0, 0.0, -1.0)
    told = Lines(gain, np.ones(100), np.full(100, 0.1), np.ones(100))
    day = Day(50.0, 100.0, curve(told, points=100), EVEN)
    late = steer(day, Spent(90, 55.0, 55.0, 55.0), hour=21.6).allocation
    chance = probabilities(told, late)
    assert (chance[:5] == 1.0).all()  # a tenth of half an hour for each of 100 lines
    assert chance[15:] == pytest.approx(KEPT * 0.1)


def test_lines_that_take_more_than_the_curve_says_make_it_ask_less() -> None:
    told = Lines(np.array([1.0, 0.5]), np.ones(2), np.full(2, 0.1), np.ones(2))
    day = Day(50.0, 100.0, curve(told, points=64), EVEN)
    as_said = steer(day, Spent(50, 25.0, 25.0, 25.0), hour=12).asked
    assert as_said == pytest.approx(25 / 51)
    more = steer(day, Spent(50, 25.0, 25.0, 20.0), hour=12).asked
    assert more == pytest.approx(as_said * 35 / 40)


def test_a_day_with_few_lines_by_noon_is_judged_between_the_plan_and_the_count() -> None:
    day = Day(50.0, 200.0, ((0.1, 2.0), (1.0, LEAST)), EVEN)
    assert steering.in_all(day, 100, share=0.5) == pytest.approx(200)
    assert 100 < steering.in_all(day, 50, share=0.5) < 200
    assert steering.in_all(day, 50, share=0.5) == pytest.approx(200 * (100 + 50) / (100 + 100))


@given(st.floats(0, 1e4), st.floats(-1e5, 1e5))
def test_a_day_makes_good_only_part_of_its_capacity(capacity: float, balance: float) -> None:
    hours = owed(capacity, balance=balance)
    assert (1 - CARRIED) * capacity <= hours <= (1 + CARRIED) * capacity
    if abs(balance) <= CARRIED * capacity:
        assert hours == capacity + balance


GOOD = Day(8.0, 10.0, ((0.1, 2.0), (1.0, LEAST)), EVEN)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"hours": -1.0}, "hours of a day is -1"),
        ({"hours": math.nan}, "hours of a day is nan"),
        ({"expected_lines": math.inf}, "expected_lines of a day is inf"),
        ({"curve": ()}, "the curve"),
        ({"curve": ((1.0, 2.0), (0.5, 1.0))}, "the curve"),
        ({"profile": EVEN[1:]}, "the profile"),
        ({"profile": (0.5, 0.4, *EVEN[2:])}, "the profile"),
        ({"profile": (*EVEN[:-1], 1.1)}, "the profile"),
    ],
)
def test_a_day_that_cannot_be_is_refused(changed: dict[str, object], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        replace(GOOD, **changed)  # type: ignore[arg-type]


# A month of simulated days at ports of several sizes

PORTS = {"small": Port(40, 150), "middle": Port(120, 400), "large": Port(400, 1_300)}
SEED = 7


@pytest.fixture(scope="module", params=PORTS)
def port(request: pytest.FixtureRequest) -> Port:
    return PORTS[request.param]


@pytest.fixture(scope="module")
def came(port: Port) -> list[arrivals.Came]:
    return arrivals.days(port, np.random.default_rng(SEED))


@pytest.fixture(scope="module")
def month(port: Port, came: list[arrivals.Came]) -> list[Worked]:
    return arrivals.month(port, came, rng=np.random.default_rng(SEED))


def test_the_month_spends_its_hours(month: list[Worked]) -> None:
    capacity = sum(day.capacity for day in month)
    assert sum(day.hours for day in month) == pytest.approx(capacity, rel=0.02)


def test_most_days_are_near_their_capacity(month: list[Worked]) -> None:
    off = [abs(day.hours - day.capacity) / day.capacity for day in month]
    assert np.median(off) < 0.15
    assert np.quantile(off, 0.9) < 0.4


def shares(day: Worked) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hours of inspection expected and done in each hour, and the hour's part of the capacity."""
    lines = day.by_hour(np.ones(len(day.chance)))
    effort = day.came.lines.effort
    part = day.capacity * lines / lines.sum()
    return day.by_hour(effort * day.chance), day.by_hour(effort * day.drawn), part


def test_no_hour_of_a_day_is_starved(
    port: Port, came: list[arrivals.Came], month: list[Worked]
) -> None:
    """An hour that should have five hours of inspection has some, and lines are drawn."""
    expected, drawn, part = hours(month)
    busy = part >= 5
    assert busy.sum() > 40
    assert expected[busy].min() > 0
    assert (expected[busy] > 0.1 * part[busy]).mean() > 0.97
    assert (drawn[busy] > 0).mean() > 0.85
    assert (drawn[part >= 20] > 0).all()
    fixed = arrivals.fixed(port, came, spend=1.0, rng=np.random.default_rng(SEED))
    _, before, _ = hours(fixed)
    assert (before[busy] > 0).mean() < (drawn[busy] > 0).mean()


def test_the_riskiest_lines_of_any_hour_are_inspected(month: list[Worked]) -> None:
    gain = np.concatenate([day.came.lines.gain for day in month])
    chance = np.concatenate([day.chance for day in month])
    assert chance[gain >= np.quantile(gain, 0.999)].min() == 1.0


def hours(month: list[Worked]) -> np.ndarray:
    """Return what ``shares`` does for all hours of a month, side by side: (3, hours)."""
    return np.concatenate([np.stack(shares(day)) for day in month], axis=1)


def test_over_the_month_every_hour_has_its_share(month: list[Worked]) -> None:
    expected, _, part = np.sum([np.stack(shares(day)) for day in month], axis=0)
    there = part > 0
    assert (expected[there] > 0.5 * part[there]).all()
    assert (expected[there] < 2 * part[there]).all()


def test_no_less_harm_is_averted_than_at_a_fixed_price_in_the_same_hours(
    port: Port, came: list[arrivals.Came], month: list[Worked]
) -> None:
    """Whatever the price of the morning spends: it stands until the day's hours are gone."""
    averted = sum(day.averted for day in month)
    for spend in (1.0, 1.5, 2.0, 3.0):
        fixed = arrivals.fixed(port, came, spend=spend, rng=np.random.default_rng(SEED))
        assert averted > sum(day.averted for day in fixed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_any_month_spends_its_hours(port: Port, seed: int) -> None:
    rng = np.random.default_rng(seed)
    month = arrivals.month(port, arrivals.days(port, rng), rng=rng)
    capacity = sum(day.capacity for day in month)
    assert sum(day.hours for day in month) == pytest.approx(capacity, rel=0.02)
