"""Sizes of samples leak least of all sizes with as many units, and use every unit."""

import itertools
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from features.errors import Invalid
from models.inspection.allocation.leakage import leakage
from models.inspection.allocation.samples import Consignments, sample, sizes_at
from tests.models.inspection.allocation import solvers

FRESH = Path(
    os.environ.get("YUJING_DATA", "../shared/data"), "risk/border_biosecurity/fresh_produce.csv.gz"
)
Counts = npt.NDArray[np.int64]
SHAPE = st.sampled_from([0.1, 1.0]) | st.floats(0.01, 20)


@st.composite
def consignments(draw: st.DrawFn, *, rows: int, largest: int) -> Consignments:
    """Consignments of which some are alike, with sizes that may be fractions."""
    size = st.integers(1, largest) | st.floats(1, largest)
    weight = st.sampled_from([1.0, 1.0, 3.0]) | st.floats(0.01, 100)
    line = st.tuples(SHAPE, SHAPE, size, weight, st.integers(0, 2), st.integers(0, largest))
    told = draw(st.lists(line, min_size=1, max_size=rows))
    a, b, n, w, least, most = (np.array(column, float) for column in zip(*told, strict=True))
    least = np.minimum(least, np.minimum(most, np.floor(n)))
    return Consignments(a, b, n, w, least.astype(np.int64), most.astype(np.int64))


def leaks(told: Consignments, sizes: Counts) -> float:
    return solvers.leaks(told, sizes.astype(float))


def by_hand(told: Consignments, units: int) -> float:
    """The least leakage of all sizes within the bounds that take at most the units."""
    ranges = [range(a, b + 1) for a, b in zip(told.least, told.limit, strict=True)]
    choices = (np.array(sizes) for sizes in itertools.product(*ranges) if sum(sizes) <= units)
    return min(leaks(told, sizes) for sizes in choices)


def by_programming(told: Consignments, units: int) -> float:
    """The least leakage of exactly so many units, by dynamic programming."""
    best = np.full(units + 1, np.inf)
    best[0] = 0.0
    for i in range(len(told.a)):
        n = np.arange(told.least[i], told.limit[i] + 1)
        cost = told.weight[i] * leakage(told.a[i], told.b[i], n=n.astype(float), size=told.size[i])
        before, best = best, np.full(units + 1, np.inf)
        for size, each in zip(n.tolist(), cost.tolist(), strict=True):
            rest = units + 1 - size
            best[size:] = np.minimum(best[size:], before[: max(rest, 0)] + each)
    return float(best[units])


@given(consignments(rows=3, largest=6), st.integers(0, 20))
def test_no_sizes_leak_less(told: Consignments, units: int) -> None:
    assume(told.least.sum() <= units)
    sizes = sample(told, units=units).sizes
    assert leaks(told, sizes) == pytest.approx(by_hand(told, units), rel=1e-9, abs=1e-12)


@given(consignments(rows=12, largest=60), st.floats(0, 1))
def test_no_sizes_of_as_many_units_leak_less(told: Consignments, part: float) -> None:
    room = int(told.limit.sum() - told.least.sum())
    units = int(told.least.sum()) + int(part * room)
    sizes = sample(told, units=units).sizes
    assert leaks(told, sizes) == pytest.approx(by_programming(told, units), rel=1e-9, abs=1e-12)


def test_whole_sizes_leak_hardly_more_than_those_of_a_general_solver() -> None:
    rng = np.random.default_rng(3)
    a, b, weight = rng.uniform(0.05, 0.5, 60), rng.uniform(5, 200, 60), rng.uniform(0.5, 2, 60)
    size = rng.uniform(5e3, 1e6, 60)
    told = Consignments(a, b, size, weight, np.zeros(60, np.int64), np.full(60, 10**9))
    best = solvers.leaks(told, solvers.sizes(told, 60 * 2_000))
    assert leaks(told, sample(told, units=60 * 2_000).sizes) == pytest.approx(best, rel=1e-6)


@given(consignments(rows=12, largest=10**7), st.integers(0, 10**8))
def test_every_unit_is_used_within_the_bounds(told: Consignments, units: int) -> None:
    assume(told.least.sum() <= units)
    sizes = sample(told, units=units).sizes
    assert sizes.sum() == min(units, told.limit.sum())
    assert (sizes >= told.least).all()
    assert (sizes <= told.limit).all()


