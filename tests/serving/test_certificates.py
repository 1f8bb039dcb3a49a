"""Certificates are taken once, count from the next refresh on, and are shown with what they did."""

from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from features.records import Certificate, Declaration, Inspection, Warning
from tests.serving import world
from tests.serving.conftest import service_of


def certificate(**told: Any) -> dict[str, Any]:
    return {
        "certificate_id": "C-1",
        "issuer_id": "T1",
        "issuer": "agency",
        "issued_at": "2024-02-20T10:00:00+08:00",
        "outcome": "pass",
        "scope": {"enterprise": "FIRM-03", "hs4": "8516"},
        **told,
    }


def kettle(name: str, **told: Any) -> dict[str, Any]:
    return world.line(name, **{"enterprise_id": "FIRM-03", **told})


def test_a_certificate_is_taken_once_and_found_again(client: TestClient) -> None:
    first = client.post("/v1/certificates", json=certificate())
    assert first.status_code == 200
    assert client.post("/v1/certificates", json=[certificate()]).json() == [first.json()]
    assert client.get("/v1/certificates/C-1").json() == first.json()
    other = client.post("/v1/certificates", json=certificate(outcome="fail"))
    assert other.status_code == 409
    assert "certificate_id 'C-1'" in other.json()["detail"]
    assert client.get("/v1/certificates/C-2").status_code == 404


def test_a_wrong_certificate_is_refused_with_its_field(client: TestClient) -> None:
    for told, field in (
        ({"issuer": "somebody"}, "issuer"),
        ({"scope": {}}, "scope"),
        ({"outcome": "perhaps"}, "outcome"),
        ({"stamp": "red"}, "stamp"),
    ):
        answer = client.post("/v1/certificates", json=certificate(**told))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field


def test_from_the_next_refresh_on_it_lowers_the_probability_and_says_so(
    client: TestClient,
) -> None:
    before = client.post("/v1/decisions", json=kettle("N-1")).json()
    assert before["inclusion_probability"] == 1
    service_of(client).store.append([Certificate.model_validate(certificate())])
    service_of(client).watch.refresh()
    after = client.post("/v1/decisions", json=kettle("N-2")).json()
    floor = service_of(client).scorer.agency.policy.floors[after["level"]]
    assert after["inclusion_probability"] == max(0.1, floor) < 1
    (effect,) = (e for e in after["effects"] if e["cause"] == "recognition")
    assert effect["evidence"] == [{"kind": "certificate", "id": "C-1"}]
    page = client.get(f"/decisions/{after['decision_id']}").text
    assert "互认其他部门的合格结果" in page
    assert 'href="/certificates/C-1"' in page
    assert "其他部门：合格" in client.get("/certificates/C-1").text


def test_a_grave_warning_leaves_nothing_recognised(client: TestClient) -> None:
    service_of(client).store.append([Certificate.model_validate(certificate())])
    at = world.NOW - timedelta(hours=1)
    grave = Warning(
        warning_id="W-1",
        level="I",
        issued_at=at,
        known_at=at,
        scope={"hs4": "8516"},
        hazards=("fire",),
    )
    service_of(client).store.append([grave])
    service_of(client).watch.refresh()
    told = client.post("/v1/decisions", json=kettle("N-1")).json()
    assert (told["inclusion_probability"], told["lane"], told["selection"]) == (
        1,
        "full",
        "mandated",
    )
    assert "warning" in {e["cause"] for e in told["effects"]}
    assert "recognition" not in {e["cause"] for e in told["effects"]}
    assert told["items"][0]["hazard"] == "fire"
    assert told["sample_size"] >= 1


def test_a_lot_that_passed_is_released_with_the_inspection_that_spares_it(
    client: TestClient,
) -> None:
    store, at = service_of(client).store, world.NOW - timedelta(days=3)
    line = {**kettle("L-1", lot_id="B7"), "known_at": at, "declared_at": at}
    visit = {"declaration_id": "L-1", "inspected_at": at, "outcome": "pass"}
    store.append([Declaration.model_validate(line), Inspection.model_validate(visit)])
    service_of(client).watch.refresh()
    same = client.post("/v1/decisions", json=kettle("N-1", lot_id="B7")).json()
    assert (same["lane"], same["inclusion_probability"]) == ("release", 0)
    (effect,) = (e for e in same["effects"] if e["cause"] == "lot")
    assert client.get(f"/v1/inspections/{effect['evidence'][0]['id']}").status_code == 200
    page = client.get(f"/decisions/{same['decision_id']}").text
    assert "不重复查验" in page
    assert "不查（π = 0）" in page
    other = client.post("/v1/decisions", json=kettle("N-2", lot_id="B8")).json()
    assert other["inclusion_probability"] == 1


def test_the_commitment_is_published_and_the_secret_only_when_the_day_is_over(
    client: TestClient,
) -> None:
    told = client.post("/v1/decisions", json=kettle("N-1")).json()
    today = client.get("/v1/draws/2024-03-01").json()
    assert today == {"day": "2024-03-01", "commitment": told["commitment"], "secret": None}
    assert client.get("/v1/draws/2024-03-09").json()["secret"] is None
    past = client.get("/v1/draws/2024-02-29").json()
    assert len(past["secret"]) == 64
    wrong = client.get("/v1/draws/yesterday")
    assert (wrong.status_code, "2026-07-01" in wrong.json()["detail"]) == (422, True)
