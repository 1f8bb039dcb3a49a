"""How fast the service answers: one line posted, a page of the queue, one of what waits."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
import pytest
from fastapi.testclient import TestClient

from features.judgements import Decision
from features.records import Declaration, Report
from models.text.annotate import Annotator
from tests.benchmarks.test_annotate_speed import written
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


def test_a_page_of_what_waits(client: TestClient) -> None:
    """After each report that comes the newest are ranked anew, else what was ranked stands."""
    service = service_of(client)
    reader = Annotator(service.watch.annotator.taxonomy, "other")  # the lexicon reads once more
    service.watch.annotator = reader
    told = _reports("W", [*written(0), *written(1), *written(2)])
    service.store.append([*told, *reader.annotate(told)])
    coming = _reports("N", written(3))

    def anew(number: int) -> float:
        service.store.append([coming[number], *reader.annotate([coming[number]])])
        return again()

    def again() -> float:
        began = time.process_time()
        assert "存疑" in client.get("/reports").text
        return (time.process_time() - began) * 1000

    asked = f"GET /reports over {len(told):,} reports, CPU"
    assert shown(f"{asked}, one new", measured(anew, 30))["p50"] < 1000  # the aim is 300
    assert shown(f"{asked}, none new", measured(lambda _: again(), 30))["p95"] < 100


def _reports(first: str, texts: Sequence[str]) -> list[Report]:
    """Reports of texts, a second apart; each third tells its own category."""
    return [
        Report(
            report_id=f"{first}-{number}",
            channel="12345",
            received_at=world.NOW,
            known_at=world.NOW + timedelta(seconds=number, days=first == "N"),
            text=text,
            category="quality" if number % 3 == 0 else None,
        )
        for number, text in enumerate(texts)
    ]


def _copies(line: Declaration, decision: Decision, name: str) -> tuple[Declaration, Decision]:
    told = {"declaration_id": name, "decision_id": f"{name}@1"}
    return line.model_copy(update={"declaration_id": name}), decision.model_copy(update=told)
