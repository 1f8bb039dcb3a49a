"""Allocation of hours and of sample units against general solvers, with equal objectives."""

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from models.inspection.allocation.allocate import Lines, allocate, allocate_by_port, probabilities
from models.inspection.allocation.samples import Consignments, sample
from tests.benchmarks.readings import show
from tests.models.inspection.allocation import solvers

pytestmark = pytest.mark.benchmark
Amounts = npt.NDArray[np.float64]
T = TypeVar("T")
FRESH = Path(
    os.environ.get("YUJING_DATA", "../shared/data"), "risk/border_biosecurity/fresh_produce.csv.gz"
)
LINES = (1_000, 10_000, 100_000, 1_000_000)
CONSIGNMENTS = (100, 300, 1_000)
MANY, PORTS = 10_000_000, 50
ROUNDS = 3


def lines(count: int, *, ties: bool) -> Lines:
    """Lines of which many have the same gain, as calibrated likelihoods make them, or none."""
    rng = np.random.default_rng(1)
    gain = rng.gamma(0.5, 1.0, count)
    gain = np.ceil(gain * 50) / 50 if ties else gain
    effort = rng.choice([1.0, 2.0, 4.0], count)
    return Lines(gain, effort, np.full(count, 0.02), np.full(count, 0.98))


def timed(run: Callable[[], T], *, rounds: int = 1) -> tuple[float, T]:
    """The least seconds of some runs, and what the last found."""
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        found = run()
        took.append(time.perf_counter() - start)
    return min(took), found


def by_price(told: Lines, hours: float) -> Amounts:
    return probabilities(told, allocate(told, hours=hours))


@pytest.mark.parametrize("ties", [True, False])
def test_hours_against_a_linear_program(ties: bool) -> None:
    rows = {}
    for count in LINES:
        told = lines(count, ties=ties)
        hours, harm = 0.1 * float(told.effort.sum()), told.gain * told.effort
        ours, chance = timed(partial(by_price, told, hours), rounds=ROUNDS)
        theirs, best = timed(partial(solvers.chances, told, hours))
        assert harm @ chance == pytest.approx(harm @ best, rel=1e-6)
        assert told.effort @ chance == pytest.approx(hours, rel=1e-9)
        rows[f"{count:,} lines"] = {"ours": ours, "linprog": theirs, "ratio": theirs / ours}
    show(f"Hours over lines {'with' if ties else 'without'} ties, seconds", rows)
    assert min(row["ratio"] for row in rows.values()) > 1


@pytest.mark.parametrize("ties", [True, False])
def test_ten_million_lines_over_fifty_ports(ties: bool) -> None:
    told = lines(MANY, ties=ties)
    ports = np.random.default_rng(2).integers(0, PORTS, MANY)
    hours = 0.1 * np.bincount(ports, told.effort).astype(float)
    run = partial(allocate_by_port, told, ports, hours=hours)
    seconds, found = timed(run, rounds=ROUNDS)
    first = Lines(*(column[ports == 0] for column in vars(told).values()))
    assert first.effort @ probabilities(first, found[0]) == pytest.approx(hours[0])
    words = "with" if ties else "without"
    show(f"10 M lines {words} ties over 50 ports", {"allocate": {"seconds": seconds}})


@pytest.mark.skipif(not FRESH.exists(), reason=f"{FRESH} is not here")
def test_sizes_against_a_convex_program() -> None:
    rows = {}
    for count in CONSIGNMENTS:
        told = published(count)
        units = 2_000 * count
        ours, found = timed(partial(sample, told, units=units), rounds=ROUNDS)
        theirs, best = timed(partial(solvers.sizes, told, units))
        whole = solvers.leaks(told, found.sizes.astype(float))
        assert found.sizes.sum() == units
        assert whole == pytest.approx(solvers.leaks(told, best), rel=1e-6)
        name = f"{count:,} consignments"
        rows[name] = {"ours": ours, "trust-constr": theirs, "ratio": theirs / ours}
    show("Sizes of samples, 2,000 units of each, seconds", rows)
    assert min(row["ratio"] for row in rows.values()) > 1


def published(count: int) -> Consignments:
    """Some of the published consignments."""
    told = pd.read_csv(FRESH).sample(count, random_state=1)
    a, b, size = (told[name].to_numpy(float) for name in ("a", "b", "N"))
    none = np.zeros(count, np.int64)
    return Consignments(a, b, size, np.ones(count), none, np.full(count, 10**9))
