"""The OpenAPI page tells the truth: its examples are taken, and no request breaks the service."""

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounded
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from features.judgements import Annotation
from serving.api import examples
from serving.watch import Watch
from tests.serving.conftest import service_of

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUICK = bounded(
    max_examples=10,
    phases=[Phase.generate],
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
OPERATIONS = [
    ("POST", "/v1/decisions"),
    ("GET", "/v1/decisions/{decision_id}"),
    ("GET", "/v1/declarations/{declaration_id}"),
    ("POST", "/v1/reports"),
    ("GET", "/v1/reports/{report_id}"),
    ("GET", "/v1/inspections/{inspection_id}"),
    ("POST", "/v1/certificates"),
    ("GET", "/v1/certificates/{certificate_id}"),
    ("POST", "/v1/reviews"),
    ("GET", "/v1/draws/{day}"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
]


def test_every_operation_is_listed(client: TestClient) -> None:
    paths: dict[str, Any] = client.get("/openapi.json").json()["paths"]
    assert {(m.upper(), path) for path, all_ in paths.items() for m in all_} == set(OPERATIONS)
    for operations in paths.values():
        for operation in operations.values():
            assert operation["summary"]
            assert operation["responses"]["200"]["content"]["application/json"]["schema"]


def example() -> Annotation:
    """The annotation that the example of a review speaks of."""
    return Annotation.model_validate(examples.ANNOTATION)


@pytest.mark.parametrize(
    "path", ["/v1/decisions", "/v1/reports", "/v1/reviews", "/v1/certificates"]
)
def test_the_examples_are_taken(client: TestClient, path: str) -> None:
    whole = client.get("/openapi.json").json()
    service_of(client).store.append([example()])
    body = whole["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    shown = whole["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]
    assert set(shown["example"]) <= set(answer.json())


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_breaks_the_service(
    app: FastAPI, method: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.watch.Watch.start", Watch.refresh)
    operation = schemathesis.openapi.from_asgi("/openapi.json", app)[path][method]

    @given(case=operation.as_strategy())
    @QUICK
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    ask()
