"""A period alarms by chance as rarely as is said, however periods depend on each other."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import binom

from features.plans import Numbers
from models.monitoring.ranks import ALPHA, BACK, PERIODS, rank

COLUMNS = 20
DRAWS = 400
Chance = np.random.Generator
MOST = int(binom.ppf(0.999, DRAWS, 0.065))  # one in a thousand would alarm more often


def autoregressive(rng: Chance, persistence: float) -> Numbers:
    """Levels of columns by period; persistence 1 is a random walk."""
    levels = np.empty((PERIODS + BACK + 30, COLUMNS))
    levels[0] = rng.normal(size=COLUMNS)
    for i in range(1, len(levels)):
        levels[i] = persistence * levels[i - 1] + rng.normal(size=COLUMNS)
    return levels[30:]


def distances(levels: Numbers) -> Numbers:
    """The distance of each period to the nearest of those before."""
    n = len(levels)
    back = [np.abs(levels[BACK:] - levels[BACK - k : n - k]) for k in range(1, BACK + 1)]
    nearest: Numbers = np.min(back, axis=0)
    return nearest


TIME = np.arange(PERIODS + BACK)[:, None]
WORLDS: dict[str, Callable[[Chance], Numbers]] = {
    "independent": lambda rng: autoregressive(rng, 0.0),
    "autocorrelated": lambda rng: autoregressive(rng, 0.8),
    "strongly autocorrelated": lambda rng: autoregressive(rng, 0.97),
    "wandering": lambda rng: autoregressive(rng, 1.0),
    "growing": lambda rng: autoregressive(rng, 0.3) + TIME,
    "seasonal": lambda rng: autoregressive(rng, 0.3) + 3 * np.sin(TIME / 2 + rng.uniform(0, 6)),
    "one cause": lambda rng: autoregressive(rng, 0.5) + 3 * autoregressive(rng, 0.5)[:, :1],
    "heavy-tailed": lambda rng: rng.standard_t(2.5, size=(PERIODS + BACK, COLUMNS)),
}


@pytest.mark.parametrize("world", WORLDS)
def test_false_alarms_are_as_rare_as_is_said(world: str) -> None:
    rng = np.random.default_rng(11)
    alarms = sum(rank(distances(WORLDS[world](rng)), floor=1e-9).alarms for _ in range(DRAWS))
    assert alarms <= MOST


@pytest.mark.parametrize("world", ["independent", "autocorrelated", "wandering", "growing"])
def test_a_large_change_is_found_and_nothing_else_is_named(world: str) -> None:
    rng = np.random.default_rng(12)
    for _ in range(20):
        levels = WORLDS[world](rng)
        levels[-1, 3] += 30
        found = rank(distances(levels), floor=1e-9)
        assert found.alarms
        assert found.p == 1 / PERIODS
        assert found.named[3]
        assert found.named.sum() <= 2


def test_what_changed_a_period_ago_is_no_news() -> None:
    levels = np.random.default_rng(3).normal(size=(PERIODS + BACK, COLUMNS))
    levels[-2:, 0] += 30
    assert not rank(distances(levels), floor=1e-9).named[0]


def test_with_fewer_periods_alarms_come_more_often_and_that_is_said() -> None:
    found = rank(np.random.default_rng(4).random((10, 3)), floor=1e-9)
    assert found.alpha == 0.1
    assert rank(np.random.default_rng(4).random((PERIODS, 3)), floor=1e-9).alpha == ALPHA


def test_a_column_that_never_moved_alarms_only_beyond_the_floor() -> None:
    still = np.zeros((PERIODS, 2))
    still[:, 1] = np.random.default_rng(5).random(PERIODS)
    still[-1] = (0.1, 0)
    assert not rank(still, floor=0.5).alarms
    assert rank(still, floor=0.01).named.tolist() == [True, False]
