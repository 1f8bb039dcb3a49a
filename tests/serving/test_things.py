"""What a report names, marked in its text with what it is linked to."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from features.records import Enterprise
from models.text import taxonomy
from models.text.annotate import trained
from models.text.entities.firms import Firm, Firms
from models.text.entities.linker import Linker
from models.text.entities.makes import Make
from tests.serving import world
from tests.serving.conftest import service_of
from tests.serving.test_console import Page, page

NAMES = {
    "FIRM-03": "海州市晨曦电器<进出口>有限公司",
    "FIRM-04": "海州市安澜贸易有限公司",
    "FIRM-05": "安平市安澜贸易有限公司",
}
SPELT = "海州市晨曦电器有限公司"
TEXT = (
    f"在{SPELT}花1,299元买的山泉电热水壶，原产国：越南，通电漏电。2024年2月20日坏了，"
    "运费25美元。安澜贸易不理。"
)


@pytest.fixture
def linking(client: TestClient) -> TestClient:
    """A service whose text model links what reports name."""
    known = world.NOW - timedelta(days=9)
    service = service_of(client)
    service.store.append(
        [
            Enterprise(enterprise_id=name, name=NAMES[name], known_at=known)
            for name in ("FIRM-03", "FIRM-04")
        ]
    )
    firms = [Firm(name, NAMES[name]) for name in ("FIRM-04", "FIRM-05")]
    linker = Linker(makes=(Make("山泉"),), firms=Firms((Firm("FIRM-03", SPELT), *firms)))
    service.watch.annotator = trained(taxonomy.load(), {}, linker=linker)
    return client


def read(client: TestClient, text: str = TEXT) -> Page:
    told = {"report_id": "T-1", "channel": "12315", "received_at": "2024-03-01T09:00+08:00"}
    assert client.post("/v1/reports", json={**told, "text": text}).status_code == 200
    return page(client, "/reports/T-1")


def test_things_are_marked_and_say_what_they_are_linked_to(linking: TestClient) -> None:
    shown = read(linking)
    assert {"山泉", "越南", "1,299元", "2024年2月20日"} <= set(shown.marks)
    for row in (
        "品牌 山泉 山泉",
        f"企业 {SPELT} {NAMES['FIRM-03']}（FIRM-03）",
        "原产地 越南 越南（VN）",
        "金额 1,299元 1,299.00 元",
        "金额 25美元 USD 25",
        "日期 2024年2月20日 2024-02-20",
    ):
        assert [told for told in shown.rows if told.startswith(row)], (row, shown.rows)


def test_a_name_that_may_mean_several_shows_them_with_their_scores(linking: TestClient) -> None:
    (row,) = [row for row in read(linking).rows if row.startswith("企业 安澜贸易")]
    assert "待定" in row
    assert f"{NAMES['FIRM-04']}（FIRM-04） 38%" in row
    assert "FIRM-05 38%" in row


def test_who_is_complained_about_is_named(linking: TestClient) -> None:
    shown = read(linking)
    assert f"{NAMES['FIRM-03']} FIRM-03" in " ".join(shown.text.split())


def test_the_same_said_twice_is_listed_once(linking: TestClient) -> None:
    shown = read(linking, "山泉水壶漏电，又是山泉。")
    assert len([row for row in shown.rows if row.startswith("品牌 山泉")]) == 1
    assert shown.marks.count("山泉") == 3  # twice in the text, once in the list


def test_signs_of_credibility_are_told_in_chinese(client: TestClient) -> None:
    text = " ".join(read(client, "水壶漏电，有发票，听说别人也这样").text.split())
    assert "可信度：凭证" in text
    assert "可信度：道听途说" in text
    assert re.search(r"可信度\d+% 把握 \d+%", text)
