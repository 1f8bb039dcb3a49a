"""Nobody who may ask the service chooses how a draw ends, or learns the secret behind it."""

import base64
import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from scipy import stats

from models.inspection.draws import draw
from serving import api, console, deps
from tests.serving import world
from tests.serving.conftest import service_of

DAY = draw.day(world.NOW)
SECRET = draw.day_secret(world.SECRET.encode(), DAY)
ENOUGH = 400
AT_ONCE = 20  # the service's limit in these tests


def posted(client: TestClient, names: list[str], **told: object) -> list[dict[str, Any]]:
    """The decisions on lines of these ids."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(names), AT_ONCE):
        lines = [world.line(name, **told) for name in names[start : start + AT_ONCE]]
        answer = client.post("/v1/decisions", json=lines)
        assert answer.status_code == 200, answer.text
        found += answer.json()
    return found


def test_the_numbers_of_chosen_ids_are_uniform(degraded: TestClient) -> None:
    chosen = [f"LUCKY-888-{number}" for number in range(ENOUGH)]
    numbers = [one["draw"] for one in posted(degraded, chosen)]
    assert stats.kstest(numbers, "uniform").pvalue > 1e-3
    pairs = stats.spearmanr(numbers[:-1], numbers[1:])
    assert pairs.pvalue > 1e-3, "and one tells nothing of the next"


def test_ids_chosen_by_what_was_answered_are_drawn_no_better(degraded: TestClient) -> None:
    """Whoever goes on from the id with the highest number so far still meets a uniform draw."""
    best, numbers = "SEED", list[float]()
    for number in range(ENOUGH // AT_ONCE):
        chosen = [f"{best}/{number}.{i}" for i in range(AT_ONCE)]
        found = posted(degraded, chosen)
        numbers += [one["draw"] for one in found]
        best = str(max(found, key=lambda one: float(one["draw"]))["declaration_id"])[-20:]
    assert stats.kstest(numbers, "uniform").pvalue > 1e-3


def test_the_number_is_that_of_the_id_and_the_day_alone(client: TestClient) -> None:
    told: list[dict[str, Any]] = [
        {"declared_at": "2024-02-01T09:30:00+08:00"},
        {"enterprise_id": "FIRM-07", "hs_code": "9503002100", "value_cny": 1},
        {"x_draw": 0.99, "x_lane": "release", "x_secret": "guess"},
        {"port": None},
    ]
    for number, fields in enumerate(told):
        (made,) = posted(client, [f"N-{number}"], **fields)
        assert made["draw"] == draw.draw(SECRET, f"N-{number}")
        assert made["commitment"] == draw.commitment(SECRET)
        assert (made["lane"] != "release") == (made["draw"] < made["inclusion_probability"])


def test_the_same_line_gets_the_same_decision_however_often(client: TestClient) -> None:
    first = posted(client, ["N-1"])
    assert isinstance(client.app, FastAPI)
    for hours in (1, 15, 40):
        at = world.NOW + timedelta(hours=hours)
        client.app.dependency_overrides[deps.now] = lambda at=at: at
        assert posted(client, ["N-1"]) == first
        assert posted(client, [" N-1 "]) == first, "blanks make no other id"
    assert service_of(client).store.count("decisions") == 1


@pytest.mark.parametrize(
    "told", [{"quantity": 1}, {"declared_at": "2024-03-01T09:31:00+08:00"}, {"x_try": 2}]
)
def test_other_content_is_no_second_draw(client: TestClient, told: dict[str, object]) -> None:
    first = posted(client, ["N-1"])
    answer = client.post("/v1/decisions", json=world.line("N-1", **told))
    assert answer.status_code == 409
    assert posted(client, ["N-1"]) == first
    assert service_of(client).store.count("decisions") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("draw", 0.99),
        ("lane", "release"),
        ("inclusion_probability", 0.0),
        ("decided_at", "2024-01-01T00:00:00Z"),
        ("known_at", "2024-01-01T00:00:00Z"),
        ("decision_id", "mine"),
        ("commitment", "0" * 64),
        ("secret", "0" * 64),
        ("as_of", "2024-01-01T00:00:00Z"),
        ("effects", []),
        ("selection", "random"),
    ],
)
def test_no_body_sets_what_is_drawn(client: TestClient, field: str, value: object) -> None:
    answer = client.post("/v1/decisions", json=world.line("N-1", **{field: value}))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert service_of(client).store.count("decisions") == 0


def test_nothing_beside_the_body_sets_what_is_drawn(client: TestClient) -> None:
    first = posted(client, ["N-1"])
    asked = {"draw": "0.99", "as_of": "2024-01-01", "secret": "0", "now": "2024-01-01"}
    answer = client.post(
        "/v1/decisions",
        json=world.line("N-2"),
        params=asked,
        headers={"Date": "Mon, 01 Jan 2024 00:00:00 GMT", "X-Draw": "0.99"},
    )
    made = answer.json()
    assert (made["draw"], made["decided_at"]) == (draw.draw(SECRET, "N-2"), first[0]["decided_at"])


def spellings() -> Iterator[str]:
    """Every way in which an answer could tell a secret: the agency's, today's or tomorrow's."""
    for day in (DAY, DAY + timedelta(days=1)):
        own = draw.day_secret(world.SECRET.encode(), day)
        yield from (own.hex(), base64.b64encode(own).decode(), repr(own)[2:-1])
    yield from (world.SECRET, world.SECRET.encode().hex())
    yield base64.b64encode(world.SECRET.encode()).decode()


def paths() -> Iterator[str]:
    """The path of every GET route of the interface and of the console, as their files tell it."""
    for package in (api, console):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            router = getattr(importlib.import_module(found.name), "router", None)
            routes = [] if router is None else router.routes
            yield from (route.path for route in routes if "GET" in route.methods)


def answers(client: TestClient) -> Iterator[tuple[str, str]]:
    """What every GET route answers, with ids that are there and ids that are not."""
    store = service_of(client).store
    made = posted(client, ["N-1", "N-2"])[0]
    known = {
        "decision_id": made["decision_id"],
        "declaration_id": "N-1",
        "report_id": store.latest("reports", limit=1)[0].fact_id,
        "inspection_id": store.latest("inspections", limit=1)[0].fact_id,
    }
    asked = {"/openapi.json"}
    for path in paths():
        name = "".join(re.findall(r"{(\w+)", path))
        ids = (known.get(name, "nobody"), "nobody")
        asked |= {re.sub(r"{.*}", one, path) for one in ids}
    for path in sorted(asked):
        yield path, client.get(path).text


def test_no_answer_tells_the_secret(client: TestClient) -> None:
    told = dict(answers(client))
    assert {"/", "/health/ready", "/v1/declarations/N-1", "/declarations/N-1"} <= set(told)
    assert any(draw.commitment(SECRET) in text for text in told.values()), "the hash may be told"
    for path, text in told.items():
        assert [spelling for spelling in spellings() if spelling in text] == [], path


def test_no_error_tells_the_secret(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(world.SECRET)

    wrong = [
        client.post("/v1/decisions", json=world.line("N-1", declared_at="soon")),
        client.post("/v1/decisions", content="{"),
        client.get("/v1/decisions/N-9@1"),
    ]
    monkeypatch.setattr("serving.scorer.Scorer.score", fail)
    wrong.append(client.post("/v1/decisions", json=world.line()))
    assert [answer.status_code for answer in wrong] == [422, 422, 404, 500]
    for answer in wrong:
        assert not any(spelling in answer.text for spelling in spellings())
