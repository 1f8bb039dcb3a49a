"""Fairness: unlike rates at equal risk are found; unlike risk alone is no finding."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

from models.evaluation import fairness_words
from models.evaluation.dimensions import Dimension
from models.evaluation.fairness import Treated, equal_risk, fairness, set_right
from models.evaluation.judged import Judged
from models.evaluation.ratios import Interval
from tests.models.evaluation.simulated import misled, world


def third(found: list[Treated]) -> Treated:
    (one,) = [one for one in found if one.value == "P3"]
    return one


def test_a_riskier_group_is_inspected_more_and_that_is_not_unfair() -> None:
    """Its false-positive rate is several times the others', as it must be; none is flagged."""
    flagged, times = 0, []
    for seed in range(25):
        found = fairness(*world(seed, riskier=1.0))
        flagged += any(one.is_unlike for one in found)
        one = third(found)
        times.append(one.rates.passing.value / one.others.passing.value)
        assert one.rates.selected.value > 2 * one.others.selected.value
    assert np.median(times) > 3
    assert flagged <= 3


def test_the_bounds_hold_that_nobody_is_inspected_more() -> None:
    held = [
        told.equal_risk.low <= 1 <= told.equal_risk.high
        for seed in range(20)
        for told in fairness(*world(seed))
        if not told.few
    ]
    assert np.mean(held) >= 0.93


@pytest.mark.parametrize(("by", "more"), [(1.0, True), (-1.0, False)])
def test_a_group_of_which_too_much_is_said_is_inspected_more_at_equal_risk(
    by: float, more: bool
) -> None:
    for seed in range(6):
        judged, (port,) = world(seed, lines=8_000)
        one = third(fairness(misled(judged, port, by=by), [port]))
        assert one.is_unlike
        assert (one.equal_risk.value > 1.5) == more
        assert (one.equal_risk.value < 1 / 1.5) == (not more)
        assert abs(one.step.value + by) < 0.7


def test_weights_take_off_what_tips_add() -> None:
    """At port 3 inspectors follow what they see there, so the inspected fail more than was said."""
    naive, weighted = 0, 0
    for seed in range(12):
        judged, (port,) = world(seed, lines=12_000, spread=1.0)
        there = np.array(port.values, object) == "P3"
        chance = np.random.default_rng(1_000 + seed)
        looks = there & judged.failed & (chance.random(len(judged)) < 0.5)
        drawn = np.clip(0.1 + 0.8 * looks, 0, 1)
        seen = chance.random(len(judged)) < drawn
        some = Dimension("port", port.words, [v for v, s in zip(port.values, seen) if s], True)  # noqa: B905
        part = judged.take(seen)
        naive += third(fairness(part, [some])).is_unlike
        right = replace(part, weight=(1 / drawn)[seen] / (1 / drawn)[seen].mean())
        weighted += third(fairness(right, [some])).is_unlike
    assert naive >= 11
    assert weighted <= 2


def test_only_fair_dimensions_are_compared_and_of_two_groups_one() -> None:
    judged, (port,) = world(0)
    size: list[str | None] = ["small" if n % 3 == 0 else "large" for n in range(len(judged))]
    dimensions = [replace(port, is_fair=False), Dimension("size", ("规模", "size"), size, True)]
    assert [one.value for one in fairness(judged, dimensions)] == ["small"]


def test_set_right_as_many_failures_are_said_as_there_were() -> None:
    judged, _ = world(5)
    skewed = replace(judged, likelihood=expit(logit(judged.likelihood) + 2))
    step, right = set_right(skewed)
    assert right.sum() == pytest.approx(judged.failed.sum())
    assert step == pytest.approx(-2, abs=0.2)


def test_where_at_equal_risk_none_would_be_inspected_the_ratio_has_no_bound() -> None:
    said = np.array([0.9, 0.5, *[0.1] * 18])
    judged = Judged(np.zeros(20, bool), said, np.arange(20), np.ones(20))
    first = np.arange(20) == 0
    found = equal_risk(judged, first, step=Interval(-9.0, -10.0, 0.0))
    assert (found.value, found.low, found.high) == (np.inf, 1, np.inf)
    assert np.isnan(equal_risk(judged, first, step=Interval(np.nan, np.nan, np.nan)).value)


def test_the_headline_says_who_is_inspected_more_and_of_which_lines() -> None:
    judged, (port,) = world(2, lines=8_000)
    zh, en = fairness_words.headline(fairness(judged, [port]), is_weighted=False)
    assert "没有哪一组" in zh
    assert "none of 12 groups" in en
    assert "仅就查验过的" in zh
    zh, en = fairness_words.headline(
        fairness(misled(judged, port, by=1.0), [port]), is_weighted=True
    )
    assert "口岸“P3”在同等风险下被多查，为应查的" in zh
    assert "times as often as equal risk calls for" in en
    assert "all declared" in en
    assert fairness_words.headline([], is_weighted=True)[1].startswith("No groups")


@pytest.mark.parametrize(
    ("times", "step", "zh", "en"),
    [
        (np.inf, -1.0, "本不该查而被查", "calls for none"),
        (1.0, -1.0, "概率偏高", "too risky"),
        (1.0, 1.0, "概率偏低", "not risky enough"),
        (0.5, 1.0, "被少查", "0.50 times"),
        (12.0, -1.0, "12倍", "12 times"),
    ],
)
def test_each_finding_has_its_words(times: float, step: float, zh: str, en: str) -> None:
    judged, (port,) = world(0)
    one = replace(
        third(fairness(judged, [port])),
        equal_risk=Interval(times, times / 2, times * 2),
        step=Interval(step, step, step),
    )
    said = fairness_words.sentence(one)
    assert zh in said[0]
    assert en in said[1]
