"""Reviews that come from another system: checked against the taxonomy, kept once."""

import pytest
from fastapi.testclient import TestClient

from features.judgements import Review
from tests.serving.conftest import service_of
from tests.serving.test_api import problem


def subject(client: TestClient, report: str = "R000") -> str:
    (read,) = client.get(f"/v1/reports/{report}").json()["annotations"]
    return f"{report}@{read['model_version']}"


def review(client: TestClient, name: str = "v-1", **told: object) -> dict[str, object]:
    return {
        "review_id": name,
        "subject": "annotation",
        "subject_id": subject(client),
        "verdict": "correct",
        "reviewer": "甲",
        "reviewed_at": "2024-03-01T09:45+08:00",
        "corrections": {"category": "quality", "hazards": "burn,electric_shock"},
        **told,
    }


def test_a_review_is_kept_once(client: TestClient) -> None:
    first = client.post("/v1/reviews", json=review(client, note="致电13812345678"))
    assert first.status_code == 200, first.text
    told = first.json()
    assert told["corrections"] == {"category": "quality", "hazards": "electric_shock,burn"}
    assert told["note"] == "致电〔电话〕"
    again = client.post("/v1/reviews", json=[review(client, note="致电13812345678")])
    assert again.json() == [told]
    (kept,) = service_of(client).store.latest("reviews")
    assert isinstance(kept, Review)
    assert kept.corrections == told["corrections"]
    problem(client.post("/v1/reviews", json=review(client, verdict="agree", corrections={})), 409)


def test_a_clock_that_runs_a_little_ahead_loses_no_review(client: TestClient) -> None:
    sent = review(client, reviewed_at="2024-03-01T10:04+08:00")
    assert client.post("/v1/reviews", json=sent).status_code == 200
    assert service_of(client).store.count("reviews") == 1


@pytest.mark.parametrize(
    ("told", "remedy"),
    [
        ({"corrections": {"category": "dangerous"}}, "give one of safety"),
        ({"corrections": {"colour": "red"}}, "no question is called 'colour'"),
        ({"verdict": "agree"}, "belong to verdict 'correct' on an annotation"),
        ({"subject": "decision"}, "belong to verdict 'correct' on an annotation"),
    ],
)
def test_a_correction_that_does_not_fit_is_named(
    client: TestClient, told: dict[str, object], remedy: str
) -> None:
    sent = [review(client), review(client, "v-2", **told)]
    (fault,) = problem(client.post("/v1/reviews", json=sent), 422)["errors"]
    assert (fault["index"], fault["field"]) == (1, "corrections")
    assert remedy in fault["remedy"]
    assert service_of(client).store.count("reviews") == 0


def test_a_review_of_nothing_is_not_found(client: TestClient) -> None:
    for kind in ("annotation", "decision", "warning"):
        sent = review(client, subject=kind, subject_id="none@1", verdict="agree", corrections={})
        told = problem(client.post("/v1/reviews", json=sent), 404)
        assert f"no {kind} 'none@1'" in told["detail"]
