from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.judgements import Decision, Plan
from features.reasons import Effect, RiskLevel
from features.records import Declaration
from models.inspection import agency, lanes
from models.inspection.allocation.meter import Meter
from models.inspection.causes import PLAIN, Case
from models.inspection.decide import Belief, Line, Terms, decide
from models.inspection.draws import draw
from models.inspection.items import Sign
from tests.worlds import START

AGENCY = agency.load(b"agency", policy=None, matrix="port", rules=None)
POLICY = AGENCY.policy
LEVEL: st.SearchStrategy[RiskLevel] = st.sampled_from(["low", "medium", "high", "serious"])


def planned(port: str, **told: Any) -> Plan:
    fields = {
        "plan_id": f"2022-01-01/{port}",
        "day": "2022-01-01",
        "port": port,
        "planned_at": START,
        "known_at": START,
        "price": 0.01,
        "capacity": 8.0,
        "expected_lines": 10.0,
        "commitment": "c",
        "policy_version": "p",
    }
    return Plan.model_validate({**fields, **told})


TERMS = Terms(AGENCY, "3", Meter.of([planned("上海")], {}))


def line(
    number: int, belief: Belief, *, port: str | None = None, case: Case = PLAIN, **told: Any
) -> Line:
    fields = {"declaration_id": f"D{number}", "declared_at": START, "enterprise_id": "E1"}
    return Line(Declaration.model_validate({**fields, "port": port, **told}), belief, case)


def decided(*lines: Line, terms: Terms = TERMS, as_of: Any = START) -> list[Decision]:
    return decide(lines, terms=terms, as_of=as_of, look=lambda _: {"fire": Sign(failures=1)})


@given(st.floats(0, 1), st.integers(1, 4), LEVEL, st.integers(0, 500))
def test_a_decision_is_pure_and_true_to_its_own_record(
    likelihood: float, severity: int, level: RiskLevel, number: int
) -> None:
    asked = line(number, Belief(likelihood, severity, level))
    (found,) = decided(asked)
    assert found == decided(asked)[0]
    secret = draw.day_secret(AGENCY.secret, draw.day(START))
    assert found.commitment == draw.commitment(secret)
    assert found.draw == draw.draw(secret, found.declaration_id)
    drawn = found.draw < found.inclusion_probability
    assert (found.lane != "release") == drawn == bool(found.items) == (found.selection is not None)
    assert found.hours == (POLICY.effort[found.lane] if drawn else 0.0)
    assert (found.sample_size is not None) == (found.lane in ("sampling", "full"))
    assert found.inclusion_probability >= POLICY.floors[level] > 0
    versions = (found.policy_version, found.matrix_version, found.rules_version)
    assert versions == (POLICY.version, AGENCY.matrix.version, AGENCY.rules.version)


def test_the_price_of_the_port_decides_before_the_policys() -> None:
    belief = Belief(0.05, 2, "medium")
    found = decided(*(line(1, belief, port=port) for port in ("上海", "深圳", None)))
    chances = [d.inclusion_probability for d in found]
    assert chances == pytest.approx([1.0, 0.08, 0.08])
    assert [d.price for d in found] == [0.01, POLICY.price, POLICY.price]


def test_the_lanes_of_many_lines_follow_the_table() -> None:
    belief = Belief(0.001, 1, "high")
    found = decided(*(line(n, belief) for n in range(20_000)))
    lanes_told = [d.lane for d in found]
    assert lanes_told.count("full") / 20_000 == pytest.approx(0.02, abs=0.004)
    assert lanes_told.count("sampling") / 20_000 == pytest.approx(0.28, abs=0.012)
    assert lanes_told.count("documents") == 0
    assert {d.selection for d in found} == {None, "random"}
    expected = float(np.mean([d.hours_expected for d in found]))
    assert np.mean([d.hours for d in found]) == pytest.approx(expected, rel=0.05)


