"""A supervisor corrects what was read in a report, and the correction is kept as a label."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from features.judgements import Review
from models.text import taxonomy
from pipelines import corrections
from tests.serving import world
from tests.serving.conftest import service_of
from tests.serving.test_console import Page, page

PATH = "/reports/R000"
ANSWERS = {
    "relevance": "relevant",
    "category": "safety",
    "hazards": ["electric_shock"],
    "severity": "3",
    "sentiment": "negative",
    "request": "other",
    "demands": [],
}
WHOLE = {**ANSWERS, "hazards": "electric_shock", "demands": "none"}


def form(client: TestClient, **told: object) -> dict[str, object]:
    fields = page(client, PATH).fields
    kept = {name: fields[name] for name in ("token", "annotation_id")}
    return {**kept, **ANSWERS, "reviewer": "复核员甲", "verdict": "correct", **told}


def as_sent(chosen: dict[str, list[str]]) -> dict[str, object]:
    """What a browser sends of a form that was left as it is."""
    several = ("hazards", "demands")
    return {name: codes if name in several else codes[0] for name, codes in chosen.items()}


def reviews(client: TestClient) -> list[Review]:
    return [r for r in service_of(client).store.latest("reviews") if isinstance(r, Review)]


def labels(client: TestClient) -> dict[str, str]:
    said = corrections.read(
        service_of(client).store, taxonomy=taxonomy.load(), until=world.NOW + timedelta(days=1)
    )
    return dict(zip(said["question"], said["answer"], strict=True))


def test_every_answer_is_shown_with_its_confidence_and_its_words(client: TestClient) -> None:
    shown = page(client, PATH)
    assert shown.buttons == {"同意": "agree", "更正": "correct", "不采用": "dismiss"}
    text = " ".join(shown.text.split())
    assert "危害 触电" in text
    assert "把握 75%" in text or "把握 85%" in text
    assert shown.marks.count("漏电") >= 2  # in the text, and beside the answer
    assert "存疑" in text


def test_a_correction_is_kept_and_becomes_a_label(client: TestClient) -> None:
    sent = form(client, hazards=["burn", "electric_shock"], note="致电13812345678核实")
    after = client.post(f"{PATH}/review", data=sent)
    assert after.url.path == PATH
    text = " ".join(Page(after.text).text.split())
    assert "更正 复核员甲 2024-03-01 10:00" in text
    assert "危害：触电、烫伤灼伤" in text
    assert "已更正" in text
    (kept,) = reviews(client)
    assert kept.subject == "annotation"
    assert kept.subject_id == sent["annotation_id"]
    assert kept.corrections == {**WHOLE, "hazards": "electric_shock,burn"}
    assert kept.note == "致电〔电话〕核实"
    assert labels(client) == kept.corrections


def test_what_nobody_judged_is_no_label(client: TestClient) -> None:
    client.post(f"{PATH}/review", data=form(client, category="quality", sentiment="", request=""))
    (kept,) = reviews(client)
    assert kept.corrections["category"] == "quality"
    assert not {"sentiment", "request"} & set(kept.corrections)


def test_who_corrects_next_starts_from_what_stands(client: TestClient) -> None:
    client.post(f"{PATH}/review", data=form(client, category="quality"))
    (chosen,) = page(client, PATH).chosen["category"]
    assert chosen == "quality"


def test_an_agreement_labels_what_was_read(client: TestClient) -> None:
    shown = page(client, PATH).chosen
    told = as_sent(shown)
    client.post(f"{PATH}/review", data=form(client, **told, verdict="agree"))
    (kept,) = reviews(client)
    assert (kept.verdict, kept.corrections) == ("agree", {})
    assert labels(client)["hazards"] == "electric_shock"


@pytest.mark.parametrize(
    ("changed", "status", "says"),
    [
        ({"token": "0" * 64}, 403, "表单已失效"),
        ({"reviewer": " "}, 422, "复核人为空"),
        ({"category": "dangerous"}, 422, "category &#39;dangerous&#39; is unknown"),
        ({"hazards": ["fire", "flood"]}, 422, "hazards &#39;flood&#39; is unknown"),
        ({"verdict": "agree", "category": "quality"}, 422, "已改动 类别"),
        ({"annotation_id": "R001@none"}, 404, "no &#39;R001@none&#39;"),
    ],
)
def test_what_does_not_fit_is_not_kept(
    client: TestClient, changed: dict[str, object], status: int, says: str
) -> None:
    answer = client.post(f"{PATH}/review", data=form(client, **changed))
    assert answer.status_code == status, answer.text
    assert says in answer.text
    assert reviews(client) == []


def test_a_correction_that_changes_nothing_says_so(client: TestClient) -> None:
    shown = page(client, PATH).chosen
    told = as_sent(shown)
    answer = client.post(f"{PATH}/review", data=form(client, **told))
    assert answer.status_code == 422
    assert "没有改动任何答案" in answer.text


def test_an_annotation_of_another_report_is_refused(client: TestClient) -> None:
    other = page(client, "/reports/R001").fields["annotation_id"]
    answer = client.post(f"{PATH}/review", data=form(client, annotation_id=other))
    assert answer.status_code == 404
    assert "不属于这条风险信息" in answer.text


def test_an_id_of_any_shape_can_be_corrected(client: TestClient) -> None:
    name = "X/<b>&?/review"
    client.post(
        "/v1/reports",
        json={
            "report_id": name,
            "channel": "media",
            "received_at": "2024-03-01T09:00+08:00",
            "text": "水壶漏电",
        },
    )
    path = "/reports/" + quote(name, safe="")
    fields = page(client, path).fields
    told = {"token": fields["token"], "annotation_id": fields["annotation_id"]}
    sent = {**told, "reviewer": "甲", "verdict": "dismiss"}
    assert client.post(f"{path}/review", data=sent).status_code == 200
    assert [r.verdict for r in reviews(client)] == ["dismiss"]
