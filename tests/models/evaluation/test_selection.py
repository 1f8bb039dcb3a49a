import numpy as np
import pytest

from features.errors import Invalid
from features.plans import Numbers
from models.evaluation.ratios import UNKNOWN
from models.evaluation.selection import (
    ESTIMATORS,
    Lines,
    doubly_robust,
    naive,
    weighted,
)

SIZE, DRAWS = 3_000, 400


def world(*, wrong: float = 0.0) -> tuple[Numbers, Numbers, Numbers]:
    """Return likelihoods (off by ``wrong`` log-odds), outcomes and chances: the bad are drawn."""
    rng = np.random.default_rng(5)
    risk, seen = rng.normal(-2.5, 1, SIZE), rng.normal(0, 1, SIZE)
    failed = (rng.random(SIZE) < 1 / (1 + np.exp(-risk - 0.8 * seen))).astype(float)
    chance = np.clip(0.06 + 0.5 / (1 + np.exp(1.5 - risk / 2 - seen)), 0, 1)
    return 1 / (1 + np.exp(-risk - wrong)), failed, chance


def drawn(told: tuple[Numbers, Numbers, Numbers], rng: np.random.Generator) -> Lines:
    likelihood, failed, chance = told
    inspected = rng.random(len(failed)) < chance
    return Lines(
        likelihood,
        inspected,
        np.where(inspected, failed, np.nan),
        np.where(inspected, chance, np.nan),
    )


def coverage(name: str, *, wrong: float = 0.0) -> tuple[float, float]:
    """Return how often an estimator's interval holds the truth, and its mean error."""
    told, rng = world(wrong=wrong), np.random.default_rng(9)
    truth = told[1].mean()
    found = [ESTIMATORS[name](drawn(told, rng)) for _ in range(DRAWS)]
    return float(np.mean([e.holds(truth) for e in found])), float(
        np.mean([e.value for e in found]) - truth
    )


@pytest.mark.parametrize("wrong", [0.0, 1.0, -2.0])
def test_the_doubly_robust_interval_holds_the_truth_however_wrong_the_model(wrong: float) -> None:
    held, error = coverage("doubly_robust", wrong=wrong)
    assert held >= 0.92
    assert abs(error) < 0.002


def test_inverse_propensity_holds_the_truth_too() -> None:
    held, error = coverage("inverse_propensity")
    assert held >= 0.92
    assert abs(error) < 0.002


def test_the_naive_share_is_too_high_and_its_interval_misses() -> None:
    held, error = coverage("naive")
    assert error > 0.03
    assert held < 0.5


def test_a_good_model_makes_the_interval_narrower() -> None:
    told, rng = world(), np.random.default_rng(2)
    width = np.zeros(2)
    for _ in range(50):
        lines = drawn(told, rng)
        width += [e.high - e.low for e in (doubly_robust(lines), weighted(lines))]
    assert width[0] < width[1]


def test_when_all_are_inspected_every_estimate_is_the_share_itself() -> None:
    failed = np.array([1.0, 0, 0, 1])
    lines = Lines(np.array([0.9, 0.2, 0.1, 0.4]), np.ones(4, bool), failed, np.ones(4))
    for estimator in ESTIMATORS.values():
        assert estimator(lines).value == pytest.approx(0.5)
    for exact in (weighted(lines), doubly_robust(lines)):
        assert [exact.low, exact.high] == pytest.approx([0.5, 0.5])
    assert naive(lines).low < 0.5


def test_without_an_inspection_nothing_is_known() -> None:
    none = Lines(np.array([0.1]), np.zeros(1, bool), np.array([np.nan]), np.array([np.nan]))
    assert {estimator(none) is UNKNOWN for estimator in ESTIMATORS.values()} == {True}


@pytest.mark.parametrize("chance", [np.nan, 0.0, -0.1, 1.5])
def test_an_inspection_without_its_chance_is_refused(chance: float) -> None:
    with pytest.raises(Invalid, match="1 of 2 inspected lines have no propensity"):
        Lines(np.full(2, 0.1), np.ones(2, bool), np.zeros(2), np.array([0.5, chance]))


def test_lines_can_be_taken() -> None:
    lines = drawn(world(), np.random.default_rng(1))
    some = lines.take(lines.likelihood > 0.2)
    assert len(some) == (lines.likelihood > 0.2).sum()
    assert some.inspected.sum() <= lines.inspected.sum()