@given(consignments(rows=12, largest=10**6), st.integers(0, 10**7))
def test_the_price_alone_gives_the_sizes_and_their_ties(told: Consignments, units: int) -> None:
    assume(told.least.sum() <= units)
    found = sample(told, units=units)
    at_price = sizes_at(told, price=found.price)
    dearer = sizes_at(told, price=float(np.nextafter(found.price, np.inf)))
    assert (dearer <= found.sizes).all()
    assert (found.sizes <= at_price).all()


@given(consignments(rows=5, largest=10**6), st.floats(1e-9, 1e3), st.floats(1, 10))
def test_a_higher_price_takes_fewer_units(told: Consignments, price: float, more: float) -> None:
    cheap, dear = sizes_at(told, price=price), sizes_at(told, price=price * more)
    assert (dear <= cheap).all()


@given(consignments(rows=5, largest=10**5), st.floats(1e-6, 10))
def test_one_consignment_at_a_price_is_as_among_others(told: Consignments, price: float) -> None:
    together = sizes_at(told, price=price)
    for i, size in enumerate(together):
        alone = Consignments(*(column[i : i + 1] for column in vars(told).values()))
        assert sizes_at(alone, price=price)[0] == size


def alike(count: int, *, size: float = 500.0) -> Consignments:
    a, b, sizes, weight = (np.full(count, value) for value in (0.2, 30.0, size, 1.0))
    return Consignments(a, b, sizes, weight, np.zeros(count, np.int64), np.full(count, 10**6))


def test_units_left_among_equals_go_one_each_and_all_are_used() -> None:
    sizes = sample(alike(1_000), units=20_301).sizes
    assert np.unique(sizes, return_counts=True)[0].tolist() == [20, 21]
    assert sizes.sum() == 20_301


def test_no_units_and_units_for_all() -> None:
    told = alike(3, size=4.9)
    none, everything = sample(told, units=0), sample(told, units=99)
    assert none.sizes.tolist() == [0, 0, 0]
    assert sizes_at(told, price=none.price).tolist() == [0, 0, 0]
    assert everything.sizes.tolist() == [4, 4, 4]
    assert sizes_at(told, price=everything.price).tolist() == [4, 4, 4]
    nothing = Consignments(*(column[:0] for column in vars(told).values()))
    assert sample(nothing, units=5).sizes.tolist() == []


def test_least_sizes_that_take_more_than_the_units_are_refused() -> None:
    told = alike(3)
    least = Consignments(told.a, told.b, told.size, told.weight, np.full(3, 400), told.most)
    with pytest.raises(Invalid, match="the least sizes take 1,200 units of 900"):
        sample(least, units=900)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a", 0.0),
        ("b", np.nan),
        ("size", 0.0),
        ("weight", np.inf),
        ("weight", 0.0),
        ("least", -1),
        ("least", 501),
    ],
)
def test_what_no_consignment_can_be_is_refused(name: str, value: float) -> None:
    columns = {key: column.copy() for key, column in vars(alike(2)).items()}
    columns[name][1] = value
    with pytest.raises(Invalid, match=f"{name} of consignment 1 is {value}"):
        Consignments(**columns)


def test_columns_of_other_lengths_are_refused() -> None:
    columns = vars(alike(2)) | {"a": np.ones(3)}
    with pytest.raises(Invalid, match="one length"):
        Consignments(**columns)


@pytest.mark.parametrize("price", [-1.0, np.nan, np.inf])
def test_a_price_that_cannot_be_is_refused(price: float) -> None:
    with pytest.raises(Invalid, match="the price of a unit is"):
        sizes_at(alike(1), price=price)


@pytest.mark.skipif(not FRESH.exists(), reason=f"{FRESH} is not here")
def test_published_consignments_leak_as_the_published_optimum() -> None:
    rows = pd.read_csv(FRESH)
    a, b, size = (rows[name].to_numpy(float) for name in ("a", "b", "N"))
    count = len(rows)
    told = Consignments(
        a, b, size, np.ones(count), np.zeros(count, np.int64), np.full(count, 10**9)
    )
    before = leaks(told, np.full(count, 600))
    sizes = sample(told, units=600 * count).sizes
    assert before == pytest.approx(60_685.9, abs=0.05)
    assert leaks(told, sizes) / before == pytest.approx(0.6163, abs=0.00005)
    assert sizes.sum() == 2_970_000
