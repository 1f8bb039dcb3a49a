"""The reports that wait for a person, as a supervisor reads them and empties the page."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from models.text.annotate import Annotator
from models.text.suspects import Suspect
from pipelines.label_queue import label_queue
from serving.console import agenda
from serving.console.agenda import Agenda
from tests.serving import world
from tests.serving.conftest import service_of
from tests.serving.test_console import Page, page

UNCLEAR = "快递放在门卫那里，后来去拿的时候找了半天才找到"
MORE = ("<b>气味</b>很大，闻了头晕", "请问进口奶粉没有中文标签可以卖吗", "面霜用了脸上起了红疹")


def post(client: TestClient, name: str, text: str, **told: str) -> None:
    sent = {"report_id": name, "channel": "12345", "received_at": "2024-03-01T09:00+08:00"}
    answer = client.post("/v1/reports", json={**sent, "text": text, **told})
    assert answer.status_code == 200, answer.text


def waiting(client: TestClient, address: str = "/reports") -> Page:
    return page(client, address)


def judged(client: TestClient, name: str, *, verdict: str) -> None:
    """Judge a report by its form, as it is unless corrected."""
    path = "/reports/" + quote(name, safe="")
    shown = page(client, path)
    kept = {field: shown.fields[field] for field in ("token", "annotation_id")}
    answers = {"category": "label"} if verdict == "correct" else {}
    sent = {**kept, **answers, "reviewer": "复核员甲", "verdict": verdict}
    assert client.post(f"{path}/review", data=sent).status_code == 200


def test_a_row_says_when_where_what_and_why(client: TestClient) -> None:
    post(client, "U/1", f"{UNCLEAR}，\n请回电13812345678")
    shown = waiting(client)
    assert shown.title.startswith("待复核")
    (row,) = [row for row in shown.rows if UNCLEAR in row]
    for told in ("2024-03-01 09:00", "12345 政务热线", "〔电话〕", "存疑：", "把握"):
        assert told in row
    (address,) = [to for said, to in shown.links.items() if UNCLEAR in said]
    assert address == "/reports/U%2F1"
    assert page(client, address).buttons == {
        "同意": "agree",
        "更正": "correct",
        "不采用": "dismiss",
    }


def test_a_title_leads_and_a_long_text_is_cut(client: TestClient) -> None:
    post(client, "U-1", UNCLEAR * 9, title="找不到快递")
    shown = waiting(client)
    assert shown.links["找不到快递"] == "/reports/U-1"
    (row,) = [row for row in shown.rows if "找不到快递" in row]
    assert f"{(UNCLEAR * 9)[:80]}…" in row
    assert UNCLEAR * 4 not in row


def test_what_a_text_says_is_never_markup(client: TestClient) -> None:
    post(client, "U-1", f"<script>alert(1)</script>{UNCLEAR}", title="<i>标题</i>")
    shown = waiting(client)
    assert "<script>alert(1)</script>" in shown.text
    assert "<i>标题</i>" in shown.links


def test_the_order_is_that_of_the_command(client: TestClient) -> None:
    for number, text in enumerate((UNCLEAR, *MORE)):
        post(client, f"U-{number}", text)
    service = service_of(client)
    told = label_queue(service.store, service.watch.annotator, limit=20)
    shown = re.findall('href="/reports/([^"]+)"', waiting(client).source)
    assert shown == [one.report_id for one in told]
    assert len(shown) == 4 + len(world.COMPLAINTS)


@pytest.mark.parametrize("verdict", ["correct", "dismiss"])
def test_a_judged_report_leaves_with_those_that_say_the_same(
    client: TestClient, verdict: str
) -> None:
    for number in range(3):
        post(client, f"U-{number}", UNCLEAR)
    post(client, "other", MORE[0])
    before = waiting(client)
    (address,) = [to for said, to in before.links.items() if UNCLEAR in said]
    judged(client, address.removeprefix("/reports/"), verdict=verdict)
    after = waiting(client)
    assert UNCLEAR not in after.text
    assert MORE[0] in after.text


def test_a_doubted_label_is_shown_however_old_its_report(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(client, "U-1", UNCLEAR)
    post(client, "later", MORE[0])
    monkeypatch.setattr(agenda, "NEWEST", 1)
    assert UNCLEAR not in waiting(client).text
    doubt = Suspect("U-1", "category", "label", "quality", 0.02, 0.9, by_person=False, text="")
    service_of(client).watch.suspects = (doubt,)
    shown = waiting(client)
    (row,) = [row for row in shown.rows if UNCLEAR in row]
    assert "标签可疑：类别登记为" in row
    assert "（90%）" in row
    assert "另有标签可疑的旧信息 1 条" in shown.text
    judged(client, "U-1", verdict="agree")
    assert UNCLEAR not in waiting(client).text


def test_copies_are_one_row_with_their_number_and_a_flood_is_marked(client: TestClient) -> None:
    post(client, "alone", MORE[0])
    for number in range(6):
        post(client, f"U-{number}", UNCLEAR)
    rows = waiting(client).rows
    (flooding,) = [row for row in rows if UNCLEAR in row]
    assert "6 条" in flooding
    assert "疑似刷帖" in flooding
    (alone,) = [row for row in rows if MORE[0] in row]
    assert "疑似刷帖" not in alone
    assert "条" not in alone


def test_so_many_are_shown_as_are_asked_for(client: TestClient) -> None:
    for number, text in enumerate((UNCLEAR, *MORE)):
        post(client, f"U-{number}", text)
    whole, some = waiting(client), waiting(client, "/reports?limit=2")
    assert len(some.rows) == 1 + 2
    assert len(whole.rows) > len(some.rows)
    assert some.chosen["limit"] == [""]  # a number that the choices lack is one of them
    assert "列出 2 条" in some.text


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "twenty", "", "9" * 5000, "%00", "<b>"])
def test_a_number_that_makes_no_sense_is_refused(client: TestClient, limit: str) -> None:
    shown = page(client, f"/reports?limit={limit}", status=422)
    assert shown.headings == ["内容不符合要求"]
    assert "请给 1 至 100 的整数" in shown.text or len(limit) > 1000


def test_when_all_is_judged_the_page_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda, "NEWEST", 3)
    for number, text in enumerate((UNCLEAR, *MORE)):
        post(client, f"U-{number}", text)
    assert "只看最新 3 条" in waiting(client).text
    store = service_of(client).store
    while told := [to for to in waiting(client).links.values() if to.startswith("/reports/")]:
        judged(client, told[0].removeprefix("/reports/"), verdict="dismiss")
    assert "没有待复核的风险信息" in waiting(client).text
    assert store.count("reviews") > 3


def test_a_version_that_has_read_nothing_says_what_to_run(client: TestClient) -> None:
    watch = service_of(client).watch
    watch.annotator = Annotator(watch.annotator.taxonomy, "another")
    shown = waiting(client)
    assert "yujing annotate" in shown.text
    assert shown.rows == []


def test_the_page_is_one_click_from_the_others(client: TestClient) -> None:
    assert page(client, "/").links["待复核"] == "/reports"
    assert page(client, "/reports/R000").links["待复核"] == "/reports"


def test_what_was_ranked_stands_until_something_changes(client: TestClient) -> None:
    service = service_of(client)
    kept = Agenda(service.store)
    annotator = service.watch.annotator
    first = kept.ranked(annotator, limit=20)
    assert kept.ranked(annotator, limit=20) is first
    assert kept.ranked(annotator, limit=1).rows == first.rows[:1]
    (report,) = [row.report for row in first.rows[:1]]
    later = report.model_copy(
        update={"text": "改过的正文", "known_at": world.NOW + timedelta(days=1)}
    )
    service.store.append([later])
    told = [row.report.text for row in kept.ranked(annotator, limit=20).rows]
    assert "改过的正文" in told
    other = Annotator(annotator.taxonomy, "another")
    assert kept.ranked(other, limit=20).rows == ()
