import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from features import rows
from features import store as stores
from features.errors import Invalid, NotFound, NotReady
from features.judgements import KEPT, Annotation, Assignment, Decision, Plan, Review, Span
from features.reasons import Effect, Item, Reason
from features.records import (
    Certificate,
    Declaration,
    Enterprise,
    Inspection,
    Record,
    Report,
    Warning,
)
from features.rows import OPTIONAL, SHAPES
from features.store import Appended, Store
from features.tables import TABLES

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def declaration(number: int = 1, **told: Any) -> Declaration:
    fields = {"declaration_id": f"D{number}", "declared_at": NOON, "enterprise_id": "E1"}
    return Declaration.model_validate({**fields, **told})


def decision(number: int = 1, **told: Any) -> Decision:
    fields = {
        "decision_id": f"K{number}",
        "declaration_id": "D1",
        "decided_at": NOON + number * timedelta(minutes=1),
        "likelihood": 0.2,
        "severity": 3,
        "level": "high",
        "lane": "full",
        "inclusion_probability": 0.5,
        "draw": 0.25,
        "commitment": "c",
        "items": (Item(hazard="fire", zh="阻燃", en="flame"),),
        "effects": (Effect(cause="risk", id="", least=1.0, lane="full", zh="因", en="why"),),
        "selection": "risk",
        "price": 0.5,
        "sample_size": 13,
        "reasons": (Reason(feature="f", value=None, contribution=0.1, zh="因", en="why"),),
        "model_version": "3",
        "policy_version": "p",
        "matrix_version": "m",
        "degraded": True,
    }
    return Decision.model_validate({**fields, **told})


ONE_OF_EACH: dict[str, Record] = {
    "enterprises": Enterprise(enterprise_id="E1", known_at=NOON, aliases=("甲", "乙")),
    "declarations": declaration(value_cny="12.5", hs_code="8516", x_lane="a", x_size=3, x_new=True),
    "inspections": Inspection.model_validate(
        {"declaration_id": "D1", "inspected_at": NOON, "outcome": "fail", "hazards": "fire;burn"}
    ),
    "reports": Report.model_validate(
        {"report_id": "R1", "channel": "12315", "received_at": NOON, "text": "漏电\n'\"\\%s ?"}
    ),
    "warnings": Warning.model_validate(
        {"warning_id": "W1", "level": "II", "issued_at": NOON, "scope": "hs4=8516;origin=VN"}
    ),
    "annotations": Annotation.model_validate(
        {
            "report_id": "R1",
            "model_version": "7",
            "annotated_at": NOON,
            "relevant": True,
            "category": "electric",
            "severity": 4,
            "confidence": {"category": 0.75},
            "evidence": (Span(start=0, end=2, words="漏电", answer="electric_shock"),),
        }
    ),
    "decisions": decision(),
    "reviews": Review.model_validate(
        {
            "review_id": "V1",
            "subject": "decision",
            "subject_id": "K1",
            "verdict": "agree",
            "reviewer": "officer-7",
            "reviewed_at": NOON,
        }
    ),
    "plans": Plan(
        plan_id="2024-03-02@5301",
        day="2024-03-02",
        port="5301",
        planned_at=NOON,
        price=0.5,
        capacity=8,
        expected_lines=120,
        commitment="c",
        policy_version="p",
        share=0.5,
        curve=((0.1, 2.5), (1.0, 0.5)),
        profile=(0.25, 1.0),
        known_at=NOON,
    ),
    "certificates": Certificate.model_validate(
        {
            "certificate_id": "C1",
            "issuer_id": "L1",
            "issuer": "agency",
            "issued_at": NOON,
            "outcome": "pass",
            "scope": "lot=B7",
            "valid_until": NOON + 90 * DAY,
            "items": "阻燃",
        }
    ),
    "assignments": Assignment(
        decision_id="K1",
        declaration_id="D1",
        assigned_at=NOON,
        inspector_id="I1",
        draw=0.25,
        commitment="c",
        chances={"I1": 0.75, "I2": 0.25},
        hours=2.0,
        roster_version="r",
        known_at=NOON,
    ),
}


def test_every_kind_comes_back_as_it_was(store: Store) -> None:
    assert set(ONE_OF_EACH) == set(KEPT)
    assert store.append(list(ONE_OF_EACH.values())) == Appended(added=len(KEPT), unchanged=0)
    for table, fact in ONE_OF_EACH.items():
        assert store.find(table, fact.fact_id) == fact
        assert store.count(table) == 1


