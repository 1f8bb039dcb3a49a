import numpy as np
import pytest
from hypothesis import given, settings

from features import facts
from features.facts import Kind
from features.records import Declaration, Enterprise, Inspection, Record, Report, Warning
from features.windows import NEVER
from tests.worlds import TABLES, World, at, worlds

COLUMNS = ["enterprise_id", "hs_code", "brand", "origin", "x_line"]


def kind(name: str, records: list[Record], **behind: list[Record]) -> Kind:
    world = World({facts.TABLES[name]: records, **behind})
    return facts.of(world.tables(), COLUMNS, asked={"inspection": ("x_score",)})[name]


def test_empty_tables_hold_no_facts_of_every_kind() -> None:
    found = facts.of(World().tables(), COLUMNS, asked={"inspection": ("x_score",)})
    assert set(found) == set(facts.TABLES)
    assert all(len(k) == 0 for k in found.values())


def test_a_table_that_is_not_there_has_no_kind() -> None:
    assert facts.of({}, COLUMNS) == {}


@pytest.mark.parametrize(("level", "grade"), [("I", 4), ("II", 3), ("III", 2), ("IV", 1)])
def test_grades_of_warnings(level: str, grade: int) -> None:
    told = Warning.model_validate(
        {"warning_id": "W", "level": level, "issued_at": at(0), "scope": {"hs4": "8516"}}
    )
    found = kind("warning", [told])
    assert list(found.measures["grade"]) == [grade]
    assert found.columns["hs_code"] == ["8516"]


def test_channels_of_professionals_and_of_harm_are_grave() -> None:
    channels = ("12315", "media", "laboratory", "injury", "fire", "portal", "traffic_accident")
    told = [
        Report.model_validate({"report_id": c, "channel": c, "received_at": at(0), "text": "冒烟"})
        for c in channels
    ]
    assert list(kind("report", [*told]).measures["grave"]) == [0, 0, 1, 1, 1, 0, 1]


def test_the_register_keeps_every_state_and_grades_it() -> None:
    states = [
        Enterprise(enterprise_id="E1", known_at=at(n), credit_grade=grade, listed=listed)
        for n, (grade, listed) in enumerate([("A", "red"), ("D", "black"), (None, None)])
    ]
    found = kind("enterprise", [*states])
    assert (found.superseded == NEVER).all()
    assert list(found.measures["credit_grade"]) == [4, 1, 0]
    assert list(found.measures["credit_grade_present"]) == [1, 1, 0]
    assert list(found.measures["listed"]) == [1, -1, 0]


def visits(*told: tuple[int, str, object]) -> list[Record]:
    return [
        Inspection.model_validate(
            {
                "declaration_id": "D1",
                "inspected_at": at(0),
                "known_at": at(known),
                "outcome": outcome,
                "severity": 3,
                "x": {} if score is None else {"x_score": score},
            }
        )
        for known, outcome, score in told
    ]


LINE: list[Record] = [
    Declaration(declaration_id="D1", declared_at=at(0), known_at=at(0), enterprise_id="E1")
]


def test_each_version_ends_where_the_next_was_learned() -> None:
    found = kind("inspection", visits((9, "fail", None), (1, "pass", None)), declarations=LINE)
    order = np.argsort(found.known)
    assert found.superseded[order][0] == found.known[order][1]
    assert found.superseded[order][1] == NEVER


def test_a_pass_has_no_severity() -> None:
    found = kind("inspection", visits((1, "pass", None), (9, "fail", None)), declarations=LINE)
    assert list(found.measures["severity"]) == [0, 3]
    assert list(found.measures["severity_present"]) == [0, 1]
    assert list(found.measures["severe_fail"]) == [0, 1]


def test_extra_numbers_are_millionths_and_texts_among_them_missing() -> None:
    told = visits((1, "pass", 0.25), (2, "pass", "无"), (3, "pass", -3), (4, "pass", None))
    found = kind("inspection", told, declarations=LINE)
    assert list(found.measures["x_score"]) == [250_000, 0, -3_000_000, 0]
    assert list(found.measures["x_score_present"]) == [1, 0, 1, 0]


def test_extra_columns_that_no_fact_has_are_missing_throughout() -> None:
    found = kind("inspection", visits((1, "pass", None)), declarations=LINE)
    assert list(found.measures["x_score_present"]) == [0]


@settings(max_examples=10)
@given(worlds(most=5), worlds(most=5))
def test_joining_two_parts_equals_the_whole(first: World, second: World) -> None:
    whole = World({n: [*first.of(n), *second.of(n)] for n in TABLES})
    every = facts.of(whole.tables(), COLUMNS, behind=whole.tables())
    for name, expected in every.items():
        old, new = (
            facts.of(world.tables(), COLUMNS, behind=whole.tables())[name]
            for world in (first, second)
        )
        found = facts.joined(name, old, new=new)
        assert _rows(found) == _rows(expected)


def _rows(k: Kind) -> list[tuple[object, ...]]:
    measures = [k.measures[m].tolist() for m in sorted(k.measures)]
    columns = [[str(v) for v in k.columns[c]] for c in sorted(k.columns)]
    return sorted(zip(k.fact_ids.tolist(), k.known.tolist(), *measures, *columns, strict=True))
