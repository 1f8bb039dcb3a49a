from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from features.judgements import KEPT, Annotation, Assignment, Decision, Plan, Review, Span
from features.records import EXCHANGED

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
ANNOTATION: dict[str, Any] = {
    "report_id": "R1",
    "model_version": "7",
    "annotated_at": NOON,
    "relevant": True,
    "category": "electric",
}
DECISION: dict[str, Any] = {
    "decision_id": "K1",
    "declaration_id": "D1",
    "decided_at": NOON,
    "likelihood": 0.2,
    "severity": 3,
    "level": "high",
    "lane": "full",
    "inclusion_probability": 0.5,
    "draw": 0.25,
    "commitment": "c",
    "model_version": "3",
    "policy_version": "p",
    "matrix_version": "m",
}
REVIEW: dict[str, Any] = {
    "review_id": "V1",
    "subject": "decision",
    "subject_id": "K1",
    "verdict": "agree",
    "reviewer": "officer-7",
    "reviewed_at": NOON,
}

PLAN: dict[str, Any] = {
    "plan_id": "2024-03-02@5301",
    "day": "2024-03-02",
    "port": "5301",
    "planned_at": NOON,
    "price": 0.5,
    "capacity": 8,
    "expected_lines": 120,
    "commitment": "c",
    "policy_version": "p",
}
ASSIGNMENT: dict[str, Any] = {
    "decision_id": "K1",
    "declaration_id": "D1",
    "assigned_at": NOON,
    "draw": 0.25,
    "commitment": "c",
    "hours": 2,
    "roster_version": "r",
}


def test_what_is_kept_is_what_was_told_and_what_was_concluded() -> None:
    assert set(KEPT) == {*EXCHANGED, "annotations", "decisions", "reviews", "plans", "assignments"}


def test_a_judgement_is_known_when_it_is_made() -> None:
    judgements = (
        Annotation(**ANNOTATION),
        Decision(**DECISION),
        Review(**REVIEW),
        Plan(**PLAN),
        Assignment(**ASSIGNMENT),
    )
    assert {judgement.known_at for judgement in judgements} == {NOON}
    assert [judgement.fact_id for judgement in judgements] == [
        "R1@7",
        "K1",
        "V1",
        "2024-03-02@5301",
        "K1",
    ]


def test_another_model_version_makes_another_annotation() -> None:
    assert Annotation(**{**ANNOTATION, "model_version": "8"}).fact_id == "R1@8"


@pytest.mark.parametrize(
    ("kind", "told", "name", "value"),
    [
        (Annotation, ANNOTATION, "sentiment", -1.1),
        (Annotation, ANNOTATION, "credibility", 2),
        (Annotation, ANNOTATION, "confidence", {"category": 1.2}),
        (Annotation, ANNOTATION, "evidence", [{"start": -1, "end": 2, "words": "", "answer": ""}]),
        (Decision, DECISION, "draw", 1.0),
        (Decision, DECISION, "inclusion_probability", -0.1),
        (Decision, DECISION, "likelihood", float("nan")),
        (Decision, DECISION, "likelihood_low", -0.1),
        (Decision, DECISION, "likelihood_high", 1.1),
        (Decision, DECISION, "inspections_known", -1),
        (Decision, DECISION, "severity", 0),
        (Decision, DECISION, "level", "extreme"),
        (Decision, DECISION, "lane", "green"),
        (Review, REVIEW, "verdict", "maybe"),
        (Review, REVIEW, "subject", "report"),
        (Review, REVIEW, "note", "a" * 4001),
        (Review, REVIEW, "note", "a\x00"),
        (Plan, PLAN, "day", "2 March"),
        (Plan, PLAN, "price", 0),
        (Plan, PLAN, "capacity", -1),
        (Plan, PLAN, "expected_lines", float("inf")),
        (Plan, PLAN, "share", 1.1),
        (Plan, PLAN, "floor_share", 0),
        (Plan, PLAN, "unit_price", -1),
        (Decision, DECISION, "price", 0),
        (Decision, DECISION, "selection", "whim"),
        (Decision, DECISION, "sample_size", -1),
        (Decision, DECISION, "effects", [{"cause": "whim", "id": "", "zh": "", "en": ""}]),
        (Assignment, ASSIGNMENT, "draw", 1),
        (Assignment, ASSIGNMENT, "chances", {"I1": 1.5}),
    ],
)
def test_a_judgement_outside_its_range_is_refused(
    kind: Any, told: dict[str, Any], name: str, value: Any
) -> None:
    with pytest.raises(ValidationError, match=name):
        kind(**{**told, name: value})


def test_evidence_is_read_from_mappings() -> None:
    span = {"start": 0, "end": 2, "words": "漏电", "answer": "electric_shock"}
    assert Annotation(**ANNOTATION, evidence=[span]).evidence == (Span(**span),)
