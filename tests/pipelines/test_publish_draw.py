"""Before a day is over only its commitment is published, afterwards everything that was drawn."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from features.errors import Invalid
from features.judgements import Assignment, Plan
from features.store import Store
from models.inspection import policy
from models.inspection.draws import draw, roster
from models.inspection.draws.published import Goods, Published
from pipelines import clock
from pipelines.assign import assign
from pipelines.cli_draw import app
from pipelines.publish_draw import publish_draw, summary, write
from tests.pipelines.test_assign import (
    AGENCY,
    DAY,
    DUTY,
    EVENING,
    SECRET,
    START,
    decision,
    declaration,
    filled,
)

OVER = START + timedelta(days=1)
STAFF = roster.load()


def plan(port: str, **told: Any) -> Plan:
    fields: dict[str, Any] = {
        "plan_id": f"{DAY}/{port}",
        "day": DAY.isoformat(),
        "port": port,
        "planned_at": START - timedelta(hours=8),
        "price": 1.0,
        "capacity": 8,
        "expected_lines": 10,
        "commitment": draw.commitment(SECRET),
        "policy_version": "p",
    }
    return Plan.model_validate({**fields, **told})


def test_until_the_day_is_over_only_the_commitment_is_told(store: Store) -> None:
    filled(store)
    assign(store, duty=DUTY, as_of=EVENING)
    store.append([plan("深圳蛇口"), plan("上海洋山", planned_at=START)])
    for now in (START - timedelta(days=9), EVENING, OVER - timedelta(milliseconds=1)):
        told = publish_draw(store, day=DAY, secret=AGENCY, rosters=[STAFF], now=now)
        assert told["commitment"] == draw.commitment(SECRET)
        assert told["committed_at"] == "2024-02-29T08:00:00.000+00:00", (
            "when it was first on record"
        )
        assert told["roster_sha256"] == [STAFF.sha256]
        assert {*told} & {"secret", "decisions", "assignments", "rosters"} == set()
        assert summary(told)["roster_sha256"] == STAFF.sha256
        text = json.dumps(told, ensure_ascii=False)
        assert SECRET.hex() not in text
        assert AGENCY.decode() not in text
        assert "D001" not in text


def test_after_the_day_everything_is_told(store: Store) -> None:
    decided = filled(store)
    made = assign(store, duty=DUTY, as_of=EVENING)
    store.append([plan("深圳蛇口")])
    told: Any = publish_draw(store, day=DAY, secret=AGENCY, rosters=[STAFF], now=OVER)
    assert told["secret"] == SECRET.hex()
    assert told["rosters"] == [{"kind": "yaml", "text": STAFF.text}]
    assert len(told["decisions"]) == len(decided)
    for line, one in zip(told["decisions"], decided, strict=True):
        assert line == {
            "declaration_id": one.declaration_id,
            "decision_id": one.decision_id,
            "decided_at": f"{one.decided_at:%Y-%m-%dT%H:%M:%S.000Z}",
            "inclusion_probability": one.inclusion_probability,
            "draw": one.draw,
            "lane": one.lane,
        }
    assert [one["inspector_id"] for one in told["assignments"]] == [m.inspector_id for m in made]
    assert told["assignments"][0]["goods"] == {
        "port": declaration(int(made[0].declaration_id[1:])).port,
        "hs_code": "8516101000",
        "enterprise_id": "FIRM-03",
        "manufacturer_id": None,
    }
    assert summary(told) == {
        **{name: told[name] for name in ("day", "commitment", "committed_at", "published_at")},
        **{"secret": SECRET.hex(), "rosters": 1, "decisions": 60, "assignments": len(made)},
    }


def test_without_a_roster_no_goods_and_no_enterprise_are_told(store: Store) -> None:
    filled(store)
    assign(store, duty=DUTY, as_of=EVENING)
    told: Any = publish_draw(store, day=DAY, secret=AGENCY, now=OVER)
    assert told["rosters"] == []
    assert {one["goods"] for one in told["assignments"]} == {None}
    text = json.dumps(told)
    assert "FIRM-03" not in text
    assert "8516101000" not in text


def test_goods_are_told_as_they_were_when_somebody_was_drawn(store: Store) -> None:
    line = declaration(1, port="深圳蛇口")
    moved = line.model_copy(update={"port": "上海洋山", "known_at": EVENING + timedelta(hours=1)})
    store.append([line, decision(line, lane="full")])
    assign(store, duty=DUTY, as_of=EVENING)
    store.append([moved])
    told: Any = publish_draw(store, day=DAY, secret=AGENCY, rosters=[STAFF], now=OVER)
    assert told["assignments"][0]["goods"]["port"] == "深圳蛇口"


def test_every_version_of_an_assignment_is_told(store: Store) -> None:
    line = declaration(1)
    store.append([line, decision(line, lane="full")])
    (made,) = assign(store, duty=DUTY, as_of=EVENING)
    later = EVENING + timedelta(hours=1)
    fields = made.model_dump() | {"inspector_id": "SK-0999", "assigned_at": later}
    store.append([Assignment.model_validate(fields | {"known_at": later})])
    told: Any = publish_draw(store, day=DAY, secret=AGENCY, now=OVER)
    assert [one["inspector_id"] for one in told["assignments"]] == [made.inspector_id, "SK-0999"]


def test_another_secret_than_the_plans_is_refused_before_and_after(store: Store) -> None:
    store.append([plan("深圳蛇口"), plan("上海洋山", commitment="0" * 64)])
    for now in (EVENING, OVER):
        with pytest.raises(Invalid, match="the plans of 2024-03-01 carry the commitment 0000"):
            publish_draw(store, day=DAY, secret=AGENCY, now=now)


def test_a_plan_that_was_corrected_still_binds(store: Store) -> None:
    first = plan("深圳蛇口", commitment="0" * 64)
    store.append([first, plan("深圳蛇口", planned_at=START - timedelta(hours=1))])
    with pytest.raises(Invalid, match="carry the commitment 0000"):
        publish_draw(store, day=DAY, secret=AGENCY, now=OVER)


def test_another_secret_than_the_decisions_is_refused(store: Store) -> None:
    filled(store)
    with pytest.raises(Invalid, match="the lines of 2024-03-01 were drawn with another secret"):
        publish_draw(store, day=DAY, secret=b"another", now=OVER)


def test_a_day_without_lines_and_plans_is_published_too(store: Store) -> None:
    told = publish_draw(store, day=date(2024, 3, 5), secret=AGENCY, now=OVER + timedelta(days=9))
    assert (told["committed_at"], told["decisions"], told["assignments"]) == (None, [], [])


def test_what_is_written_is_one_json_with_a_line_for_each_decision(
    store: Store, tmp_path: Path
) -> None:
    filled(store)
    assign(store, duty=DUTY, as_of=EVENING)
    told = publish_draw(store, day=DAY, secret=AGENCY, rosters=[STAFF], now=OVER)
    write(told, tmp_path / "day.json")
    text = (tmp_path / "day.json").read_text(encoding="utf-8")
    assert json.loads(text) == told
    assert Published.model_validate_json(text, strict=True).day == DAY
    assert sum('"D001"' in line for line in text.splitlines()) <= 2
    assert [path.name for path in tmp_path.glob("*.json*")] == ["day.json"]
    assert set(Goods._fields) == {"port", "hs_code", "enterprise_id", "manufacturer_id"}


def test_the_commands_assign_and_publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'facts.db'}"
    store = Store.open(url)
    filled(store)
    store.close()
    secret = ("--draw-secret", AGENCY.decode(), "--store", url)
    out = ("publish-draw", "--day", str(DAY), "--out", str(tmp_path / "day.json"), *secret)
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    files = ("--roster", str(roster.FILE), "--policy", str(policy.FILE))
    sent = ("assign", *files, "--day", str(DAY), *secret)
    told = CliRunner().invoke(app, [*sent])
    assert told.exit_code == 0, told.output
    assert "SK-0101" in told.output
    assert "无人可派 nobody 0" in told.output
    told = CliRunner().invoke(app, [*out])
    assert told.exit_code == 0, told.output
    assert "secret" not in json.loads((tmp_path / "day.json").read_text())
    assert SECRET.hex() not in told.output
    assert draw.commitment(SECRET) in told.output
    monkeypatch.setattr(clock, "now", lambda: OVER)
    told = CliRunner().invoke(app, [*out, "--roster", str(roster.FILE)])
    assert told.exit_code == 0, told.output
    assert len(json.loads((tmp_path / "day.json").read_text())["decisions"]) == 60


def test_today_is_meant_where_no_day_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    url = f"sqlite:///{tmp_path / 'facts.db'}"
    words = ["publish-draw", "--out", str(tmp_path / "day.json"), "--store", url]
    told = CliRunner().invoke(app, [*words, "--draw-secret", AGENCY.decode()])
    assert told.exit_code == 0, told.output
    assert json.loads((tmp_path / "day.json").read_text())["day"] == "2024-03-01"
