import pandas as pd
import pytest

from features import memory
from features.labels import labels
from features.records import Inspection
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
