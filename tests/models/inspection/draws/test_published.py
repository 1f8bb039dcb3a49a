"""Whatever is changed in a published day is found, but for a line that was left out."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from features.reasons import Lane
from models.inspection import policy
from models.inspection.draws import draw, inspectors, published, roster
from models.inspection.draws.inspectors import Duty, Job
from models.inspection.draws.published import ALGORITHM, FEW, Check, Noted, Published, checks

DAY = date(2024, 3, 1)
START = datetime(2024, 2, 29, 16, tzinfo=UTC)  # midnight in Shanghai
SECRET = draw.day_secret(b"agency", DAY)
OTHER = draw.day_secret(b"another agency", DAY)
STAFF = roster.load()
DUTY = Duty(DAY, STAFF, policy.load().effort, SECRET)
PORTS = ("深圳蛇口", "上海洋山", "宁波北仑", None)
GOODS = ("8516101000", "9503002100", None)
LANES: tuple[Lane, ...] = ("documents", "sampling", "full")
File = dict[str, Any]


def line(number: int) -> File:
    name, chance = f"D{number:03d}", (0.05, 0.3, 0.9, 1.0)[number % 4]
    found = draw.draw(SECRET, name)
    return {
        "declaration_id": name,
        "decision_id": f"{name}@{number}",
        "decided_at": (START + timedelta(minutes=number)).isoformat(),
        "inclusion_probability": chance,
        "draw": found,
        "lane": LANES[number % 3] if found < chance else "release",
    }


def job(told: File) -> Job:
    number = int(told["declaration_id"][1:])
    return Job(
        told["decision_id"],
        told["declaration_id"],
        datetime.fromisoformat(told["decided_at"]),
        told["lane"],
        PORTS[number % 4],
        GOODS[number % 3],
        "FIRM-03" if number % 2 else "FIRM-04",
        "M000012",
    )


def day() -> File:
    """A day as it is published: 300 lines, and everyone drawn for them."""
    lines = [line(number) for number in range(300)]
    jobs = {told["decision_id"]: job(told) for told in lines if told["lane"] != "release"}
    made = inspectors.assign([*jobs.values()], duty=DUTY, as_of=START + timedelta(hours=20))
    sent = [one.model_dump(mode="json", exclude={"x", "known_at", "commitment"}) for one in made]
    for one in sent:
        found = jobs[one["decision_id"]]
        one["goods"] = {name: getattr(found, name) for name in published.Goods._fields}
    return {
        "format": "yujing-draw/1",
        "day": DAY.isoformat(),
        "commitment": draw.commitment(SECRET),
        "committed_at": (START - timedelta(hours=8)).isoformat(),
        "published_at": (START + timedelta(hours=25)).isoformat(),
        "algorithm": ALGORITHM,
        "secret": SECRET.hex(),
        "rosters": [{"kind": STAFF.kind, "text": STAFF.text}],
        "decisions": lines,
        "assignments": sent,
    }


WHOLE = day()
SENT = [one for one in WHOLE["assignments"] if len(one["chances"]) > 1]


def found(file: File, noted: Noted = published.NOTHING) -> list[Check]:
    return checks(Published.model_validate_json(json.dumps(file), strict=True), noted)


def failed(file: File, noted: Noted = published.NOTHING) -> dict[str, int]:
    return {one.en: one.failed for one in found(file, noted) if one.failed}


def test_an_honest_day_passes_every_check() -> None:
    drawn = len(WHOLE["assignments"])
    counts = {one.en: (one.count, one.failed) for one in found(WHOLE)}
    assert 100 < drawn < 250
    assert counts == {
        "commitment": (1, 0),
        "commitment before the first decision": (1, 0),
        "decided on that day": (300, 0),
        "numbers of lines": (300, 0),
        "lane agrees with the number": (300, 0),
        "each line decided once": (300, 0),
        "each drawn line assigned once": (2 * drawn, 0),
        "numbers of inspectors": (drawn, 0),
        "who was drawn": (drawn, 0),
        "rosters": (1, 0),
        "chances of inspectors": (drawn, 0),
    }
    assert [one.faults for one in found(WHOLE)] == [()] * 11
    assert any(one["inspector_id"] is None for one in WHOLE["assignments"])
    assert any("加班" in (one["reason"] or "") for one in WHOLE["assignments"])


def test_the_order_in_the_file_is_no_matter() -> None:
    file = {**WHOLE}
    for name in ("decisions", "assignments"):
        file[name] = WHOLE[name][::-1]
    assert failed(file) == {}


Change = Callable[[File], object]


def of(name: str, **told: object) -> Change:
    """A change of fields of a line or of an assignment."""
    return lambda file: file[name][7].update(told)


def released(file: File) -> File:
    return next(one for one in file["decisions"] if one["lane"] == "release")


def inspected(file: File) -> File:
    return next(one for one in file["decisions"] if one["lane"] != "release")


def sent(file: File) -> File:
    """An assignment that could have gone to somebody else."""
    name = SENT[5]["decision_id"]
    found: File = next(one for one in file["assignments"] if one["decision_id"] == name)
    return found


def another(one: File) -> str:
    return next(str(name) for name in one["chances"] if name != one["inspector_id"])


def swap(file: File) -> None:
    """Let two inspectors take each other's lines."""
    first = sent(file)
    second = next(
        one
        for one in file["assignments"]
        if one["inspector_id"] in first["chances"] and one["inspector_id"] != first["inspector_id"]
    )
    first["inspector_id"], second["inspector_id"] = second["inspector_id"], first["inspector_id"]


