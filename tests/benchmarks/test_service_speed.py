"""How fast the service answers: one line posted, and a page of the queue over 100 000 decisions."""

from collections.abc import Callable

import numpy as np
import pytest
from fastapi.testclient import TestClient

from features.judgements import Decision
from features.records import Declaration
from tests.serving import world
from tests.serving.conftest import app, client, degraded, made, service_of, settings, shelf

__all__ = ["app", "client", "degraded", "made", "settings", "shelf"]
pytestmark = pytest.mark.benchmark
DECISIONS = 100_000
PART = 10_000


def shown(name: str, times: list[float]) -> dict[str, float]:
    """Print and return the quantiles of some times, in milliseconds."""
    told = {f"p{q}": float(np.percentile(times, q)) for q in (50, 95, 99)}
    print(name, " ".join(f"{q} {ms:.1f} ms" for q, ms in told.items()))  # noqa: T201
    return told


def measured(ask: Callable[[int], float], count: int) -> list[float]:
    """The times of some calls, less the first few that warm up."""
    return [ask(number) for number in range(count)][5:]


def test_one_line(client: TestClient) -> None:
    def ask(number: int) -> float:
        answer = client.post("/v1/decisions", json=world.line(f"B-{number}"))
        assert answer.json()["degraded"] is False
        return answer.elapsed.total_seconds() * 1000

    assert shown("POST /v1/decisions, one line", measured(ask, 300))["p95"] < 100


def test_a_page_of_the_queue(client: TestClient) -> None:
    store = service_of(client).store
    first = client.post("/v1/decisions", json=world.line()).json()
    line, decision = (
        store.find("declarations", "N-1"),
        store.find("decisions", first["decision_id"]),
    )
    assert isinstance(line, Declaration)
    assert isinstance(decision, Decision)
    for start in range(0, DECISIONS, PART):
        store.append(
            [
                fact
                for number in range(start, start + PART)
                for fact in _copies(line, decision, f"Q-{number:06d}")
            ]
        )

    def ask(number: int) -> float:
        order = ("newest", "risk")[number % 2]
        answer = client.get(f"/?order={order}&page={1 + number % 7}")
        assert "电热水壶" in answer.text
        return answer.elapsed.total_seconds() * 1000

    assert shown(f"GET / over {DECISIONS:,} decisions", measured(ask, 60))["p95"] < 500


def _copies(line: Declaration, decision: Decision, name: str) -> tuple[Declaration, Decision]:
    told = {"declaration_id": name, "decision_id": f"{name}@1"}
    return line.model_copy(update={"declaration_id": name}), decision.model_copy(update=told)
