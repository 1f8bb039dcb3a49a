"""A feed that died or thinned is found; one that comes in bursts is left in peace."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from features.plans import Numbers
from models.monitoring import feed_words
from models.monitoring.freshness import ALPHA, bound, feeds, thinning
from models.monitoring.periods import layout

AS_OF = datetime(2025, 6, 30, 1, tzinfo=UTC)
DAYS = 730
LEVEL = ALPHA / 15


def by_chance(rng: np.random.Generator, rate: float) -> Numbers:
    return np.sort(rng.uniform(0, DAYS, rng.poisson(rate * DAYS)))


def in_bursts(rng: np.random.Generator, rate: float) -> Numbers:
    starts = by_chance(rng, rate / 5)
    sizes = rng.geometric(1 / 5, len(starts))
    at: Numbers = np.sort(np.repeat(starts, sizes) + rng.exponential(0.3, sizes.sum()))
    return at


def in_office_hours(rng: np.random.Generator, rate: float) -> Numbers:
    at = by_chance(rng, 4 * rate)
    open_then: Numbers = at[(at % 1 < 0.375) & (at // 1 % 7 < 5)]
    return open_then


def at_a_wandering_pace(rng: np.random.Generator, rate: float) -> Numbers:
    pace = rng.normal(size=DAYS // 7 + 1)
    for i in range(1, len(pace)):
        pace[i] = 0.7 * pace[i - 1] + 0.7 * pace[i]
    at = by_chance(rng, 8 * rate)
    paced: Numbers = at[rng.random(len(at)) < np.exp(0.6 * pace[(at // 7).astype(int)]) / 8]
    return paced


Chance = Callable[[np.random.Generator, float], Numbers]
FEEDS: list[Chance] = [by_chance, in_bursts, in_office_hours, at_a_wandering_pace]


@pytest.mark.parametrize("rate", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("feed", FEEDS)
def test_false_alarms_are_as_rare_as_is_said(feed: Chance, rate: float) -> None:
    rng, draws, silent = np.random.default_rng(51), 400, 0
    for _ in range(draws):
        until = DAYS - rng.uniform(0, 7)
        at = feed(rng, rate)
        at = at[at < until]
        silent += until - at[-1] > bound(np.diff(at[-400:]), level=LEVEL)
    assert silent <= binom.ppf(0.999, draws, LEVEL)


def moments(days: Numbers) -> pd.Series:
    """Days since the beginning as moments before the question."""
    start = AS_OF - timedelta(days=DAYS)
    at = start + pd.to_timedelta((days * 86_400_000).astype("int64"), unit="ms")
    return pd.Series(at[at < pd.Timestamp(AS_OF)])


def test_a_feed_that_died_is_found_within_days_and_said_in_words() -> None:
    rng = np.random.default_rng(52)
    alive = {str(i): moments(by_chance(rng, 2.0)) for i in range(8)}
    dead = moments(by_chance(rng, 2.0))
    found = feeds({**alive, "media": dead[dead < AS_OF - timedelta(days=8)]}, as_of=AS_OF)
    assert [feed.name for feed in found if feed.is_silent] == ["media"]
    assert found[0].name == "media"
    (told,) = feed_words.findings(found, thinning({}, periods=()))
    assert told.severity == "act"
    assert told.zh.startswith("媒体舆情已8")


def test_feeds_without_facts_are_left_out_and_rare_ones_are_not_judged() -> None:
    rng = np.random.default_rng(53)
    gone = moments(by_chance(rng, 1.0) / 3)
    told = {
        "a": moments(by_chance(rng, 1.0)),
        "b": gone,
        "c": gone[:0],
        "d": moments(np.array([700.0])),
    }
    found = {feed.name: feed for feed in feeds(told, as_of=AS_OF)}
    assert set(found) == {"a", "d"}
    assert np.isnan(found["d"].bound)
    assert not found["d"].is_silent
    assert feeds({}, as_of=AS_OF) == []


@pytest.mark.parametrize("pauses", [[], [1.0] * 9, [0.0] * 50])
def test_a_few_pauses_say_nothing(pauses: list[float]) -> None:
    assert np.isnan(bound(np.array(pauses), level=LEVEL))


def test_a_bound_beyond_which_a_feed_counts_as_retired_is_none() -> None:
    rare = np.array([300.0, *[0.1] * 12])
    assert np.isnan(bound(rare, level=LEVEL))
    assert bound(np.array([30.0, *[1.0] * 40]), level=LEVEL) > 30


def test_a_clock_may_be_late_by_little_only() -> None:
    assert 1 < bound(np.ones(365), level=LEVEL) < 2


def counted(rng: np.random.Generator, rates: dict[str, float], *, last: float = 1.0) -> list[str]:
    """The feeds that are called thin when the first of them brings less in the last month."""
    arrivals = {name: moments(by_chance(rng, rate)) for name, rate in rates.items()}
    first = next(iter(arrivals))
    at = arrivals[first]
    fewer = (at < AS_OF - timedelta(days=30)) | (rng.random(len(at)) < last)
    _, periods = layout(AS_OF, since=AS_OF - timedelta(days=DAYS), days=30)
    return thinning({**arrivals, first: at[fewer]}, periods=periods).thin


RATES = {"12315": 3.0, "12345": 5.0, "media": 1.0, "injury": 0.2, "fire": 0.05}


def test_feeds_that_go_on_are_called_thin_as_rarely_as_is_said() -> None:
    rng, draws = np.random.default_rng(54), 100
    assert sum(bool(counted(rng, RATES)) for _ in range(draws)) <= binom.ppf(0.999, draws, 0.05)


def test_a_feed_that_thinned_is_found() -> None:
    rng = np.random.default_rng(55)
    found = [counted(rng, RATES, last=0.25) for _ in range(20)]
    assert found.count(["12315"]) >= 18


def test_too_few_periods_call_nothing_thin() -> None:
    found = thinning({"media": moments(np.arange(5.0))}, periods=())
    assert (found.rank, found.thin, found.days) == (None, [], 0)