def lean(file: File) -> None:
    """Let another have the greatest chance, so that the number falls on him."""
    one = sent(file)
    one["inspector_id"] = another(one)
    one["chances"] = {n: float(n == one["inspector_id"]) for n in one["chances"]}


def shorten(file: File) -> None:
    """Give an inspector a day of few hours in the roster, so that others were drawn."""
    changed = file["rosters"][0]
    changed["text"] = changed["text"].replace("hours: 7}", "hours: 2}", 1)


LINES = "numbers of lines"
LANE = "lane agrees with the number"
ONCE = "each line decided once"
EACH = "each drawn line assigned once"
PEOPLE = "numbers of inspectors"
WHO = "who was drawn"
CHANCES = "chances of inspectors"
TAMPERED: dict[str, tuple[Change, set[str]]] = {
    "a draw": (lambda f: released(f).update(draw=0.9999), {LINES}),
    "a draw to be spared": (lambda f: inspected(f).update(draw=0.9999), {LINES, LANE}),
    "a draw and its lane": (
        lambda f: inspected(f).update(draw=0.9999, lane="release"),
        {LINES, EACH},
    ),
    "the last digit of a draw": (
        lambda f: released(f).update(draw=released(f)["draw"] + 2**-52),
        {LINES},
    ),
    "a probability to be spared": (lambda f: inspected(f).update(inclusion_probability=0), {LANE}),
    "a probability to be seen": (lambda f: released(f).update(inclusion_probability=1), {LANE}),
    "a release": (lambda f: inspected(f).update(lane="release"), {LANE, EACH}),
    "an inspection": (lambda f: released(f).update(lane="full"), {LANE, EACH}),
    "an id": (lambda f: released(f).update(declaration_id="D999"), {LINES}),
    "a second decision": (
        lambda f: f["decisions"].append({**released(f), "decision_id": "again"}),
        {ONCE},
    ),
    "a decision twice": (lambda f: f["decisions"].append(released(f)), {ONCE}),
    "one decision for two lines": (
        lambda f: released(f).update(decision_id=f["decisions"][-1]["decision_id"]),
        {ONCE},
    ),
    "another day": (lambda f: f.update(day="2024-03-02"), {"decided on that day"}),
    "a line of another day": (
        lambda f: released(f).update(decided_at="2024-03-01T16:00:00Z"),
        {"decided on that day"},
    ),
    "another commitment": (
        lambda f: f.update(commitment=draw.commitment(OTHER)),
        {"commitment"},
    ),
    "another secret": (lambda f: f.update(secret=OTHER.hex()), {"commitment", LINES, PEOPLE}),
    "another secret with its commitment": (
        lambda f: f.update(secret=OTHER.hex(), commitment=draw.commitment(OTHER)),
        {LINES, PEOPLE},
    ),
    "a commitment that came too late": (
        lambda f: f.update(committed_at="2024-02-29T16:00:01Z"),
        {"commitment before the first decision"},
    ),
    "a commitment that nobody saw": (
        lambda f: f.update(committed_at=None),
        {"commitment before the first decision"},
    ),
    "swapped inspectors": (swap, {WHO}),
    "a friend": (lambda f: sent(f).update(inspector_id=another(sent(f))), {WHO}),
    "nobody": (lambda f: sent(f).update(inspector_id=None), {WHO}),
    "a friend's number": (lambda f: sent(f).update(draw=0.999999), {PEOPLE}),
    "a friend's chances": (lean, {CHANCES}),
    "chances that are none": (
        lambda f: sent(f).update(chances=dict.fromkeys(sent(f)["chances"], 0.9)),
        {WHO, CHANCES},
    ),
    "an assignment left out": (lambda f: f["assignments"].remove(sent(f)), {EACH}),
    "an assignment twice": (lambda f: f["assignments"].append(sent(f)), {EACH}),
    "an assignment of another line": (
        lambda f: sent(f).update(declaration_id="D999"),
        {EACH, PEOPLE},
    ),
    "a change of the roster": (shorten, {"rosters"}),
    "goods that are not told": (lambda f: sent(f).update(goods=None), {CHANCES}),
    "another port": (
        lambda f: sent(f)["goods"].update(port="天津"),
        {CHANCES},
    ),
    "an order of assignments": (
        lambda f: sent(f).update(assigned_at="2024-03-01T20:00:00Z"),
        {CHANCES},
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_is_changed_is_found(name: str) -> None:
    change, expected = TAMPERED[name]
    file = deepcopy(WHOLE)
    change(file)
    found = failed(file)
    assert expected <= set(found) <= expected | {CHANCES, WHO}, "and what follows from it"


def test_a_line_that_is_left_out_is_not_found_in_the_file() -> None:
    file = deepcopy(WHOLE)
    file["decisions"].remove(released(file))
    assert failed(file) == {}, "who declared it looks for it"


def test_hours_and_rosters_that_were_never_noted_are_believed() -> None:
    file = deepcopy(WHOLE)
    file["assignments"][-1]["hours"] = 100
    assert failed(file) == {}


def test_what_was_noted_before_the_day_holds() -> None:
    commitment, sha = draw.commitment(SECRET), STAFF.sha256
    assert failed(WHOLE, Noted(commitment, sha)) == {}
    assert failed(WHOLE, Noted("0" * 64)) == {"commitment": 1}
    assert failed(WHOLE, Noted(None, "0" * 64)) == {"rosters": 2}
    assert failed({**WHOLE, "rosters": []}, Noted(None, sha)) == {"rosters": 1}
    unseen = {**WHOLE, "committed_at": None}
    assert failed(unseen, Noted(commitment)) == {}, "whoever noted it needs no plan"


def test_a_change_of_the_roster_is_known_by_its_hash() -> None:
    file = deepcopy(WHOLE)
    shorten(file)
    changed = file["rosters"][0]
    version = roster.parse(changed["text"], changed["kind"], name="changed").version
    for one in file["assignments"]:
        one["roster_version"] = version
    assert CHANCES in failed(file)
    assert "rosters" in failed(file, Noted(None, STAFF.sha256))


def test_without_a_roster_or_assignments_the_rest_is_checked() -> None:
    counts = {one.en: one.count for one in found({**WHOLE, "rosters": []})}
    assert (counts["rosters"], counts[CHANCES]) == (0, 0)
    assert counts[WHO] == len(WHOLE["assignments"])
    counts = {one.en: one.count for one in found({**WHOLE, "assignments": []})}
    assert (counts[EACH], counts[PEOPLE], counts[WHO], counts[CHANCES]) == (0, 0, 0, 0)


def test_a_day_without_lines_passes() -> None:
    assert failed({**WHOLE, "decisions": [], "assignments": [], "committed_at": None}) == {}


def test_faults_say_what_was_found_and_what_is_right() -> None:
    file = deepcopy(WHOLE)
    file["decisions"][0]["draw"] = 0.5
    (fault,) = next(one for one in found(file) if one.en == LINES).faults
    assert fault == f"D000@0: 0.5，应为 should be {draw.draw(SECRET, 'D000')}"
    other = next(one for one in found({**WHOLE, "secret": OTHER.hex()}) if one.en == LINES)
    assert (other.failed, len(other.faults)) == (300, FEW)


def test_progress_is_told() -> None:
    told: list[float] = []
    checks(Published.model_validate_json(json.dumps(WHOLE), strict=True), tell=told.append)
    assert told == sorted(told)
    assert (len(told), told[0]) == (100, 0)


@pytest.mark.parametrize(
    "change",
    [
        of("decisions", draw=1.0),
        of("decisions", draw="0.5"),
        of("decisions", lane="none"),
        of("decisions", inclusion_probability=1.1),
        of("decisions", decided_at="2024-03-01"),
        of("decisions", declaration_id=7),
        of("assignments", chances={"A1": -1}),
        of("assignments", hours=-1),
        lambda file: file["decisions"][7].pop("draw"),
        lambda file: file.update(secret="00"),
        lambda file: file.update(day="today"),
        lambda file: file.update(format="yujing-draw/2"),
        lambda file: file.update(more=1),
    ],
)
def test_wrong_types_are_no_published_day(change: Change) -> None:
    file = deepcopy(WHOLE)
    change(file)
    with pytest.raises(ValidationError):
        found(file)
