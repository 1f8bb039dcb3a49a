"""Bounds of metrics stand around them, hold the truth, and are there within seconds."""

from time import perf_counter

import numpy as np
import pytest
from scipy.special import expit

from models import metrics, resampling
from models.evaluation.intervals import calibration_error, intervals
from models.evaluation.ratios import Interval
from models.metrics import Scores
from models.resampling import Lines
from tests.models.evaluation.simulated import Numbers, honest

SPREAD = 0.5


def drawn(seed: int, firms: int, *, said: float = 0.0) -> tuple[Lines, Scores, Numbers]:
    """Lines of some enterprises, what is said (off by log-odds), and the honest likelihoods."""
    chance = np.random.default_rng(seed)
    group = np.repeat(np.arange(firms), 1 + chance.poisson(6, firms))
    risk = chance.normal(-2, 1, len(group))
    failed = chance.random(len(group)) < expit(risk + SPREAD * chance.normal(size=firms)[group])
    lines = Lines(failed, group, np.ones(len(group)))
    return lines, expit(risk + said), honest(risk, SPREAD)


def truth(said: float) -> dict[str, float]:
    lines, probability, right = drawn(99, 40_000, said=said)
    once = np.ones((1, len(lines)))
    order = metrics.ranked(probability)
    found = resampling.ranking(lines.take(order), probability[order], count=once)
    parts = np.array_split(np.argsort(probability), 10)
    off = sum(abs((right - probability)[part].sum()) for part in parts) / len(right)
    return {
        **{name: float(value[0]) for name, value in found.items()},
        "brier": metrics.brier(lines.failed, probability),
        "ece_corrected": float(off),
    }


@pytest.mark.slow
@pytest.mark.parametrize("said", [0.0, 0.5])
def test_the_bounds_hold_the_truth(said: float) -> None:
    true, rounds = truth(said), 300
    held = dict.fromkeys(true, 0)
    for seed in range(rounds):
        lines, probability, _ = drawn(seed, 120, said=said)
        found = intervals(lines, probability, seed=seed, draws=300)
        for name, value in true.items():
            told = found[name]
            held[name] += bool(np.isnan(told.low) or told.holds(value))
    assert {name: n for name, n in held.items() if n < 0.88 * rounds} == {}


def test_every_metric_has_its_own_value_between_its_bounds() -> None:
    lines, probability, _ = drawn(4, 60)
    found = intervals(lines, probability, seed=0)
    told = metrics.at_capacities(lines.failed, probability)
    told |= {
        "auc": metrics.auc(lines.failed, probability),
        "average_precision": metrics.average_precision(lines.failed, probability),
        "brier": metrics.brier(lines.failed, probability),
    }
    assert set(found) == {*told, "ece_corrected"}
    for name, value in told.items():
        assert found[name].value == pytest.approx(value)
        assert found[name].low < value < found[name].high


def test_where_one_enterprise_has_most_lines_the_bounds_still_enclose_the_metric() -> None:
    """Percentiles of the draws would end below the Brier score: half of them lack the large one."""
    chance = np.random.default_rng(0)
    group = np.concatenate([np.zeros(600, np.intp), np.arange(1, 201)])
    failed = np.concatenate([chance.random(600) < 0.5, np.zeros(200, bool)])
    lines, said = Lines(failed, group, np.ones(800)), np.full(800, 0.1)
    brier = intervals(lines, said, seed=0)["brier"]
    assert brier.low < brier.value < brier.high
    assert brier.high - brier.low > 0.2


def test_enterprises_whose_lines_are_alike_widen_the_bounds() -> None:
    firm = np.repeat(np.arange(40), 25)
    failed = (np.random.default_rng(7).random(40) < 0.3)[firm]
    said = np.full(1000, 0.3)
    wide, narrow = (
        intervals(Lines(failed, group, np.ones(1000)), said, seed=0)["brier"]
        for group in (firm, np.arange(1000))
    )
    assert wide.high - wide.low > 4 * (narrow.high - narrow.low)


def test_chance_alone_is_no_calibration_error() -> None:
    corrected, plain = [], []
    for seed in range(40):
        lines, _, right = drawn(seed, 120)
        found = intervals(lines, right, seed=seed, draws=200)["ece_corrected"]
        corrected.append(found.value)
        plain.append(metrics.ece(lines.failed, right))
    assert np.mean(plain) > 0.02
    assert np.mean(corrected) < 0.5 * np.mean(plain)
    assert np.median(corrected) < 0.01


def test_gaps_smaller_than_chance_still_have_an_upper_bound() -> None:
    noise = np.random.default_rng(0).normal(0, 0.01, (500, 10))
    found = calibration_error(np.full(10, 1e-5), noise, enterprises=200)
    assert (found.value, found.low) == (0, 0)
    assert 0.01 < found.high < 0.15
    plain = calibration_error(np.full(10, 0.02), noise, enterprises=200)
    assert 0.1 < plain.low < 0.19 < plain.value < 0.21 < plain.high < 0.3


def test_what_no_draw_can_tell_has_no_bounds() -> None:
    lines = Lines(np.zeros(5, bool), np.arange(5), np.ones(5))
    found = intervals(lines, np.linspace(0.1, 0.5, 5), seed=0, draws=20)
    for name in ("average_precision", "auc", "precision_at_10pct"):
        assert np.isnan(found[name].low)
    assert isinstance(found["brier"], Interval)
    assert found["brier"].low < found["brier"].value


def test_the_seed_decides() -> None:
    lines, said, _ = drawn(1, 50)
    first, again, other = (intervals(lines, said, seed=n, draws=50)["auc"] for n in (1, 1, 2))
    assert first == again != other


def test_fifty_thousand_lines_take_seconds() -> None:
    chance = np.random.default_rng(0)
    said = chance.beta(1, 8, 50_000)
    group = np.unique(chance.integers(0, 3_000, 50_000), return_inverse=True)[1]
    lines = Lines(chance.random(50_000) < said, group, np.ones(50_000))
    begun = perf_counter()
    intervals(lines, said, seed=0, draws=1_000)
    assert perf_counter() - begun < 30  # about 2 where nothing else runs
