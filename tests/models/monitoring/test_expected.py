"""What likelihoods promise is the mean of what comes true, and a broken promise is noticed."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from features.plans import Numbers
from models import metrics
from models.monitoring import expected
from models.monitoring.expected import METRICS
from models.monitoring.residuals import Matured


def likelihoods(rng: np.random.Generator, lines: int) -> Numbers:
    said: Numbers = 1 / (1 + np.exp(-rng.normal(-2, 1.2, lines)))
    return said


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=2, max_size=30))
def test_of_outcomes_the_metrics_are_the_ordinary_ones(rows: list[tuple[bool, int]]) -> None:
    failed, scores = (np.array(column) for column in zip(*rows, strict=True))
    one = np.ones(len(failed))
    value, _ = expected.auc(failed.astype(float), scores.astype(float), weight=one)
    assert value == pytest.approx(metrics.auc(failed, scores.astype(float)), nan_ok=True)
    value, _ = expected.precision(failed.astype(float), scores.astype(float), weight=one)
    assert value == metrics.precision_at(failed, scores.astype(float), share=0.05)


def test_the_promise_is_the_mean_over_all_outcomes() -> None:
    said = np.array([0.9, 0.5, 0.2, 0.2])
    pairs = right = 0.0
    for outcome in product([0.0, 1.0], repeat=4):
        chance = np.prod(np.where(outcome, said, 1 - said))
        for bad, good in product(range(4), repeat=2):
            if outcome[bad] and not outcome[good]:
                pairs += chance
                right += chance * (said[bad] > said[good]) + chance * (said[bad] == said[good]) / 2
    value, _ = expected.auc(said, said, weight=np.ones(4))
    assert value == pytest.approx(right / pairs)


@pytest.mark.parametrize("name", METRICS)
def test_gradients_are_what_a_small_change_makes(name: str) -> None:
    rng = np.random.default_rng(41)
    said, weight = likelihoods(rng, 60), rng.choice([0.5, 1.0, 2.0], 60)
    value, gradient = METRICS[name](said, said, weight=weight)
    for i in (0, 7, int(said.argmax())):
        more = said + 1e-6 * (np.arange(60) == i)
        changed, _ = METRICS[name](more, said, weight=weight)
        assert (changed - value) / 1e-6 == pytest.approx(gradient[i], rel=0.1, abs=1e-4)


@pytest.mark.parametrize("name", METRICS)
def test_what_comes_true_lies_within_the_interval(name: str) -> None:
    rng, draws, inside = np.random.default_rng(42), 300, 0
    place = list(METRICS).index(name)
    for _ in range(draws):
        said = likelihoods(rng, 500)
        promise = expected.promised(said)[place]
        came = METRICS[name]((rng.random(500) < said).astype(float), said, weight=np.ones(500))[0]
        inside += promise.low <= came <= promise.high
    assert binom.ppf(0.001, draws, 0.95) <= inside


def outcomes(rng: np.random.Generator, *, kept: float) -> Matured:
    """Lines of which a share failed as said, and the others whatever was said of them."""
    said = likelihoods(rng, 800)
    chance = np.where(rng.random(800) < kept, said, said.mean())
    failed = rng.random(800) < chance
    firm = rng.integers(0, 80, 800)
    return Matured(failed, said, np.ones(800), firm, np.full(800, "low"))


def test_promises_that_are_kept_look_broken_as_rarely_as_is_said() -> None:
    rng, draws = np.random.default_rng(43), 200
    broken = sum(
        any(p.is_broken for p in expected.kept(outcomes(rng, kept=1.0))) for _ in range(draws)
    )
    assert broken <= binom.ppf(0.999, draws, 0.05)


def test_a_model_that_no_longer_ranks_breaks_its_promise() -> None:
    rng = np.random.default_rng(44)
    for _ in range(10):
        promises = {p.name: p for p in expected.kept(outcomes(rng, kept=0.0))}
        assert promises["auc"].is_broken
        assert promises["precision_at_5pct"].realised < promises["precision_at_5pct"].low


def test_the_confusion_adds_up() -> None:
    shares = expected.confusion(likelihoods(np.random.default_rng(45), 400))
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["hit"] + shares["false_alarm"] == pytest.approx(0.05)


def test_too_little_promises_nothing() -> None:
    assert expected.promised(np.array([0.3])) == []
    lines = outcomes(np.random.default_rng(46), kept=1.0)
    none = Matured(np.zeros(800, bool), lines.likelihood, lines.weight, lines.group, lines.level)
    assert expected.kept(none) == []
