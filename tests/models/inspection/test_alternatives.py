"""Rules keep to the hours, and what they find on average is what drawing finds."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inspection import alternatives, lanes, policy
from models.inspection.allocation.allocate import LEAST_FLOOR_SHARE
from models.inspection.alternatives import Beliefs, Truth, Weighed
from models.risk.assess import Assessment, assess
from models.risk.matrix import load
from tests.models.conftest import Trained

NONE = Weighed(*(np.empty(0) for _ in range(5)))
KEEPING = (
    alternatives.random,
    alternatives.scaled,
    alternatives.likeliest,
    alternatives.harmful,
)


@st.composite
def weighed(draw: st.DrawFn) -> Weighed:
    line = st.tuples(
        st.floats(0.001, 0.999),
        st.sampled_from([0.1, 0.5, 0.5, 3.0]),
        st.sampled_from([1.0, 2.0, 4.0]),
        st.floats(0.01, 0.9),
    )
    told = draw(st.lists(line, min_size=1, max_size=30))
    return Weighed(*np.array([(*each, 1.0) for each in told]).T)


@given(weighed(), st.floats(0, 200))
def test_every_rule_spends_just_the_hours_there_are(lines: Weighed, hours: float) -> None:
    spent = pytest.approx(min(hours, float(lines.effort.sum())))
    for rule in KEEPING:
        chance = rule(lines, hours)
        assert ((chance >= 0) & (chance <= 1)).all()
        assert chance @ lines.effort == spent
    floors = float(lines.floor @ lines.effort)
    priced = alternatives.priced(lines, hours)
    assert (priced >= lines.floor * min(1, max(LEAST_FLOOR_SHARE, hours / floors)) - 1e-12).all()
    if hours >= LEAST_FLOOR_SHARE * floors:
        assert priced @ lines.effort == spent


@given(weighed())
def test_with_hours_for_all_every_rule_inspects_all(lines: Weighed) -> None:
    hours = float(lines.effort.sum())
    for rule in KEEPING:
        assert rule(lines, hours) == pytest.approx(1.0)
    assert (alternatives.priced(lines, hours + 1e-6) == 1.0).all()


@given(weighed(), st.floats(0, 200))
def test_no_rule_averts_more_than_the_most_harmful_first(lines: Weighed, hours: float) -> None:
    most = alternatives.harmful(lines, hours) @ lines.harm
    for rule in (*KEEPING, alternatives.priced):
        chance = rule(lines, hours)
        if chance @ lines.effort <= hours + 1e-9:
            assert chance @ lines.harm <= most + 1e-6


@given(weighed(), st.floats(0.01, 200))
def test_scaled_chances_keep_their_proportions(lines: Weighed, hours: float) -> None:
    chance = alternatives.scaled(lines, hours)
    inside = chance < 1
    factor = chance[inside] / lines.likelihood[inside]
    assert factor == pytest.approx(factor.mean() if len(factor) else 0)
    if len(factor):
        assert (lines.likelihood[~inside] * factor.mean() >= 1 - 1e-9).all()


def test_who_had_no_chance_gets_none_when_chances_are_scaled() -> None:
    lines = replace(_three(), likelihood=np.array([0.0, 0.2, 0.1]))
    assert alternatives.scaled(lines, 0.3).tolist() == pytest.approx([0, 0.2, 0.1])
    assert alternatives.scaled(lines, 3).tolist() == [0, 1, 1]
    nobody = replace(lines, likelihood=np.zeros(3))
    assert alternatives.scaled(nobody, 2).tolist() == [0, 0, 0]


def test_lines_that_take_other_hours_avert_the_same_harm() -> None:
    lines = _three()
    longer = lines.lasting(np.array([2.0, 4.0, 0.5]))
    assert longer.harm == pytest.approx(lines.harm)
    assert longer.gain.tolist() == pytest.approx([2.5, 0.25, 4.0])
    assert longer.take(np.array([2])).effort.tolist() == [0.5]


def _three() -> Weighed:
    return Weighed(
        likelihood=np.array([0.1, 0.9, 0.5]),
        gain=np.array([5.0, 1.0, 2.0]),
        effort=np.array([1.0, 1.0, 1.0]),
        floor=np.array([0.1, 0.1, 0.1]),
        ceiling=np.array([1.0, 1.0, 1.0]),
    )


def test_the_likeliest_and_the_most_harmful_come_first() -> None:
    lines = _three()
    assert alternatives.likeliest(lines, 2).tolist() == [0, 1, 1]
    assert alternatives.harmful(lines, 2).tolist() == [1, 0, 1]
    assert alternatives.priced(lines, 1.2).tolist() == pytest.approx([1, 0.1, 0.1])


def test_the_last_hours_are_a_chance_for_the_next_line() -> None:
    lines = _three()
    assert alternatives.likeliest(lines, 1.25).tolist() == [0, 1, 0.25]
    assert alternatives.harmful(lines, 1.25).tolist() == [1, 0, 0.25]
    assert alternatives.priced(lines, 1.5).tolist() == pytest.approx([1, 0.1, 0.4])


def test_floors_are_cut_where_they_take_more_than_the_hours() -> None:
    assert alternatives.priced(_three(), 0.15).tolist() == pytest.approx([0.05] * 3)


def test_no_lines_need_no_hours() -> None:
    for rule in (*KEEPING, alternatives.priced):
        assert not len(rule(NONE, 5.0))


def test_lines_are_weighed_as_the_policy_decides(trained: Trained) -> None:
    rules, matrix = policy.load(), load()
    assessment: Assessment = assess(trained.model, trained.rows, matrix=matrix)
    lines = alternatives.weighed(assessment, rules)
    for row in range(0, len(trained.outcomes), 400):
        level = assessment.level[row]
        severity = int(assessment.severity[row])
        told = lanes.gain(
            rules, likelihood=assessment.likelihood[row], severity=severity, level=level
        )
        assert lines.gain[row] == told
        assert lines.floor[row] == rules.floors[level]
        assert lines.ceiling[row] == rules.lanes[level].most
        assert lines.harm[row] == pytest.approx(
            assessment.likelihood[row] * rules.harm[severity - 1]
        )


def test_beliefs_without_grounds_are_weighed_alike(trained: Trained) -> None:
    told = assess(trained.model, trained.rows, matrix=load())
    bare = Beliefs(told.likelihood, told.severity, told.level)
    for one, other in zip(
        vars(alternatives.weighed(told, policy.load())).values(),
        vars(alternatives.weighed(bare, policy.load())).values(),
        strict=True,
    ):
        assert (one == other).all()


def test_what_is_expected_is_the_mean_of_drawing() -> None:
    rng = np.random.default_rng(5)
    count = 40
    truth = Truth(
        fails=rng.random(count) < 0.3,
        harm=rng.choice([1.0, 3.0, 10.0], count),
        enterprise=rng.choice(np.array(["A", "B", "C", "D"], object), count),
        goods=rng.choice(np.array(["9503", "8516", None], object), count),
    )
    chance = rng.random(count) * 0.2
    found = alternatives.expected(chance, truth, effort=np.ones(count))
    drawn = rng.random((20_000, count)) < chance
    times = drawn.astype(float)
    harm = truth.harm * truth.fails
    assert found["lines"] == found["hours"] == pytest.approx(chance.sum())
    assert found["failures"] == pytest.approx(
        (times @ truth.fails).mean() / truth.fails.sum(), abs=0.01
    )
    assert found["harm"] == pytest.approx((times @ harm).mean() / harm.sum(), abs=0.01)
    seen = np.mean([drawn[:, truth.enterprise == name].any(axis=1).mean() for name in "ABCD"])
    assert found["enterprises"] == pytest.approx(seen, abs=0.01)


def test_nothing_inspected_has_no_hit_rate_and_goods_without_a_code_are_not_counted() -> None:
    truth = Truth(
        np.array([True, False]),
        np.ones(2),
        np.array(["A", "B"], object),
        np.array(["9503", None], object),
    )
    nothing = alternatives.expected(np.zeros(2), truth, effort=np.ones(2))
    assert math.isnan(nothing["hit_rate"])
    assert nothing["failures"] == nothing["enterprises"] == 0
    assert alternatives.expected(np.array([1.0, 0.0]), truth, effort=np.ones(2))["goods"] == 1
