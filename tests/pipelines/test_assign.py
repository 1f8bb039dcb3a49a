"""Every drawn line of a day is given an inspector once, recomputably, and nothing twice."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from features.errors import Invalid
from features.judgements import Assignment, Decision
from features.records import Declaration
from features.store import Store
from models.inspection import policy
from models.inspection.draws import draw, inspectors, roster
from models.inspection.draws.inspectors import Duty
from pipelines.assign import assign, decisions, declared

DAY = date(2024, 3, 1)
START = datetime(2024, 2, 29, 16, tzinfo=UTC)  # midnight in Shanghai
EVENING = START + timedelta(hours=20)
AGENCY = b"a secret for tests only, long enough"
SECRET = draw.day_secret(AGENCY, DAY)
DUTY = Duty(DAY, roster.load(), policy.load().effort, SECRET)
PORTS = ("深圳蛇口", "上海洋山", "宁波北仑")


def declaration(number: int, **told: Any) -> Declaration:
    fields: dict[str, Any] = {
        "declaration_id": f"D{number:03d}",
        "declared_at": START + timedelta(minutes=number),
        "enterprise_id": "FIRM-03",
        "hs_code": "8516101000",
        "port": PORTS[number % 3],
    }
    return Declaration.model_validate({**fields, **told})


def decision(line: Declaration, *, agency: bytes = AGENCY, **told: Any) -> Decision:
    """A decision as ``decide`` makes it: one line in two is drawn."""
    at = line.declared_at
    secret = draw.day_secret(agency, draw.day(at))
    number = draw.draw(secret, line.declaration_id)
    fields: dict[str, Any] = {
        "decision_id": f"{line.declaration_id}@{int(at.timestamp() * 1000)}",
        "declaration_id": line.declaration_id,
        "decided_at": at,
        "likelihood": 0.1,
        "severity": 2,
        "level": "medium",
        "lane": "documents" if number < 0.5 else "release",
        "inclusion_probability": 0.5,
        "draw": number,
        "commitment": draw.commitment(secret),
        "model_version": "risk/1",
        "policy_version": "p",
        "matrix_version": "m",
    }
    return Decision.model_validate({**fields, **told})


def filled(store: Store, numbers: Sequence[int] = range(60)) -> list[Decision]:
    """Store lines and their decisions; return the decisions."""
    lines = [declaration(number) for number in numbers]
    decided = [decision(line) for line in lines]
    store.append([*lines, *decided])
    return decided


def test_every_drawn_line_gets_its_inspector(store: Store) -> None:
    decided = {one.decision_id: one for one in filled(store)}
    made = assign(store, duty=DUTY, as_of=EVENING)
    drawn = [one.decision_id for one in decided.values() if one.lane != "release"]
    assert [one.decision_id for one in made] == drawn, "in the order of the decisions"
    assert 15 < len(drawn) < 45
    jobs = [
        inspectors.job(decided[name], declaration(int(decided[name].declaration_id[1:])))
        for name in drawn
    ]
    assert made == inspectors.assign(jobs, duty=DUTY, as_of=EVENING)
    kept = {one.fact_id: one for one in store.select("assignments", "decision_id", values=drawn)}
    assert [kept[name] for name in drawn] == made


def test_assigning_twice_changes_nothing(store: Store) -> None:
    filled(store)
    made = assign(store, duty=DUTY, as_of=EVENING)
    assert assign(store, duty=DUTY, as_of=EVENING + timedelta(hours=1)) == []
    assert store.count("assignments") == len(made) > 0


def test_a_line_for_which_nobody_was_found_is_tried_again_with_another_roster(
    store: Store,
) -> None:
    filled(store)
    elsewhere = "inspectors:\n  - {inspector_id: 'X-1', port: 别处, hours: 7}\n"
    nobody = replace(DUTY, roster=roster.parse(elsewhere, "yaml", name="elsewhere"))
    first = assign(store, duty=nobody, as_of=EVENING)
    again = assign(store, duty=nobody, as_of=EVENING + timedelta(minutes=1))
    assert {one.inspector_id for one in (*first, *again)} == {None}
    assert store.count("assignments") == len(first) == len(again) > 0
    made = assign(store, duty=DUTY, as_of=EVENING + timedelta(minutes=2))
    assert None not in {one.inspector_id for one in made}
    assert [one.decision_id for one in made] == [one.decision_id for one in first]
    assert assign(store, duty=DUTY, as_of=EVENING + timedelta(minutes=3)) == []


def test_in_two_runs_it_comes_out_as_in_one(store: Store) -> None:
    decided = filled(store)
    noon = START + timedelta(minutes=30)
    first = assign(store, duty=DUTY, as_of=noon)
    second = assign(store, duty=DUTY, as_of=EVENING)
    assert {one.assigned_at for one in first} == {noon}
    assert [one.decision_id for one in first] == [
        one.decision_id for one in decided[:30] if one.lane != "release"
    ]
    jobs = [
        inspectors.job(one, declaration(int(one.declaration_id[1:])))
        for one in decided
        if one.lane != "release"
    ]
    whole = inspectors.assign(jobs, duty=DUTY, as_of=EVENING)
    assert [(one.inspector_id, one.chances) for one in (*first, *second)] == [
        (one.inspector_id, one.chances) for one in whole
    ]


def test_only_the_lines_of_the_civil_day_are_assigned(store: Store) -> None:
    edges = [
        declaration(1, declared_at=START - timedelta(milliseconds=1)),
        declaration(2, declared_at=START),
        declaration(3, declared_at=START + timedelta(days=1, milliseconds=-1)),
        declaration(4, declared_at=START + timedelta(days=1)),
    ]
    store.append([*edges, *(decision(line, lane="full") for line in edges)])
    made = assign(store, duty=DUTY, as_of=START + timedelta(days=3))
    assert [one.declaration_id for one in made] == ["D002", "D003"]
    assert [*decisions(store, DAY)["declaration_id"]] == ["D002", "D003"]


def test_who_may_go_follows_the_line_as_it_was_known(store: Store) -> None:
    line = declaration(1, port="深圳蛇口")
    moved = line.model_copy(update={"port": "上海洋山", "known_at": START + timedelta(hours=2)})
    later = line.model_copy(update={"port": "宁波北仑", "known_at": EVENING})
    store.append([line, moved, later, decision(line, lane="full")])
    (made,) = assign(store, duty=DUTY, as_of=EVENING)
    assert {name[:2] for name in made.chances} == {"YS"}
    assert declared(store, {"D001": START + timedelta(hours=1)})["D001"].port == "深圳蛇口"
    assert declared(store, {"D001": START}) == {}


def test_the_moment_is_kept_as_it_is_stored(store: Store) -> None:
    line = declaration(1)
    store.append([line, decision(line, lane="full")])
    (made,) = assign(store, duty=DUTY, as_of=EVENING + timedelta(microseconds=1500))
    assert made.assigned_at == EVENING + timedelta(milliseconds=1)
    assert store.find("assignments", made.decision_id) == made


def test_a_day_drawn_with_another_secret_is_refused(store: Store) -> None:
    filled(store)
    other = Duty(DAY, DUTY.roster, DUTY.effort, draw.day_secret(b"another", DAY))
    with pytest.raises(Invalid, match="drawn with another secret: their commitment is"):
        assign(store, duty=other, as_of=EVENING)
    assert store.count("assignments") == 0


def test_a_day_without_lines_is_no_failure(store: Store) -> None:
    assert assign(store, duty=DUTY, as_of=EVENING) == []


def test_a_line_that_nobody_can_inspect_is_kept_with_its_reason(store: Store) -> None:
    line = declaration(1, port="天津")
    store.append([line, decision(line, lane="full")])
    (made,) = assign(store, duty=DUTY, as_of=EVENING)
    assert (made.inspector_id, made.chances) == (None, {})
    assert "在本口岸 0 人" in (made.reason or "")
    before = store.count("assignments")
    assign(store, duty=DUTY, as_of=EVENING + timedelta(minutes=1))
    assert store.count("assignments") == before


def test_a_decision_without_its_declaration_is_left_and_said(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.append([decision(declaration(1), lane="full")])
    with caplog.at_level(logging.WARNING):
        assert assign(store, duty=DUTY, as_of=EVENING) == []
    assert "1 decisions without a declaration" in caplog.text


def test_stored_assignments_are_exactly_what_was_drawn(store: Store) -> None:
    filled(store)
    made = assign(store, duty=DUTY, as_of=EVENING)
    kept = store.select("assignments", "decision_id", values=[one.decision_id for one in made])
    for one in kept:
        assert isinstance(one, Assignment)
        assert one.inspector_id == inspectors.drawn(one.chances, one.draw)