def test_a_line_chosen_by_risk_is_told_its_lane_or_a_more_intensive_one() -> None:
    found = decided(*(line(n, Belief(0.9, 4, "high")) for n in range(2_000)))
    assert {d.inclusion_probability for d in found} == {1.0}
    assert {d.lane for d in found} == {"sampling", "full"}
    by_lot = [d.selection == "random" for d in found]
    assert np.mean(by_lot) == pytest.approx(POLICY.floors["high"], abs=0.03)
    assert {d.selection for d in found} == {"random", "risk"}


def test_what_a_rule_asks_is_mandated_and_comes_before_the_draw() -> None:
    full = Effect(cause="rule", id="r", least=1, most=1, lane="full", zh="规则", en="rule")
    case = Case(rules=(full,), items=("choking",))
    (found,) = decided(line(1, Belief(0.0, 1, "low"), case=case))
    assert (found.lane, found.selection, found.inclusion_probability) == ("full", "mandated", 1.0)
    assert found.items[0].hazard == "choking"
    assert found.effects[0] == full
    exempt = Effect(cause="rule", id="x", most=0, zh="免检", en="exempt")
    (found,) = decided(line(1, Belief(1.0, 4, "serious"), case=Case(rules=(exempt,))))
    assert (found.lane, found.selection, found.inclusion_probability) == ("release", None, 0.0)
    assert not found.items


def test_the_evidence_is_asked_of_inspected_lines_only() -> None:
    asked: list[int] = []

    def look(position: int) -> dict[str, Sign]:
        asked.append(position)
        return {"burn": Sign(failures=2)}

    lines = [line(n, Belief(0.02, 2, "medium")) for n in range(300)]
    found = decide(lines, terms=TERMS, as_of=START, look=look)
    assert asked == [n for n, d in enumerate(found) if d.lane != "release"]
    sampled = [d for d in found if d.lane in ("sampling", "full")]
    assert sampled
    assert all(d.items[0].hazard == "burn" for d in sampled)


def test_another_day_draws_anew() -> None:
    days = [
        decided(line(1, Belief(0.01, 1, "low")), as_of=START + timedelta(days=d))[0]
        for d in range(3)
    ]
    assert len({d.draw for d in days}) == len({d.commitment for d in days}) == 3


@given(st.floats(0, 1), st.floats(0, 1), LEVEL)
def test_more_harm_is_never_inspected_less(a: float, b: float, level: RiskLevel) -> None:
    low, high = (
        decided(line(1, Belief(p, 3, level)))[0].inclusion_probability for p in sorted((a, b))
    )
    assert low <= high


def test_lines_that_are_decided_together_are_offered_one_price_whatever_their_order() -> None:
    curve = ((0.1, 9.0), (0.2, 2.0), (1.0, 0.5), (4.0, 1e-9))
    plan = planned("上海", curve=curve, profile=tuple((i + 1) / 24 for i in range(24)))
    lines = [line(n, Belief(0.02 * n, 3, "high"), port="上海") for n in range(12)]
    meter = Meter.of([plan], {}, waiting=[each.declaration for each in lines])
    together = decided(*lines, terms=Terms(AGENCY, "3", meter))
    assert len({d.price for d in together}) == 1
    assert decided(*lines[::-1], terms=Terms(AGENCY, "3", meter)) == together[::-1]
    many = Meter.of([plan], {}, waiting=[each.declaration for each in lines * 3])
    dearer = decided(*lines, terms=Terms(AGENCY, "3", many))
    assert (dearer[0].price or 0) > (together[0].price or 0)


def test_more_units_are_taken_where_they_avert_more() -> None:
    cheap = Meter.of([planned("上海", units=100, unit_price=1e-6)], {})
    dear = Meter.of([planned("上海", units=100, unit_price=1.0)], {})
    likely = line(1, Belief(0.9, 4, "serious"), port="上海", quantity=1_000)
    sizes = [decided(likely, terms=Terms(AGENCY, "3", m))[0].sample_size for m in (cheap, dear)]
    low, high = POLICY.samples.sizes["serious"]
    assert sizes[0] is not None
    assert sizes[1] == low <= sizes[0] <= high
    few = line(1, Belief(0.9, 4, "serious"), port="上海", quantity=7)
    assert decided(few, terms=Terms(AGENCY, "3", cheap))[0].sample_size == 7
    assert lanes.most_intensive([]) == "release"
