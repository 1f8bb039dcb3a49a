"""The API as its callers see it: decisions, the facts behind them, a problem for every fault."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from models.risk import public
from serving.app import create_app
from serving.settings import Settings
from tests.serving import world
from tests.serving.conftest import at_one_moment, service_of
from tests.serving.shelf import Shelf

PHONE = "13812345678"


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem document of an answer that must be one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert told["status"] == status
    assert told["type"].startswith("urn:yujing:problem:")
    assert told["title"]
    assert told["detail"]
    return told


def test_one_line_gets_one_decision_and_a_list_gets_a_list(client: TestClient) -> None:
    one = client.post("/v1/decisions", json=world.line()).json()
    many = client.post("/v1/decisions", json=[world.line(), world.line("N-2")]).json()
    assert many[0] == one
    assert one["declaration_id"] == "N-1"
    assert one["decided_at"] == "2024-03-01T02:00:00Z"


def test_a_decision_is_followed_to_the_facts_behind_it(client: TestClient) -> None:
    made = client.post("/v1/decisions", json=world.line(x_lot="A7")).json()
    assert client.get(f"/v1/decisions/{made['decision_id']}").json() == made
    whole = client.get("/v1/declarations/N-1").json()
    assert whole["declaration"]["value_cny"] == 84000.5
    assert whole["declaration"]["x_lot"] == "A7"
    assert whole["decisions"] == [made]
    behind = {(e["kind"], e["id"]) for reason in made["reasons"] for e in reason["evidence"]}
    assert behind
    for kind, name in behind:
        found = client.get(f"/v1/{kind}s/{name}")
        assert found.status_code == 200, found.text
        assert kind in found.json()


def test_an_answer_tells_what_may_be_passed_on_to_the_importer(client: TestClient) -> None:
    made = client.post("/v1/decisions", json=world.line()).json()
    assert made["lane"] != "release"
    assert made["reasons"]
    told = made["public_reasons"]
    allowed = [public.shipped().always, *(t.reason for t in public.shipped().themes)]
    assert told[0] == allowed[0].model_dump()
    assert 1 < len(told) <= len(allowed)
    assert all(one in [a.model_dump() for a in allowed] for one in told)
    free = client.post("/v1/decisions", json=world.line("N-9", hs_code="4202120000")).json()
    assert (free["lane"] == "release") == (free["public_reasons"] == [])


def test_an_inspection_shows_what_was_inspected(client: TestClient) -> None:
    (visit, *_) = service_of(client).store.latest("inspections", limit=1)
    told = client.get(f"/v1/inspections/{visit.fact_id}").json()
    name = told["inspection"]["declaration_id"]
    assert told["declaration"]["declaration_id"] == name
    assert client.get(f"/v1/declarations/{name}").json()["inspections"] == [told["inspection"]]


@pytest.mark.parametrize(
    ("told", "field", "remedy"),
    [
        ({"hs_code": "85x"}, "hs_code", "4, 6, 8, 10 or 13 digits"),
        ({"enterprise_id": "91350100M000100Y44"}, "enterprise_id", "check digit"),
        ({"value_cny": "a lot"}, "value_cny", "not an amount in yuan"),
        ({"quantity": -1}, "quantity", "greater than 0"),
        ({"declared_at": "2024-03-01T09:30"}, "declared_at", "no time zone"),
        ({"declared_at": "2024-03-02T09:30+08:00"}, "", "cannot be known before it happens"),
        ({"colour": "red"}, "colour", "rename it to x_"),
        ({"known_at": "2024-01-01T00:00Z"}, "known_at", "take it out"),
        ({"x_lot": [1]}, "x_lot", "valid"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_stored(
    client: TestClient, told: dict[str, object], field: str, remedy: str
) -> None:
    lines = [world.line("N-1"), {**world.line("N-2"), **told}]
    fault = problem(client.post("/v1/decisions", json=lines), 422)["errors"][0]
    assert (fault["index"], fault["field"]) == (1, field)
    assert remedy in fault["remedy"]
    assert service_of(client).store.count("decisions") == 0


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "3", "null", '"text"', "[[]]", "[{}]", '{"a":NaN}']
)
def test_what_is_no_record_is_refused(client: TestClient, body: str) -> None:
    problem(client.post("/v1/decisions", content=body), 422)


def test_a_clock_that_runs_a_little_ahead_does_not_stop_trade(client: TestClient) -> None:
    soon = world.NOW + timedelta(minutes=4)
    answer = client.post("/v1/decisions", json=world.line(declared_at=soon.isoformat()))
    assert answer.status_code == 200, answer.text
    later = (world.NOW + timedelta(minutes=6)).isoformat()
    problem(client.post("/v1/decisions", json=world.line("N-2", declared_at=later)), 422)


def test_a_missing_field_is_named(client: TestClient) -> None:
    told = world.line()
    del told["enterprise_id"]
    fault = problem(client.post("/v1/decisions", json=told), 422)["errors"][0]
    assert fault == {
        "index": 0,
        "field": "enterprise_id",
        "value": None,
        "remedy": "Field required",
    }


def test_other_content_under_a_known_id_is_a_conflict(client: TestClient) -> None:
    client.post("/v1/decisions", json=world.line())
    told = problem(client.post("/v1/decisions", json=world.line(quantity=7)), 409)
    assert "N-1" in told["detail"]


def test_a_list_beyond_the_limit_is_refused(client: TestClient) -> None:
    told = problem(client.post("/v1/decisions", json=[{}] * 21), 422)
    assert "send 1 to 20" in told["detail"]


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_beyond_the_limit_is_refused(client: TestClient, chunked: bool) -> None:
    def chunks() -> Iterator[bytes]:
        yield from [b"x" * 1000] * 30

    content = chunks() if chunked else b"x" * 30_000
    told = problem(client.post("/v1/decisions", content=content), 413)
    assert "20000 bytes" in told["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nowhere", 404),
        ("GET", "/v1/decisions/N-9@1", 404),
        ("GET", "/v1/declarations/N-9", 404),
        ("GET", "/v1/reports/R-9", 404),
        ("GET", "/v1/inspections/N-9@1", 404),
        ("GET", "/v1/reports/%00", 422),
        ("GET", "/v1/reports/" + "x" * 500, 422),
        ("PUT", "/v1/decisions", 405),
        ("DELETE", "/health/live", 405),
    ],
)
def test_every_error_is_a_problem(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    told = problem(response, status)
    assert "x" * 400 not in told["detail"]
    assert (status == 405) == ("allow" in response.headers)


def test_a_mistake_of_ours_is_a_problem_without_details(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(PHONE)

    monkeypatch.setattr("serving.scorer.Scorer.score", fail)
    response = client.post("/v1/decisions", json=world.line())
    assert PHONE not in str(problem(response, 500))


def report(name: str = "C-1", **told: object) -> dict[str, object]:
    return {
        "report_id": name,
        "channel": "12315",
        "received_at": "2024-03-01T09:00:00+08:00",
        "text": f"电热水壶漏电起火，请致电{PHONE}，联系人：王小明。",
        "hs_code": "8516",
        "origin": "VN",
        **told,
    }


def test_a_report_is_masked_annotated_and_kept(client: TestClient) -> None:
    read = client.post("/v1/reports", json=report()).json()
    assert set(read["hazards"]) >= {"fire", "electric_shock"}
    whole = client.get("/v1/reports/C-1").json()
    assert whole["annotations"] == [read]
    assert PHONE not in whole["report"]["text"]
    assert "王小明" not in whole["report"]["text"]
    assert "〔电话〕" in whole["report"]["text"]
    for span in read["evidence"]:
        assert whole["report"]["text"][span["start"] : span["end"]] == span["words"]


def test_a_report_is_taken_once(client: TestClient) -> None:
    first = client.post("/v1/reports", json=[report(), report("C-2"), report()]).json()
    assert first[0] == first[2]
    store = service_of(client).store
    kept = store.count("reports"), store.count("annotations")
    assert client.post("/v1/reports", json=report()).json() == first[0]
    assert (store.count("reports"), store.count("annotations")) == kept
    problem(client.post("/v1/reports", json=report(text="别的内容")), 409)


def test_a_wrong_report_never_echoes_its_text(client: TestClient) -> None:
    answer = client.post("/v1/reports", json=report(channel="pigeon", text=PHONE * 10_000))
    problem(answer, 413)
    answer = client.post(
        "/v1/reports", json=report(channel=f"致电{PHONE}", text=["联系人：王小明"])
    )
    told = problem(answer, 422)
    assert {fault["field"] for fault in told["errors"]} == {"channel", "text"}
    assert PHONE not in answer.text
    assert "王小明" not in answer.text


def test_what_was_reported_counts_from_the_next_refresh(client: TestClient) -> None:
    service = service_of(client)
    assert service.watch.standing is not None
    before = service.watch.standing.follower.facts
    client.post("/v1/reports", json=report())
    service.watch.refresh()
    assert service.watch.standing.follower.facts == before + 2


def test_ready_says_whether_the_champion_answers(degraded: TestClient) -> None:
    assert degraded.get("/health/live").json() == {"status": "live"}
    told = problem(degraded.get("/health/ready"), 503)
    assert "degraded" in told["detail"]
    assert "being loaded" in told["detail"]
    assert degraded.post("/v1/decisions", json=world.line()).json()["degraded"] is True
    service_of(degraded).watch.refresh()
    ready = degraded.get("/health/ready").json()
    assert (ready["status"], ready["degraded"], ready["champion"]) == ("ready", False, "risk/1")
    assert degraded.post("/v1/decisions", json=world.line("N-2")).json()["degraded"] is False


def test_ready_says_why_nothing_was_promoted(degraded: TestClient, shelf: Shelf) -> None:
    shelf.champions.clear()
    service_of(degraded).watch.refresh()
    told = problem(degraded.get("/health/ready"), 503)
    assert "no champion of 'risk' in the registry" in told["detail"]


def test_a_token_is_needed_where_one_is_set(settings: Settings, shelf: Shelf) -> None:
    assert shelf.champions
    guarded = settings.model_copy(update={"api_tokens": (SecretStr("key-1"), SecretStr("key-2"))})
    with TestClient(at_one_moment(create_app(guarded))) as client:
        refused = client.post("/v1/decisions", json=world.line())
        problem(refused, 401)
        assert refused.headers["www-authenticate"] == "Bearer"
        problem(client.get("/v1/reports/R000", headers={"Authorization": "Bearer key-3"}), 401)
        passed = client.get("/v1/reports/R000", headers={"Authorization": "Bearer key-2"})
        assert passed.status_code == 200
        assert client.get("/health/live").status_code == 200
