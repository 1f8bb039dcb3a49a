"""Calibration is called off when it is, and no more often than is said when it is not."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from models.monitoring import calibration
from models.monitoring.residuals import Excess, Matured, excess, holm


def matured(
    rng: np.random.Generator,
    *,
    lines: int = 400,
    odds: float = 0.0,
    slope: float = 1.0,
    runs: float = 0.0,
) -> Matured:
    """Lines of fifty firms that fail as they were said to, but for a shift or slope in log-odds.

    runs: how much more than independent the outcomes of one firm are alike.
    """
    firm = rng.integers(0, 50, lines)
    said = rng.normal(-2.2, 0.8, 50)[firm] + rng.normal(0, 0.8, lines)
    likelihood = 1 / (1 + np.exp(-said))
    chance = 1 / (1 + np.exp(-(odds + slope * said)))
    alike = rng.random(50)[firm] if runs else np.ones(lines)
    luck = np.where(rng.random(lines) < runs, alike, rng.random(lines))
    weight = rng.choice([0.5, 1, 1, 3], lines)
    level = np.where(likelihood > 0.2, "high", np.where(likelihood > 0.08, "medium", "low"))
    return Matured(luck < chance, likelihood, weight / weight.mean(), firm, level)


@pytest.mark.parametrize("runs", [0.0, 0.3])
@pytest.mark.parametrize("lines", [200, 1000])
def test_honest_likelihoods_are_called_off_at_most_as_often_as_is_said(
    lines: int, runs: float
) -> None:
    rng, draws = np.random.default_rng(31), 300
    found = [calibration.tests(matured(rng, lines=lines, runs=runs)) for _ in range(draws)]
    off = sum(any(test.is_off for test in tests) for tests in found)
    assert off <= binom.ppf(0.999, draws, 0.05)
    assert all(tests for tests in found)


@pytest.mark.parametrize(
    ("changed", "name", "is_more"),
    [
        ({"odds": 0.8}, "all", True),
        ({"odds": -0.9}, "all", False),
        ({"odds": -1.5, "slope": 0.3}, "slope", False),
        ({"odds": 1.8, "slope": 1.8}, "slope", True),
    ],
)
def test_a_change_is_found_with_its_direction(
    changed: dict[str, float], name: str, is_more: bool
) -> None:
    rng = np.random.default_rng(32)
    for _ in range(10):
        made = matured(rng, lines=2000, odds=changed["odds"], slope=changed.get("slope", 1.0))
        (test,) = (t for t in calibration.tests(made) if t.name == name)
        assert test.is_off
        assert (test.observed > test.expected) == is_more
        assert not test.low <= test.observed <= test.high


def test_levels_are_judged_where_enough_is_expected_of_them() -> None:
    names = [t.name for t in calibration.tests(matured(np.random.default_rng(33), lines=300))]
    assert names == ["all", "slope", "high", "medium"]
    few = matured(np.random.default_rng(33), lines=40)
    assert calibration.tests(few) == []


def test_likelihoods_that_are_all_alike_have_no_slope() -> None:
    n = 400
    failed = np.arange(n) % 5 == 0
    alike = Matured(failed, np.full(n, 0.2), np.ones(n), np.arange(n), np.full(n, "low"))
    tests = {test.name: test for test in calibration.tests(alike)}
    assert set(tests) == {"all", "slope"}
    assert tests["slope"].p == 1
    assert tests["all"].observed == pytest.approx(0.2)


def test_weights_decide_what_is_observed() -> None:
    failed = np.arange(400) < 100
    weight = np.where(failed, 3.0, 1.0)
    lines = Matured(failed, np.full(400, 0.3), weight, np.arange(400), np.full(400, "low"))
    test = calibration.tests(lines)[0]
    assert test.observed == pytest.approx(0.5)
    assert test.expected == pytest.approx(0.3)


def test_enterprises_that_fail_in_rows_widen_what_chance_leaves() -> None:
    failed = np.repeat([True, False, False, False], 100)
    p, one = np.full(400, 0.25), np.ones(400)
    level = np.full(400, "low")
    alone = excess(Matured(failed, p, one, np.arange(400), level), one / 400)
    together = excess(Matured(failed, p, one, np.repeat(np.arange(4), 100), level), one / 400)
    assert together.deviation > 5 * alone.deviation
    assert Excess(1.0, 0.0).p == 1


def test_holm_bounds_the_chance_of_any() -> None:
    assert holm([]) == []
    assert holm([0.5, 0.001, 0.02]) == pytest.approx([0.5, 0.003, 0.04])


def test_months_run_in_shanghai_and_none_without_lines() -> None:
    lines = matured(np.random.default_rng(34), lines=100)
    at = pd.Series(pd.to_datetime(["2025-01-31T15:59Z", "2025-01-31T16:00Z"] * 50, utc=True))
    months = calibration.months(lines, at)
    assert months["month"].tolist() == ["2025-01", "2025-02"]
    assert months["lines"].sum() == 100
    nothing = Matured(*(np.empty(0, t) for t in (bool, float, float, np.intp, str)))
    assert calibration.months(nothing, at[:0]).empty
    assert calibration.tests(nothing) == []
