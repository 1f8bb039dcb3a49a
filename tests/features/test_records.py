from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from features.records import (
    EXCHANGED,
    Declaration,
    Enterprise,
    Inspection,
    Record,
    Report,
    Warning,
    reading,
)

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
TOLD: dict[str, dict[str, Any]] = {
    "enterprises": {"enterprise_id": "E1", "known_at": NOON},
    "declarations": {"declaration_id": "D1", "declared_at": NOON, "enterprise_id": "E1"},
    "inspections": {"declaration_id": "D1", "inspected_at": NOON, "outcome": "fail"},
    "reports": {"report_id": "R1", "channel": "12315", "received_at": NOON, "text": "漏电"},
    "warnings": {"warning_id": "W1", "level": "II", "issued_at": NOON, "scope": "hs4=8516"},
    "certificates": {
        "certificate_id": "C1",
        "issuer_id": "L1",
        "issuer": "third_party",
        "issued_at": NOON,
        "outcome": "pass",
        "scope": "lot=B7",
    },
}


@pytest.mark.parametrize("table", EXCHANGED)
def test_what_is_required_is_enough_and_known_when_it_was_learned(table: str) -> None:
    fact = EXCHANGED[table].model_validate(TOLD[table])
    assert fact.known_at == fact.occurred == NOON
    assert fact.x == {}


@pytest.mark.parametrize(("table", "name"), [(t, n) for t, told in TOLD.items() for n in told])
def test_nothing_required_may_be_missing(table: str, name: str) -> None:
    told = {**TOLD[table], name: None}
    with pytest.raises(ValidationError, match=f"{name}|known_at"):
        EXCHANGED[table].model_validate(told)


@pytest.mark.parametrize("table", EXCHANGED)
def test_a_missing_value_is_a_value_that_is_not_told(table: str) -> None:
    kind = EXCHANGED[table]
    silent = dict.fromkeys(set(kind.model_fields) - set(TOLD[table]))
    assert kind.model_validate(silent | TOLD[table]) == kind.model_validate(TOLD[table])


@pytest.mark.parametrize("table", EXCHANGED)
def test_an_unknown_column_is_refused_unless_it_starts_with_x(table: str) -> None:
    with pytest.raises(ValidationError, match="colour"):
        EXCHANGED[table].model_validate({**TOLD[table], "colour": "red"})
    told = {**TOLD[table], "x_colour": "red", "x_blank": None, "x": {"x_size": 3}}
    assert EXCHANGED[table].model_validate(told).x == {"x_colour": "red", "x_size": 3}


@pytest.mark.parametrize("value", [[1], {"a": 1}, float("nan"), NOON])
def test_an_extra_column_holds_a_scalar(value: Any) -> None:
    with pytest.raises(ValidationError):
        Declaration.model_validate({**TOLD["declarations"], "x_colour": value})


@given(
    st.one_of(st.text(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(-1e300, 1e300))
)
def test_an_extra_value_keeps_its_type(value: Any) -> None:
    kept = Declaration.model_validate({**TOLD["declarations"], "x_a": value}).x["x_a"]
    assert (type(kept), kept) == (type(value), value)


@given(st.timedeltas(timedelta(milliseconds=1), timedelta(days=9999)))
def test_nothing_is_known_before_it_happens(early: timedelta) -> None:
    with pytest.raises(ValidationError, match="known before it happens"):
        Declaration.model_validate({**TOLD["declarations"], "known_at": NOON - early})
    late = Declaration.model_validate({**TOLD["declarations"], "known_at": NOON + early})
    assert late.occurred == NOON


def test_a_report_may_tell_when_it_happened() -> None:
    told = {**TOLD["reports"], "occurred_at": NOON - timedelta(days=3)}
    report = Report.model_validate(told)
    assert (report.occurred, report.known_at) == (NOON - timedelta(days=3), NOON)
    assert Report.model_validate(TOLD["reports"]).occurred == NOON


def test_an_enterprise_happened_when_it_was_registered() -> None:
    told = {**TOLD["enterprises"], "registered_at": NOON - timedelta(days=999)}
    assert Enterprise.model_validate(told).occurred == NOON - timedelta(days=999)


@pytest.mark.parametrize("yuan", ["12.50", 12.5])
def test_yuan_outside_are_fen_inside(yuan: Any) -> None:
    declaration = Declaration.model_validate({**TOLD["declarations"], "value_cny": yuan})
    assert declaration.value_fen == 1250


@pytest.mark.parametrize("yuan", [0, -3, "0.001", 1e14, "abc"])
def test_a_value_is_a_positive_amount_of_fen(yuan: Any) -> None:
    with pytest.raises(ValidationError):
        Declaration.model_validate({**TOLD["declarations"], "value_cny": yuan})


def test_a_fact_keeps_its_id_when_it_is_corrected() -> None:
    ids = {table: EXCHANGED[table].model_validate(told).fact_id for table, told in TOLD.items()}
    assert ids == {
        "enterprises": "E1",
        "declarations": "D1",
        "inspections": "D1@1709294400000",
        "reports": "R1",
        "warnings": "W1",
        "certificates": "C1",
    }


def test_a_later_visit_is_another_inspection() -> None:
    first = Inspection.model_validate(TOLD["inspections"])
    told = {**TOLD["inspections"], "inspected_at": NOON + timedelta(days=1)}
    assert Inspection.model_validate(told).fact_id != first.fact_id


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("inspections", "outcome", "unknown"),
        ("inspections", "propensity", 0),
        ("inspections", "propensity", 1.01),
        ("inspections", "selection", "whim"),
        ("enterprises", "credit_grade", "E"),
        ("enterprises", "listed", "grey"),
        ("warnings", "level", "V"),
        ("certificates", "issuer", "somebody"),
        ("certificates", "outcome", "unknown"),
        ("certificates", "scope", ""),
        ("reports", "channel", "12306"),
        ("reports", "text", " "),
        ("reports", "url", "a" * 2049),
        ("declarations", "quantity", -1),
        ("declarations", "hs_code", "85161"),
        ("declarations", "enterprise_id", "91350100M000100Y44"),
    ],
)
def test_a_value_outside_its_range_is_refused(table: str, name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        EXCHANGED[table].model_validate({**TOLD[table], name: value})


def test_a_record_never_changes() -> None:
    warning: Record = Warning.model_validate(TOLD["warnings"])
    with pytest.raises(ValidationError, match="frozen"):
        warning.known_at = NOON  # type: ignore[misc]


def test_the_models_read_the_title_first() -> None:
    assert reading("标题", "正文") == "标题\n正文"
    assert reading(None, "正文") == reading("", "正文") == "正文"
