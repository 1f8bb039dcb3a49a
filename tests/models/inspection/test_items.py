from datetime import UTC, datetime
from typing import Any

import pytest

from features.ledger import Entries
from features.reasons import Item, Lane
from features.records import Declaration, Warning
from models.inspection import items, policy
from models.inspection.causes import PLAIN, Case
from models.inspection.items import Asked, Sign

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
POLICY = policy.load()
PASSED = Sign(passes=30, quiet=400.0)


def line(name: str = "D1", hs_code: str | None = "8516310000") -> Declaration:
    return Declaration.model_validate(
        {"declaration_id": name, "declared_at": NOON, "enterprise_id": "E1", "hs_code": hs_code}
    )


def chosen(
    signs: dict[str, Sign],
    case: Case = PLAIN,
    declaration: Declaration | None = None,
    lane: Lane = "sampling",
) -> tuple[Item, ...]:
    asked = Asked(declaration or line(), case, lane, signs, b"the secret of a day")
    return items.items(POLICY, asked)


def hazards(*told: Any) -> list[str]:
    return [item.hazard for item in chosen(*told)]


def test_goods_without_signs_are_tested_for_what_is_usual() -> None:
    assert hazards({}) == ["electric_shock", "fire"]
    assert {item.why_zh for item in chosen({})} == {"此类商品的常规项目"}
    nothing = chosen({}, PLAIN, line(hs_code="4803000000"))
    assert [item.zh for item in nothing] == [test.zh for test in POLICY.usual_items]
    assert "没有已知" in nothing[0].why_zh


def test_the_longest_beginning_of_a_code_says_what_is_usual() -> None:
    assert items.goods(POLICY, "8507600090") == ("fire", "explosion")
    assert items.goods(POLICY, "8516310000") == ("electric_shock", "fire")
    assert items.goods(POLICY, None) == ()


def test_what_is_pressing_comes_first_and_says_why() -> None:
    signs = {
        "burn": Sign(weight=1.0, before=3, reports=3),
        "mechanical": Sign(weight=9.0, before=2, failures=2),
        "chemical": Sign(weight=0.5, recent=4, before=2, reports=6),
    }
    told = chosen(signs)
    assert [item.hazard for item in told] == ["chemical", "mechanical", "burn", "electric_shock"]
    assert "上升" in told[0].why_zh
    assert "rising" in told[0].why_en
    assert "4" in told[0].why_zh
    assert "2 次因此不合格" in told[1].why_zh
    assert "3 条风险信息" in told[2].why_zh


def test_a_steady_stream_of_reports_does_not_rise() -> None:
    rest = POLICY.choice.days - POLICY.choice.recent
    steady = round(rest / POLICY.choice.recent * 4)
    assert "上升" not in chosen({"burn": Sign(recent=4, before=steady, reports=4)})[0].why_zh
    assert "上升" in chosen({"burn": Sign(recent=9, before=steady, reports=9)})[0].why_zh
    assert "上升" not in chosen({"burn": Sign(recent=1, reports=1)})[0].why_zh


def test_what_has_passed_for_long_is_rotated_out_to_the_floor() -> None:
    found = [hazards({"fire": PASSED}, PLAIN, line(f"D{n}")) for n in range(4_000)]
    share = sum("fire" in told for told in found) / len(found)
    assert share == pytest.approx(POLICY.choice.floor, abs=0.02)
    assert all("electric_shock" in told for told in found)
    drawn = next(n for n, told in enumerate(found) if "fire" in told)
    told = chosen({"fire": PASSED}, PLAIN, line(f"D{drawn}"))
    assert "轮换抽检" in told[-1].why_zh
    assert told[-1].hazard == "fire"


@pytest.mark.parametrize(
    "sign",
    [
        Sign(passes=POLICY.choice.passes - 1, quiet=400.0),
        Sign(passes=30, quiet=POLICY.choice.quiet - 1.0, reports=1),
        Sign(passes=30, quiet=3.0, recent=3, reports=3),
    ],
)
def test_it_stays_while_passes_are_few_or_something_was_heard(sign: Sign) -> None:
    assert all("fire" in hazards({"fire": sign}, PLAIN, line(f"D{n}")) for n in range(50))


def test_what_rotates_in_does_not_follow_the_number_that_drew_the_line() -> None:
    from models.inspection.draws import draw

    secret = b"the secret of a day"
    low = [n for n in range(20_000) if draw.draw(secret, f"D{n}") < 0.05]
    run = sum(draw.item(secret, f"D{n}", hazard="fire") < POLICY.choice.floor for n in low)
    assert run / len(low) == pytest.approx(POLICY.choice.floor, abs=0.03)


def warning(*named: str) -> Case:
    fields = {"warning_id": "W1", "level": "III", "issued_at": NOON, "scope": "hs4=8516"}
    told = Warning.model_validate({**fields, "hazards": named})
    return Case(Entries((told,)), items=("allergen",))


def test_rules_and_warnings_demand_tests_whatever_the_evidence() -> None:
    told = chosen({"fire": PASSED}, warning("choking", "fire"))
    assert [item.hazard for item in told] == ["allergen", "choking", "fire", "electric_shock"]
    assert (told[0].why_zh, told[1].evidence[0].id) == ("规则要求", "W1")


def test_there_are_few_tests_but_all_that_are_demanded() -> None:
    many = {hazard: Sign(failures=1, weight=1.0) for hazard in POLICY.items}
    assert len(hazards(many)) == POLICY.choice.most
    assert len(hazards(many, warning(*POLICY.items))) == len(POLICY.items)
    assert hazards({"unheard_of": Sign(failures=1)}) == ["electric_shock", "fire"]


def test_a_look_at_papers_runs_no_test_that_needs_a_sample_but_what_is_demanded() -> None:
    told = chosen({"fire": Sign(failures=2)}, PLAIN, None, "documents")
    assert [item.zh for item in told] == [test.zh for test in POLICY.usual_items]
    assert told[0].why_zh == "单证审核不取样"
    demanded = chosen({"fire": Sign(failures=2)}, warning("choking"), None, "documents")
    assert [item.hazard for item in demanded] == ["allergen", "choking"]
