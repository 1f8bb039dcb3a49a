"""The allocation is the optimum that a general solver finds, with every hour spent."""

from dataclasses import replace
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import Invalid
from models.inspection.allocation.allocate import (
    LEAST,
    LEAST_FLOOR_SHARE,
    Allocation,
    Lines,
    allocate,
    allocate_by_port,
    probabilities,
)
from tests.models.inspection.allocation import solvers

Amounts = npt.NDArray[np.float64]
NOTHING = Lines(*(np.empty(0) for _ in range(4)))


@st.composite
def lines(draw: st.DrawFn, *, least: int = 1) -> Lines:
    """Lines of which many have the same gain, and some avert nothing."""
    gain = st.sampled_from([0.0, 0.1, 0.5, 0.5, 2.0]) | st.floats(1e-6, 1e4)
    chances = st.tuples(st.floats(0.001, 1), st.floats(0.001, 1)).map(sorted)
    line = st.tuples(gain, st.sampled_from([0.5, 1.0, 2.0, 4.0]), chances)
    told = draw(st.lists(line, min_size=least, max_size=25))
    rows = np.array([(g, e, low, high) for g, e, (low, high) in told], float).reshape(-1, 4)
    return Lines(*rows.T.copy())


HOURS = st.floats(0, 60)


def spent(told: Lines, allocation: Allocation) -> float:
    return float(told.effort @ probabilities(told, allocation))


def averted(told: Lines, chance: Amounts) -> float:
    return float((told.gain * told.effort) @ chance)


@given(lines(), HOURS)
def test_no_more_harm_can_be_averted_in_the_hours(told: Lines, hours: float) -> None:
    enough = max(hours, float(told.effort @ told.floor))
    chance = probabilities(told, allocate(told, hours=enough))
    best = averted(told, solvers.chances(told, enough * (1 + 1e-12)))
    assert averted(told, chance) == pytest.approx(best, rel=1e-6, abs=1e-9)


@given(lines(), HOURS)
def test_all_hours_are_spent_where_lines_can_take_them(told: Lines, hours: float) -> None:
    floors = float(told.effort @ told.floor)
    useful = told.gain > 0
    room = floors + float(told.effort @ ((told.ceiling - told.floor) * useful))
    enough = max(hours, floors)
    assert spent(told, allocate(told, hours=enough)) == pytest.approx(min(enough, room))


@given(lines(), HOURS)
def test_chances_keep_within_their_bounds(told: Lines, hours: float) -> None:
    allocation = allocate(told, hours=hours)
    chance = probabilities(told, allocation)
    assert (chance >= told.floor * allocation.floor_share - 1e-12).all()
    assert (chance <= told.ceiling + 1e-12).all()
    assert 0 < allocation.price < np.inf
    assert 0 <= allocation.share <= 1


@given(lines(), HOURS)
def test_lines_of_one_gain_share_alike(told: Lines, hours: float) -> None:
    same = replace(told, floor=np.full(len(told.gain), 0.001), ceiling=np.ones(len(told.gain)))
    chance = probabilities(same, allocate(same, hours=hours))
    for gain in np.unique(same.gain):
        assert np.ptp(chance[same.gain == gain]) == 0


@given(lines(), st.floats(0, 1))
def test_floors_are_cut_by_one_factor_where_they_take_too_much(told: Lines, part: float) -> None:
    floors = float(told.effort @ told.floor)
    allocation = allocate(told, hours=part * floors * 0.999)
    assert allocation.price > told.gain.max()
    assert allocation.floor_share == pytest.approx(max(LEAST_FLOOR_SHARE, part * 0.999))
    chance = probabilities(told, allocation)
    assert chance == pytest.approx(told.floor * allocation.floor_share)


@given(lines(), HOURS, st.floats(0, 40))
def test_more_hours_inspect_no_line_less(told: Lines, hours: float, more: float) -> None:
    before = probabilities(told, allocate(told, hours=hours))
    after = probabilities(told, allocate(told, hours=hours + more))
    assert (after >= before - 1e-9).all()


@given(lines(), HOURS, st.randoms())
def test_the_order_of_lines_is_irrelevant(told: Lines, hours: float, random: Random) -> None:
    order = random.sample(range(len(told.gain)), len(told.gain))
    mixed = Lines(*(part[order] for part in vars(told).values()))
    before = probabilities(told, allocate(told, hours=hours))
    assert probabilities(mixed, allocate(mixed, hours=hours)) == pytest.approx(before[order])


