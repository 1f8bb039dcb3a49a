import numpy as np
import pytest

from features.reasons import RiskLevel
from models.inspection import policy
from models.inspection.allocation import leakage, units
from models.inspection.allocation.units import Sampled

POLICY = policy.load()


def lines(count: int, seed: int = 3) -> Sampled:
    rng = np.random.default_rng(seed)
    levels: list[RiskLevel] = [
        ("low", "medium", "high", "serious")[i] for i in rng.integers(0, 4, count)
    ]
    quantity = np.where(rng.random(count) < 0.2, np.nan, rng.integers(1, 5_000, count))
    return Sampled(rng.random(count) * 0.5, rng.integers(1, 5, count), levels, quantity)


def test_a_usual_inspection_fails_with_the_likelihood() -> None:
    told = lines(50)
    asked = units.consignments(POLICY, told)
    clear = np.exp(leakage.log_clear(asked.a, asked.b, n=np.full(50, POLICY.samples.usual)))
    assert 1 - clear == pytest.approx(told.likelihood, abs=1e-6)


def test_the_table_says_what_halving_finds() -> None:
    likelihood = np.array([0.0, 1e-7, 1e-4, 0.02, 0.5, 0.97, 0.99999, 1.0])
    told = Sampled(likelihood, np.ones(8, np.int64), ["low"] * 8, np.full(8, np.nan))
    samples = POLICY.samples
    found = units.consignments(POLICY, told).b
    exact = leakage.clustered(likelihood, units=np.full(8, samples.usual), shape=samples.shape)
    assert np.log(found) == pytest.approx(np.log(exact), abs=1e-4)


def test_sizes_keep_to_the_bounds_of_the_level_and_the_consignment() -> None:
    told = lines(400)
    for price in (None, 1e-9, 1e-3, 10.0):
        found = units.units(POLICY, told, price=price)
        for size, level, quantity in zip(found, told.level, told.quantity, strict=True):
            low, high = POLICY.samples.sizes[level]
            whole = np.inf if np.isnan(quantity) else quantity
            assert min(low, whole) <= size <= min(high, whole)


def test_the_price_takes_the_capacity_on_average() -> None:
    told, chances = lines(500), np.random.default_rng(1).random(500)
    least = chances @ units.units(POLICY, told, price=1e9)
    most = chances @ units.units(POLICY, told, price=0.0)
    for capacity in np.linspace(least, most, 7)[1:-1].tolist():
        price = units.price(POLICY, told, chances=chances, capacity=capacity)
        taken = chances @ units.units(POLICY, told, price=price)
        more = chances @ units.units(POLICY, told, price=price * (1 - 1e-9))
        assert taken <= capacity <= more + 1e-9 * most
    free = units.price(POLICY, told, chances=chances, capacity=float(most + 1))
    assert chances @ units.units(POLICY, told, price=free) == pytest.approx(most)
    assert units.price(POLICY, told, chances=chances, capacity=0.0) > 1


def test_no_lines_need_no_units() -> None:
    nothing = Sampled(np.empty(0), np.empty(0, np.int64), [], np.empty(0))
    assert len(units.units(POLICY, nothing, price=1.0)) == 0
    assert units.price(POLICY, nothing, chances=np.empty(0), capacity=5.0) < 1e-9
