from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.judgements import RiskLevel
from features.records import Declaration
from models.inspection import draw, items, lanes, policy
from models.inspection.decide import Belief, Terms, decide
from tests.worlds import START

POLICY = policy.load()
TERMS = Terms(POLICY, b"agency", {"上海": 0.01}, "3", "m")
LEVEL: st.SearchStrategy[RiskLevel] = st.sampled_from(["low", "medium", "high", "serious"])


def line(number: int, port: str | None = None) -> Declaration:
    return Declaration(
        declaration_id=f"D{number}",
        declared_at=START,
        known_at=START,
        enterprise_id="E1",
        port=port,
    )


@given(st.floats(0, 1), st.integers(1, 4), LEVEL, st.integers(0, 500))
def test_a_decision_is_pure_and_true_to_its_own_record(
    likelihood: float, severity: int, level: RiskLevel, number: int
) -> None:
    belief = Belief(likelihood, severity, level, hazards=("fire",))
    (found,) = decide([line(number)], [belief], terms=TERMS, as_of=START)
    assert found == decide([line(number)], [belief], terms=TERMS, as_of=START)[0]
    secret = draw.day_secret(TERMS.secret, draw.day(START))
    assert found.commitment == draw.commitment(secret)
    assert found.draw == draw.draw(secret, found.declaration_id)
    drawn = found.draw < found.inclusion_probability
    assert found.lane == (POLICY.lanes[level] if drawn else "release")
    assert bool(found.items) == drawn
    assert found.inclusion_probability >= POLICY.floors[level] > 0


def test_the_price_of_the_port_decides_before_the_policys() -> None:
    belief = Belief(0.05, 2, "medium")
    found = decide(
        [line(1, "上海"), line(1, "深圳"), line(1)], [belief] * 3, terms=TERMS, as_of=START
    )
    assert [d.inclusion_probability for d in found] == [1.0, 0.08, 0.08]


def test_another_day_draws_anew() -> None:
    belief = Belief(0.01, 1, "low")
    days = [
        decide([line(1)], [belief], terms=TERMS, as_of=START + timedelta(days=d))[0]
        for d in range(3)
    ]
    assert len({d.draw for d in days}) == len({d.commitment for d in days}) == 3


@given(st.floats(0, 1), st.floats(0, 1), LEVEL)
def test_more_harm_is_never_inspected_less(a: float, b: float, level: RiskLevel) -> None:
    low, high = (
        lanes.inclusion(
            POLICY,
            gain=lanes.gain(POLICY, likelihood=p, severity=3, level=level),
            level=level,
            price=1.0,
        )
        for p in sorted((a, b))
    )
    assert low <= high


def test_as_many_beliefs_as_lines() -> None:
    with pytest.raises(ValueError, match="zip"):
        decide([line(1)], [], terms=TERMS, as_of=START)


def test_items_follow_the_hazards_and_else_the_usual() -> None:
    assert [i.hazard for i in items.items(POLICY, ("burn", "fire"))] == ["burn", "fire"]
    assert [i.hazard for i in items.items(POLICY, ("unheard_of",))] == [""]
    many = tuple(POLICY.items)
    assert len(items.items(POLICY, many)) == items.MOST