@given(st.lists(st.tuples(lines(least=0), HOURS), min_size=1, max_size=4), st.randoms())
def test_ports_together_are_as_each_alone(ports: list[tuple[Lines, float]], random: Random) -> None:
    joined = [np.concatenate([vars(told)[name] for told, _ in ports]) for name in vars(NOTHING)]
    codes = np.repeat(np.arange(len(ports)), [len(told.gain) for told, _ in ports])
    order = random.sample(range(len(codes)), len(codes))
    found = allocate_by_port(
        Lines(*(part[order] for part in joined)),
        codes[order],
        hours=np.array([hours for _, hours in ports]),
    )
    for (told, hours), allocation in zip(ports, found, strict=True):
        alone = probabilities(told, allocate(told, hours=hours))
        assert probabilities(told, allocation) == pytest.approx(alone)


def test_the_price_splits_what_is_left_among_its_ties() -> None:
    told = Lines(
        gain=np.array([3.0, 1.0, 1.0, 1.0, 0.5]),
        effort=np.ones(5),
        floor=np.full(5, 0.1),
        ceiling=np.ones(5),
    )
    allocation = allocate(told, hours=2.3)  # floors .5, the first .9, .9 for three of .9
    assert (allocation.price, allocation.floor_share) == (1.0, 1.0)
    assert allocation.share == pytest.approx(1 / 3)
    assert probabilities(told, allocation) == pytest.approx([1, 0.4, 0.4, 0.4, 0.1])


def test_with_hours_for_all_everything_is_inspected() -> None:
    told = Lines(np.array([5.0, 1e-12]), np.ones(2), np.full(2, 0.1), np.full(2, 0.8))
    allocation = allocate(told, hours=1.6)
    assert (allocation.share, allocation.floor_share) == (1.0, 1.0)
    assert probabilities(told, allocation).tolist() == [0.8, 0.8]
    assert allocate(NOTHING, hours=0) == Allocation(LEAST, 1.0, 1.0)


def test_a_line_that_averts_nothing_takes_no_more_than_its_floor() -> None:
    told = Lines(np.array([1.0, 0.0]), np.ones(2), np.full(2, 0.1), np.ones(2))
    allocation = allocate(told, hours=1.5)
    assert probabilities(told, allocation).tolist() == [1.0, 0.1]


GOOD = {"gain": 1.0, "effort": 1.0, "floor": 0.1, "ceiling": 1.0}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gain", -1.0),
        ("gain", np.nan),
        ("gain", np.inf),
        ("effort", 0.0),
        ("effort", np.nan),
        ("effort", np.inf),
        ("floor", 0.0),
        ("floor", np.nan),
        ("ceiling", 1.01),
        ("ceiling", np.nan),
    ],
)
def test_what_no_line_can_be_is_refused(name: str, value: float) -> None:
    columns = {key: np.full(3, number) for key, number in GOOD.items()}
    columns[name][1] = value
    with pytest.raises(Invalid, match=f"{name} 1 is {value}"):
        Lines(**columns)


def test_a_floor_above_its_ceiling_is_refused() -> None:
    with pytest.raises(Invalid, match="floor 0 is"):
        Lines(np.ones(1), np.ones(1), np.full(1, 0.5), np.full(1, 0.4))


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(Invalid, match="one length"):
        Lines(np.ones(2), np.ones(1), np.ones(2), np.ones(2))


@pytest.mark.parametrize("hours", [-1.0, np.nan, np.inf])
def test_hours_that_cannot_be_are_refused(hours: float) -> None:
    with pytest.raises(Invalid, match="hours 0 is"):
        allocate(NOTHING, hours=hours)
    with pytest.raises(Invalid, match="hours 0 is"):
        allocate_by_port(NOTHING, np.empty(0, int), hours=np.array([hours]))


def test_codes_of_ports_that_are_not_there_are_refused() -> None:
    one = Lines(*(np.full(1, value) for value in GOOD.values()))
    for code in (-1, 1):
        with pytest.raises(Invalid, match="codes count from 0"):
            allocate_by_port(one, np.array([code]), hours=np.ones(1))
    with pytest.raises(Invalid, match="1 lines have port codes of shape"):
        allocate_by_port(one, np.zeros(2, int), hours=np.ones(1))
