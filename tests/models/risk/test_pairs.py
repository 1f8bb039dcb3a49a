"""The doubt is learned from lines that share their error; without any, the usual one is taken."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from features.moments import DAY_MS
from models.risk import coverage, pairs
from models.risk.interval import Doubt, centre
from models.risk.pairs import NEAR, Later


def simulated(doubt: Doubt, *, groups: int = 4_000, seed: int = 0) -> Later:
    """Groups of two to seven lines that share one error, each declared within a week."""
    rng = np.random.default_rng(seed)
    size = rng.integers(2, 8, groups)
    alike = np.repeat(np.arange(groups), size)
    known = np.repeat(rng.integers(0, 40, groups), size).astype(float)
    likelihood = rng.beta(2, 4, len(alike))
    variance = doubt.variance(known)
    error = np.repeat(rng.normal(size=groups), size) * np.sqrt(variance)
    chance = expit(centre(likelihood, variance) + error)
    return Later(
        likelihood=likelihood,
        failed=(rng.random(len(alike)) < chance).astype(float),
        weight=np.ones(len(alike)),
        known=known,
        alike=alike,
        declared=rng.integers(0, 7 * DAY_MS, len(alike)),
    )


@pytest.mark.parametrize("true", [Doubt(1.5, 0.0), Doubt(0.6, 1.4)])
def test_a_known_doubt_is_found_again(true: Doubt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "MOST", 100_000)
    found = pairs.learned(simulated(true, groups=10_000))
    known = np.array([0.0, 10.0, 40.0])
    assert found.variance(known) == pytest.approx(true.variance(known), abs=0.35)


def test_where_likelihoods_are_right_there_is_next_to_no_doubt() -> None:
    found = pairs.learned(simulated(Doubt(0.0, 0.0)))
    assert found.variance(np.array([0.0]))[0] < 0.25
    low, high = found.ends(np.array([0.1]), np.array([20.0]))
    assert (high - low)[0] < 0.12


def test_thinly_known_goods_are_found_to_be_less_certain() -> None:
    level, rising = (pairs.learned(simulated(d)) for d in (Doubt(1.0, 0.0), Doubt(0.3, 2.5)))
    assert rising.thin > pairs.USUAL.thin > level.thin


def test_without_a_pair_the_usual_doubt_is_taken() -> None:
    told = simulated(Doubt(1.0, 1.0), groups=50)
    alone = replace(told, alike=np.arange(len(told.failed)))
    assert pairs.learned(alone) == pairs.USUAL


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60)), max_size=12, unique=True))
def test_neighbours_are_the_next_of_their_kind_within_a_fortnight(
    lines: list[tuple[int, int]],
) -> None:
    count = len(lines)
    told = Later(
        likelihood=np.arange(1, count + 1) / 100,
        failed=np.zeros(count),
        weight=np.ones(count),
        known=np.zeros(count),
        alike=np.array([kind for kind, _ in lines], np.int64),
        declared=np.array([day * DAY_MS for _, day in lines], np.int64),
    )
    found = {tuple(pair) for pair in pairs.neighbours(told).likelihood.T.tolist()}
    expected = set()
    for place, (kind, day) in enumerate(lines):
        later = [(d, at) for at, (k, d) in enumerate(lines) if k == kind and d > day]
        if later and (min(later)[0] - day) * DAY_MS <= NEAR:
            expected.add(((place + 1) / 100, (min(later)[1] + 1) / 100))
    assert found == expected


def test_only_the_latest_pairs_are_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    told = simulated(Doubt(1.0, 0.0), groups=200)
    monkeypatch.setattr(pairs, "MOST", 10)
    assert pairs.neighbours(told).likelihood.shape == (2, 10)


def test_outcomes_alone_tell_whether_intervals_hold() -> None:
    true = Doubt(1.5, 0.5)
    told = simulated(true)
    assert coverage.of_groups(told, true, seed=0) == pytest.approx(0.9, abs=0.03)
    assert coverage.of_groups(told, Doubt(0.0, 0.0), seed=0) < 0.85
    assert coverage.of_groups(told, Doubt(12.0, 0.0), seed=0) > 0.93


def test_without_a_group_nothing_is_told() -> None:
    told = simulated(Doubt(1.0, 0.0), groups=20)
    alone = replace(told, alike=np.arange(len(told.failed)))
    assert np.isnan(coverage.of_groups(alone, Doubt(1.0, 0.0), seed=0))
    none = Later(*(part[:0] for part in vars(told).values()))
    assert np.isnan(coverage.of_groups(none, Doubt(1.0, 0.0), seed=0))