def test_appending_again_changes_nothing(store: Store) -> None:
    facts = list(ONE_OF_EACH.values())
    store.append(facts)
    before = {table: store.after(table, 0) for table in KEPT}
    assert store.append(facts) == Appended(added=0, unchanged=len(KEPT))
    assert {table: store.after(table, 0) for table in KEPT} == before


def test_nothing_may_be_appended(store: Store) -> None:
    assert store.append([]) == Appended(added=0, unchanged=0)


def test_a_correction_is_a_new_version(store: Store) -> None:
    first, second = declaration(unit="kg"), declaration(unit="件", known_at=NOON + DAY)
    store.append([first])
    assert store.append([first, second]) == Appended(added=1, unchanged=1)
    assert store.find("declarations", "D1") == second
    assert store.versions("declarations", "D1") == [first, second]


def test_an_older_version_that_comes_late_is_not_the_newest(store: Store) -> None:
    newer, older = declaration(known_at=NOON + DAY), declaration()
    store.append([newer])
    store.append([older])
    assert store.find("declarations", "D1") == newer
    assert store.versions("declarations", "D1") == [older, newer]


def test_other_content_at_the_same_moment_is_a_conflict(store: Store) -> None:
    store.append([declaration(unit="kg")])
    appended = store.append([declaration(2), declaration(unit="件"), declaration(unit="kg")])
    assert (appended.added, appended.unchanged) == (1, 1)
    (conflict,) = appended.conflicts
    assert conflict.position == 1
    assert conflict.reason == (
        "declarations has 'D1' at known_at 2024-03-01T12:00:00+00:00 with other content; "
        "give a correction a later known_at"
    )
    assert store.versions("declarations", "D1") == [declaration(unit="kg")]


def test_of_two_facts_that_contradict_each_other_the_first_stays(store: Store) -> None:
    appended = store.append(
        [declaration(unit="kg"), declaration(unit="件"), declaration(unit="kg")]
    )
    assert (appended.added, appended.unchanged) == (1, 1)
    assert [conflict.position for conflict in appended.conflicts] == [1]
    assert store.find("declarations", "D1") == declaration(unit="kg")


def test_a_fact_that_nobody_told_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="declarations has no 'D9'"):
        store.find("declarations", "D9")
    assert store.versions("declarations", "D9") == []


@pytest.mark.parametrize("ask", ["find", "versions", "count", "frame", "latest", "after", "select"])
def test_a_table_that_is_not_there_is_refused(store: Store, ask: str) -> None:
    needed: dict[str, list[Any]] = {
        "find": ["x"],
        "versions": ["x"],
        "after": [0],
        "select": ["a"],
    }
    values = {"values": ()} if ask == "select" else {}
    with pytest.raises(Invalid, match="table 'goods' is unknown; one of enterprises, declarations"):
        getattr(store, ask)("goods", *needed.get(ask, []), **values)


@pytest.mark.parametrize("table", KEPT)
def test_an_empty_table_has_all_the_columns_of_a_full_one(store: Store, table: str) -> None:
    empty = store.frame(table)
    assert list(empty.columns) == ["fact_id", *(name for name in SHAPES[table] if name != "x")]
    store.append([ONE_OF_EACH[table]])
    full = store.frame(table)
    assert full[empty.columns].dtypes.to_dict() == empty.dtypes.to_dict()


@pytest.mark.parametrize("table", KEPT)
def test_a_frame_says_what_its_record_says(store: Store, table: str) -> None:
    fact = ONE_OF_EACH[table]
    store.append([fact])
    row = store.frame(table).iloc[0].to_dict()
    told = {"fact_id": fact.fact_id, **fact.model_dump(), **fact.x}
    del told["x"]
    assert {name: plain(value) for name, value in row.items()} == {
        name: plain(value) for name, value in told.items()
    }


def plain(value: object) -> object:
    """The value with missing as None, and what is nested as JSON text."""
    if isinstance(value, tuple | dict):
        return type(value), rows.as_json(value)
    return None if value is pd.NaT or value != value else value


