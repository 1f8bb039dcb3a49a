"""Each cause says what it does and why; together they keep the policy's precedence."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.ledger import Entries, Visit
from features.reasons import Effect
from features.records import Certificate, Warning
from models.inspection import causes, policy
from models.inspection.allocation.allocate import Allocation
from models.inspection.causes import Case, Weight

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = policy.load()
WORTHLESS, DEAR = Allocation(5.0, 0.0, 1.0), Allocation(0.1, 1.0, 1.0)


def warning(level: str = "II", days: float = -9) -> Warning:
    return Warning.model_validate(
        {
            "warning_id": f"W{level}",
            "level": level,
            "issued_at": NOON + days * DAY,
            "scope": "hs4=8516",
        }
    )


def certificate(**told: Any) -> Certificate:
    fields = {"certificate_id": "C1", "issuer_id": "T1", "issuer": "third_party", "outcome": "pass"}
    when = {"issued_at": NOON - 30 * DAY, "scope": "brand=Nova;hs4=8516"}
    return Certificate.model_validate({**fields, **when, **told})


def visit(days: float = -10, outcome: Any = "pass") -> Visit:
    return Visit("D1", NOON + days * DAY, outcome, NOON + days * DAY)


def found(*bearing: Any, offer: Allocation = WORTHLESS, **more: Any) -> dict[str, Effect]:
    """Return the effects on a low line worth one per hour, by their cause; the last of each."""
    entries = Entries(
        tuple(b for b in bearing if isinstance(b, Warning)),
        tuple(b for b in bearing if isinstance(b, Certificate)),
        tuple(b for b in bearing if isinstance(b, Visit)),
    )
    weight = Weight(1.0, "low", offer)
    told = causes.effects(POLICY, Case(entries, **more), weight=weight, as_of=NOON)
    return {effect.cause: effect for effect in told}


def chance(*bearing: Any, offer: Allocation = WORTHLESS, **more: Any) -> float:
    return causes.least(list(found(*bearing, offer=offer, **more).values()))[-1]


def test_without_a_cause_the_floor_alone_holds() -> None:
    assert list(found()) == ["floor"]
    assert chance() == pytest.approx(0.02)
    assert chance(offer=Allocation(5.0, 0.0, 0.5)) == pytest.approx(0.01)


def test_risk_is_a_cause_from_the_price_on() -> None:
    assert chance(offer=DEAR) == 1.0
    at_price = Allocation(1.0, 0.25, 1.0)
    assert chance(offer=at_price) == pytest.approx(0.02 + 0.25 * 0.98)
    effect = found(offer=DEAR)["risk"]
    assert (effect.lane, "价格 0.1" in effect.zh, "0.1" in effect.en) == ("documents", True, True)
    assert "充裕" in found(offer=Allocation(1e-9, 1.0, 1.0))["risk"].zh


@pytest.mark.parametrize("level", ["I", "II", "III", "IV"])
def test_a_warning_raises_the_probability_as_the_policy_says(level: Any) -> None:
    asked = POLICY.warnings[level]
    effect = found(warning(level))["warning"]
    assert (effect.least, effect.lane, effect.id) == (asked.least, asked.lane, f"W{level}")
    assert effect.evidence[0].kind == "warning"
    assert chance(warning(level)) == max(asked.least, 0.02)


def test_a_recognised_result_lowers_what_risk_asks_but_never_below_the_floor() -> None:
    assert chance(certificate(), offer=DEAR) == 0.5
    agency = certificate(issuer="agency")
    assert chance(agency, offer=DEAR) == 0.1
    assert chance(agency) == pytest.approx(0.02)
    assert found(agency)["recognition"].evidence[0].id == "C1"
    serious = Weight(99.0, "serious", DEAR)
    told = causes.effects(POLICY, Case(Entries((), (agency,), ())), weight=serious, as_of=NOON)
    assert causes.least(told)[-1] == pytest.approx(0.9), "the floor of a serious line is .9"


@pytest.mark.parametrize(("level", "recognised"), [("I", 0), ("II", 0), ("III", 1), ("IV", 1)])
def test_nothing_is_recognised_under_a_warning_of_level_i_or_ii(
    level: str, recognised: int
) -> None:
    told = found(certificate(), warning(level), offer=DEAR)
    assert ("recognition" in told) == bool(recognised)
    assert causes.least(list(told.values()))[-1] == (0.5 if recognised else 1.0)


@pytest.mark.parametrize(
    ("told", "recognised"),
    [
        ({}, True),
        ({"scope": "hs4=8516;origin=VN"}, False),
        ({"scope": "enterprise=E1"}, True),
        ({"issued_at": NOON - 366 * DAY}, False),
        ({"issued_at": NOON - 366 * DAY, "valid_until": NOON + DAY}, True),
        ({"issuer": "agency", "issued_at": NOON - 181 * DAY}, False),
    ],
)
def test_a_certificate_counts_while_it_is_valid_and_speaks_of_somebody(
    told: dict[str, Any], recognised: bool
) -> None:
    assert ("recognition" in found(certificate(**told))) == recognised


def test_a_result_that_failed_raises_the_probability_even_under_a_warning() -> None:
    failed = certificate(outcome="fail")
    assert chance(failed) == 0.5
    assert chance(failed, warning("IV")) == 0.5
    assert "recognition" in found(failed, warning("II"))


def test_rows_of_recognition_may_name_issuers_and_goods() -> None:
    narrow = POLICY.recognition[2].model_copy(update={"issuers": ("T2",), "hs": ("95",)})
    rules = POLICY.model_copy(update={"recognition": (narrow,)})
    for told, fits in (
        ({"issuer_id": "T2", "scope": "brand=Nova;hs4=9503"}, True),
        ({"issuer_id": "T2"}, False),
        ({"scope": "brand=Nova;hs4=9503"}, False),
    ):
        case = Case(Entries((), (certificate(**told),), ()))
        effects = causes.effects(rules, case, weight=Weight(1, "low", DEAR), as_of=NOON)
        assert ("recognition" in {e.cause for e in effects}) == fits


def test_a_lot_that_passed_is_not_inspected_again_in_its_validity() -> None:
    assert chance(visit(), offer=DEAR) == 0.0
    assert found(visit())["lot"].evidence[0].kind == "inspection"
    assert chance(visit(-91), offer=DEAR) == 1.0, "its days are over"
    assert chance(visit(outcome="fail"), offer=DEAR) == 1.0
    assert chance(visit(-2, outcome="fail"), visit(), offer=DEAR) == 1.0, "it failed since"
    assert chance(visit(-2), visit(outcome="fail"), offer=DEAR) == 0.0, "it passed since"


def test_another_agencys_result_on_the_very_lot_spares_it_too() -> None:
    of_lot = {"issuer": "agency", "scope": "lot=L7;enterprise=E1"}
    assert chance(certificate(**of_lot), offer=DEAR) == 0.0
    assert found(certificate(**of_lot))["lot"].evidence[0].kind == "certificate"
    assert chance(certificate(**{**of_lot, "outcome": "fail"}), offer=DEAR) == 1.0
    assert "lot" not in found(certificate(**{**of_lot, "issuer": "third_party"}))
    assert "lot" not in found(certificate(**{**of_lot, "scope": "lot=L7"})), "a number is no lot"
    late = {**of_lot, "valid_until": NOON + DAY, "issued_at": NOON - 400 * DAY}
    assert "lot" in found(certificate(**late))


def test_a_grave_warning_issued_since_speaks_of_what_nobody_looked_for() -> None:
    assert chance(visit(), warning("II", days=-11), offer=DEAR) == 0.0
    assert chance(visit(), warning("II", days=-5)) == 0.6
    assert chance(visit(), warning("III", days=-5)) == 0.0


def rule(
    name: str, least: float = 0.0, most: float = 1.0, lane: Any = None, cause: Any = "rule"
) -> Effect:
    return Effect(cause=cause, id=name, least=least, most=most, lane=lane, zh="规则", en="rule")


def ruled(*rules: Effect, visits: tuple[Visit, ...] = ()) -> float:
    case = Case(Entries(visits=visits), rules)
    told = causes.effects(POLICY, case, weight=Weight(1.0, "low", WORTHLESS), as_of=NOON)
    return causes.least(told)[-1]


def test_an_earlier_rule_stands_before_a_later_one_and_a_prohibition_before_all() -> None:
    mandatory, exempt = rule("m", 1.0, 1.0, "full"), rule("e", most=0.0)
    prohibited = rule("p", 1.0, 1.0, "full", cause="prohibition")
    assert ruled(mandatory, exempt) == 1.0
    assert ruled(exempt, mandatory) == 0.0
    assert ruled(exempt, prohibited) == 1.0


def test_no_rule_but_a_prohibition_inspects_a_lot_twice() -> None:
    assert ruled(rule("m", 1.0, 1.0, "full"), visits=(visit(),)) == 0.0
    assert ruled(rule("a", 0.5), visits=(visit(),)) == 0.0
    assert ruled(rule("p", 1.0, 1.0, "full", cause="prohibition"), visits=(visit(),)) == 1.0


EFFECT = st.builds(
    Effect,
    cause=st.just("rule"),
    id=st.just("x"),
    least=st.floats(0, 1),
    most=st.floats(0, 1),
    zh=st.just("因"),
    en=st.just("why"),
)


@given(st.lists(EFFECT, max_size=8))
def test_each_cause_only_narrows_what_those_before_it_left_open(effects: list[Effect]) -> None:
    bounds = causes.bounds(effects)
    assert bounds[0] == (0.0, 1.0)
    for (low, high), (least, most) in itertools.pairwise(bounds):
        assert low <= least <= most <= high
    assert causes.least(effects) == [low for low, _ in bounds[1:]]
