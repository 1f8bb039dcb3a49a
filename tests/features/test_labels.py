from datetime import timedelta

import pandas as pd
import pytest

from features import memory
from features.labels import labels, maturity, maturity_of
from features.records import Declaration, Inspection
from tests.worlds import at


def visit(step: int, outcome: str, known: int, propensity: float | None = None) -> Inspection:
    return Inspection(
        declaration_id="D1",
        inspected_at=at(step),
        known_at=at(known),
        outcome=outcome,
        propensity=propensity,
    )


def told(*visits: Inspection) -> pd.DataFrame:
    return memory.frame("inspections", visits)


@pytest.mark.parametrize(("cut", "failed"), [(10, []), (11, [False]), (20, [False]), (21, [True])])
def test_only_what_was_known_before_the_cut_counts(cut: int, failed: list[bool]) -> None:
    visits = told(visit(5, "fail", 20), visit(5, "pass", 10))
    assert list(labels(visits, known_before=at(cut))["failed"]) == failed


def test_the_first_visit_counts_also_when_learned_later() -> None:
    found = labels(told(visit(9, "fail", 9), visit(5, "pass", 30, 0.25)))
    assert list(found["failed"]) == [False]
    assert list(found["propensity"]) == [0.25]
    assert list(found.index) == ["D1"]


def test_no_inspections_give_no_labels() -> None:
    found = labels(told())
    assert found.empty
    assert list(found) == ["failed", "known_at", "propensity"]


def test_a_missing_propensity_stays_missing() -> None:
    assert labels(told(visit(5, "pass", 5)))["propensity"].isna().all()


def test_maturity_is_that_of_lines_all_of_whose_outcomes_are_back() -> None:
    as_of = at(1000)
    old = pd.Series([as_of - timedelta(days=300)] * 60)
    new = pd.Series([as_of - timedelta(days=2)] * 500)
    lags = pd.Series(pd.to_timedelta([*range(1, 61), *[1] * 500], unit="D"))
    declared = pd.concat([old, new], ignore_index=True)
    assert maturity_of(declared, declared + lags, as_of=as_of) == timedelta(days=57.05)
    assert maturity_of(new, new + timedelta(days=1), as_of=as_of) == timedelta(days=1)
    assert maturity_of(new[:0], new[:0], as_of=as_of) == timedelta()


def lines(*steps: int) -> pd.DataFrame:
    told = [
        Declaration(
            declaration_id=f"D{i}", declared_at=at(step), known_at=at(step), enterprise_id="E1"
        )
        for i, step in enumerate(steps, 1)
    ]
    return memory.frame("declarations", told)


def test_maturity_of_tables_sees_no_outcome_that_was_not_known() -> None:
    visits = told(visit(5, "pass", 6), visit(5, "fail", 30))
    assert maturity(visits, lines(1), as_of=at(10)) == at(6) - at(1)
    assert maturity(visits, lines(1), as_of=at(31)) == at(30) - at(1)
    assert maturity(visits, lines(), as_of=at(31)) == timedelta()
    assert maturity(told(), lines(1), as_of=at(31)) == timedelta()


def test_outcomes_that_come_at_once_have_no_maturity() -> None:
    assert maturity(told(visit(5, "pass", 5)), lines(5), as_of=at(9)) == timedelta()
