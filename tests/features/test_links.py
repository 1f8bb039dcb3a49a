import pandas as pd
import pytest

from features import links, memory
from features.records import Declaration, Inspection, Warning
from tests.worlds import at


def line(known: int, hs_code: str, **x: float) -> Declaration:
    return Declaration(
        declaration_id="D1",
        declared_at=at(0),
        known_at=at(known),
        enterprise_id="E1",
        hs_code=hs_code,
        x=dict(x),
    )


def visit(known: int, **x: float) -> Inspection:
    return Inspection(
        declaration_id="D1", inspected_at=at(2), known_at=at(known), outcome="fail", x=dict(x)
    )


def grouped(lines: list[Declaration], visits: list[Inspection]) -> pd.DataFrame:
    told, spoken_of = memory.frame("inspections", visits), memory.frame("declarations", lines)
    return links.linked(told, spoken_of, on="declaration_id")


@pytest.mark.parametrize(
    ("known", "code", "counts"), [(4, "8516", 4), (6, "9503", 6), (8, "9503", 8)]
)
def test_a_declaration_is_read_as_it_was_known(known: int, code: str, counts: int) -> None:
    told = grouped([line(6, "9503"), line(0, "8516")], [visit(known)]).iloc[0]
    assert (told["hs_code"], told["known_at"]) == (code, at(counts))


@pytest.mark.parametrize("lines", [[line(6, "9503")], [line(6, "9503"), line(9, "8516")]])
def test_what_was_told_after_the_visit_counts_from_then(lines: list[Declaration]) -> None:
    told = grouped(lines, [visit(3)]).iloc[0]
    assert (told["hs_code"], told["known_at"]) == ("9503", at(6))


def test_a_visit_to_a_line_nobody_declared_is_left_out() -> None:
    assert grouped([], [visit(3)]).empty


def test_the_facts_own_column_stands_before_the_declarations() -> None:
    told = grouped([line(0, "8516", x_lane=1, x_team=3)], [visit(3, x_lane=2)]).iloc[0]
    assert (told["x_lane"], told["x_team"]) == (2, 3)


def test_a_warning_tells_its_scope() -> None:
    warning = Warning(
        warning_id="W1",
        level="I",
        issued_at=at(0),
        known_at=at(0),
        scope={"hs4": "8516", "x_lane": "a"},
        x={"x_lane": "b"},
    )
    told = links.scoped(memory.frame("warnings", [warning])).iloc[0]
    assert (told["hs_code"], told["x_lane"]) == ("8516", "a")