@pytest.mark.parametrize("table", KEPT)
def test_moments_and_numbers_have_their_types_in_a_frame(store: Store, table: str) -> None:
    store.append([ONE_OF_EACH[table]])
    types = store.frame(table).dtypes.astype(str)
    expected = {"moment": "datetime64[ms, UTC]", "text": "str", "number": "float64", "flag": "bool"}
    for name, shape in SHAPES[table].items():
        if shape in expected:
            assert types[name] == expected[shape]
        if shape == "integer":
            assert types[name] == ("float64" if name in OPTIONAL[table] else "int64")


def test_extra_columns_stand_beside_the_others(store: Store) -> None:
    facts = [declaration(1, x_a=1), declaration(2, x_b="b"), declaration(3)]
    store.append(facts)
    frame = store.frame("declarations")
    assert list(frame.columns[-2:]) == ["x_a", "x_b"]
    assert frame["x_a"].fillna(0).to_list() == [1, 0, 0]
    assert frame["x_b"].isna().to_list() == [True, False, True]


def test_a_frame_is_in_the_order_of_learning_then_of_arrival(store: Store) -> None:
    late = [declaration(n, known_at=NOON + DAY) for n in (3, 1)]
    store.append([*late, declaration(2), declaration(4, known_at=NOON + DAY)])
    frame = store.frame("declarations")
    assert frame["fact_id"].to_list() == ["D2", "D3", "D1", "D4"]
    assert list(frame.index) == [0, 1, 2, 3]


def test_a_frame_as_of_a_moment_sees_only_what_was_known_before(store: Store) -> None:
    store.append([declaration(n, known_at=NOON + n * DAY) for n in range(5)])
    seen = store.frame("declarations", known_before=NOON + 2 * DAY)
    assert seen["fact_id"].to_list() == ["D0", "D1"]
    with pytest.raises(Invalid, match="has no time zone"):
        store.frame("declarations", known_before=NOON.replace(tzinfo=None))


def test_a_frame_of_many_pages_has_every_row(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "PAGE", 7)
    store.append([declaration(n, known_at=NOON + n * DAY) for n in range(50)])
    assert store.frame("declarations")["fact_id"].to_list() == [f"D{n}" for n in range(50)]


def test_selecting_finds_the_newest_versions_only(store: Store) -> None:
    moved = declaration(1, enterprise_id="E2", known_at=NOON + DAY)
    store.append([declaration(1), declaration(2), declaration(3, enterprise_id="E3"), moved])
    assert store.select("declarations", "enterprise_id", values=["E1", "E1"]) == [declaration(2)]
    found = store.select("declarations", "enterprise_id", values=["E2", "E3"])
    assert found == [declaration(3, enterprise_id="E3"), moved]
    assert store.select("declarations", "declaration_id", values=["D1", "D7"]) == [moved]
    assert store.select("declarations", "enterprise_id", values=[]) == []


def test_thousands_of_values_may_be_asked_for(store: Store) -> None:
    store.append([declaration(n) for n in range(10)])
    ids = [f"D{n}" for n in range(12_000)]
    assert len(store.select("declarations", "declaration_id", values=ids)) == 10
    assert store.present("declarations", ids) == {f"D{n}" for n in range(10)}


@pytest.mark.parametrize("column", ["severity", "known_at", "nothing", "x", "sequence"])
def test_only_columns_of_texts_can_be_asked(store: Store, column: str) -> None:
    with pytest.raises(
        Invalid, match=f"decisions cannot be asked by '{column}'; one of decision_id"
    ):
        store.select("decisions", column, values=["3"])


def test_the_latest_come_newest_first_each_fact_once(store: Store) -> None:
    changed = decision(2, lane="release", known_at=NOON + DAY)
    store.append([decision(1), decision(2), decision(3, lane="release"), changed])
    assert store.latest("decisions") == [changed, decision(3, lane="release"), decision(1)]
    assert store.latest("decisions", limit=1, offset=1) == [decision(3, lane="release")]
    assert store.latest("decisions", equal={"lane": "full", "level": "high"}) == [decision(1)]


def test_a_fact_says_the_same_as_its_newest_version(store: Store) -> None:
    store.append([declaration(1), declaration(2), declaration(2, unit="kg", known_at=NOON + DAY)])
    asked = [declaration(1, known_at=NOON + DAY), declaration(2), declaration(3)]
    assert store.says("declarations", asked) == [True, False, False]


