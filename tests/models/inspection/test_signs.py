"""Signs of hazards are those of such goods, nearest and newest first, each fact once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from features import catalog, memory
from features.judgements import Annotation
from features.records import Declaration, Inspection, Record, Report
from models.inspection import policy, signs
from models.inspection.items import Signs

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = policy.load()
FLAME = POLICY.items["fire"][0].zh


def line(name: str, days: float, **told: Any) -> Declaration:
    fields = {"declaration_id": name, "declared_at": NOON - days * DAY, "enterprise_id": "E1"}
    goods = {"hs_code": "8516310000", "origin": "VN", "brand": "Nova"}
    return Declaration.model_validate({**fields, **goods, **told})


def visited(
    name: str, days: float, hazards: str = "", items: str = "", **told: Any
) -> list[Record]:
    """A line and its inspection, which failed where it names hazards."""
    outcome = "fail" if hazards else "pass"
    fields = {"declaration_id": name, "inspected_at": NOON - days * DAY, "outcome": outcome}
    visit = Inspection.model_validate({**fields, "hazards": hazards, "items": items})
    return [line(name, days + 1, **told), visit]


def reported(name: str, days: float, hazards: str, **told: Any) -> list[Record]:
    at = NOON - days * DAY
    report = {"report_id": name, "channel": "12315", "received_at": at, "text": "冒烟"}
    goods = {"hs_code": "8516", "brand": "Nova"}
    read = {"report_id": name, "model_version": "7", "annotated_at": at, "relevant": True}
    return [
        Report.model_validate({**report, **goods}),
        Annotation.model_validate({**read, "category": "q", "hazards": hazards, **told}),
    ]


TABLES = {
    Declaration: "declarations",
    Inspection: "inspections",
    Report: "reports",
    Annotation: "annotations",
}


def seen(*facts: list[Record]) -> Signs:
    """Return the signs for one more line of the same firm, brand, origin and heading."""
    every = [fact for some in facts for fact in some]
    every += [r for n in range(60) for r in visited(f"X{n}", 5.0 + n, hs_code="9503", brand="Y")]
    tables = {
        name: memory.frame(name, [fact for fact in every if isinstance(fact, kind)])
        for kind, name in TABLES.items()
    }
    features = catalog.standard(tables)
    index = memory.recall(tables, features, text_version=None)
    return signs.signs(line("D", 0), index=index, features=features, policy=POLICY, as_of=NOON)


def test_nothing_known_is_no_sign() -> None:
    assert seen() == {}


def test_failures_and_reports_are_counted_once_by_the_hazards_they_name() -> None:
    found = seen(
        visited("D1", 10, "fire;burn"),
        visited("D2", 200, "fire"),
        reported("R1", 5, "fire"),
        reported("R2", 6, "choking", cluster_size=2),
        reported("R3", 6, "choking", relevant=False),
    )
    assert set(found) == {"fire", "burn"}
    fire = found["fire"]
    assert (fire.failures, fire.reports, fire.recent, fire.before) == (2, 1, 2, 1)
    assert [e.id for e in fire.evidence][:2] == [
        "R1",
        f"D1@{int((NOON - 10 * DAY).timestamp() * 1000)}",
    ]
    assert fire.quiet == pytest.approx(5, abs=1e-6)
    assert fire.weight > found["burn"].weight


def test_other_goods_and_old_facts_are_no_sign() -> None:
    old = POLICY.choice.days + 10
    assert seen(visited("D1", 10, "fire", hs_code="9503"), visited("D2", old, "fire")) == {}


def test_nearer_goods_weigh_more() -> None:
    near = seen(visited("D1", 10, "fire"))["fire"]
    far = seen(visited("D1", 10, "fire", enterprise_id="E2", brand="Z", origin="DE"))["fire"]
    assert near.weight > far.weight
    assert far.quiet is None, "another source's failure says nothing of this one's silence"


def test_passes_count_where_the_inspection_says_that_the_test_was_run() -> None:
    told = [visited(f"P{n}", 20 + n, items=f"{FLAME};别的") for n in range(3)]
    silent = [visited(f"Q{n}", 20 + n) for n in range(3)]
    other = [
        visited(f"O{n}", 20 + n, items="fire", enterprise_id="E2", brand="Z") for n in range(3)
    ]
    found = seen(*told, *silent, *other)
    assert found["fire"].passes == 3
    assert found["fire"].quiet is None
    after = seen(*told, visited("F", 21.5, "fire"))
    assert after["fire"].passes == 2, "those since the last failure"


def test_many_facts_are_all_counted() -> None:
    fresh = [reported(f"R{n}", 1.0 + n / 10, "fire") for n in range(250)]
    old = [reported(f"S{n}", 200.0 + n / 10, "fire") for n in range(250)]
    fire = seen(*fresh, *old)["fire"]
    assert (fire.recent, fire.before, fire.reports) == (250, 250, 500)