def test_a_follower_sees_each_row_once_in_the_order_of_arrival(store: Store) -> None:
    assert store.position("declarations") == 0
    store.append([declaration(1, known_at=NOON + DAY), declaration(2)])
    place, seen = store.after("declarations", 0)
    assert seen == [declaration(1, known_at=NOON + DAY), declaration(2)]
    assert place == store.position("declarations")
    assert store.after("declarations", place) == (place, [])
    store.append([declaration(2), declaration(3)])
    assert store.after("declarations", place)[1] == [declaration(3)]


def test_a_frame_and_what_comes_after_it_are_everything(store: Store) -> None:
    store.append([declaration(1), declaration(2)])
    place = store.position("declarations")
    store.append([declaration(3)])
    assert store.frame("declarations", through=place)["fact_id"].to_list() == ["D1", "D2"]
    assert store.after("declarations", place)[1] == [declaration(3)]


def test_threads_may_share_a_store(store: Store) -> None:
    def append(worker: int) -> int:
        facts = [declaration(n, known_at=NOON + n * DAY) for n in range(worker, worker + 20)]
        return sum(store.append([fact]).added for fact in facts)

    with ThreadPoolExecutor(8) as pool:
        added = sum(pool.map(append, range(0, 40, 5)))
    assert added == store.count("declarations") == 55


WRITER = """
import sys
from datetime import UTC, datetime
from features.records import Declaration
from features.store import Store

url, name, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store.open(url)
noon = datetime(2024, 3, 1, 12, tzinfo=UTC)
for number in range(rounds):
    facts = [
        Declaration(declaration_id=f"{name}-{number}-{n}", declared_at=noon, enterprise_id="E1")
        for n in range(1 + number % 7)
    ]
    store.append(facts)
store.close()
"""


def test_a_follower_misses_nothing_of_two_processes_that_write_at_once(
    store: Store, store_url: str
) -> None:
    root = Path(stores.__file__).parents[1]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, store_url, name, "60"], cwd=root)
        for name in "ab"
    ]
    place, seen = 0, []
    while any(writer.poll() is None for writer in writers):
        place, found = store.after("declarations", place)
        seen += [fact.fact_id for fact in found]
    place, found = store.after("declarations", place)
    seen += [fact.fact_id for fact in found]
    assert [writer.returncode for writer in writers] == [0, 0]
    expected = {f"{a}-{n}-{i}" for a in "ab" for n in range(60) for i in range(1 + n % 7)}
    assert len(seen) == len(set(seen))
    assert set(seen) == expected


def test_a_row_is_not_seen_before_one_with_a_lower_number(
    postgresql_url: str,
) -> None:
    """A writer that holds a number without having committed makes the next one wait."""
    first, second = Store.open(postgresql_url), Store.open(postgresql_url)
    with ThreadPoolExecutor(1) as pool, first._transaction() as connection:
        kept = TABLES["declarations"]
        stores._insert(connection, kept, values=[rows.row(declaration(1))])
        waiting = pool.submit(second.append, [declaration(2)])
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.3)
        assert first.after("declarations", 0) == (0, [])
        connection.commit()
        waiting.result(timeout=10)
    assert [fact.fact_id for fact in first.after("declarations", 0)[1]] == ["D1", "D2"]
    first.close()
    second.close()


def test_processes_may_open_a_new_store_at_once(store_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(Store.open, [store_url] * 4))
    assert [store.count("reviews") for store in opened] == [0] * 4
    for store in opened:
        store.close()


def test_a_failed_append_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    insert = stores._insert

    def broken(connection: Any, kept: Any, *, values: Any) -> tuple[int, list[int]]:
        if kept.name == "reports":
            raise KeyboardInterrupt
        return insert(connection, kept, values=values)

    monkeypatch.setattr(stores, "_insert", broken)
    with pytest.raises(KeyboardInterrupt):
        store.append([ONE_OF_EACH["declarations"], ONE_OF_EACH["reports"]])
    assert store.count("declarations") == store.count("reports") == 0


def test_a_store_that_went_away_is_not_ready(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    store.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()
    with pytest.raises(NotReady, match="failed: unable to open database file"):
        store.count("reports")
    store.close()


def test_every_version_of_a_row_is_told_and_only_the_newest_selected(store: Store) -> None:
    first, later = (
        declaration(unit="kg"),
        declaration(unit="pair", known_at=NOON + timedelta(days=1)),
    )
    store.append([first, later])
    assert store.told("declarations", "declaration_id", values=["D1"]) == [first, later]
    assert store.select("declarations", "declaration_id", values=["D1"]) == [later]
