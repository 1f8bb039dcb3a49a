"""The console as a supervisor reads it: titles, rows, links and buttons, not markup."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from features.judgements import Decision, Review
from features.records import Declaration
from models.risk import public
from models.wording import percent
from serving.app import create_app
from serving.console import queries
from serving.settings import Settings
from tests.serving import world
from tests.serving.conftest import at_one_moment, service_of
from tests.serving.shelf import Shelf

VOID = {"meta", "link", "input", "img", "br"}


@dataclass
class Page(HTMLParser):
    """What a reader sees of a page."""

    source: str
    title: str = ""
    headings: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(self.source)
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        assert not {name for name in told if name.startswith("on") or name == "style"}, told
        assert tag != "script"
        if tag == "select":
            self._select = told["name"]
        if tag == "option" and "selected" in told:
            self.chosen.setdefault(self._select, []).append(told.get("value", ""))
        if tag == "input" and "checked" in told:
            self.chosen.setdefault(told["name"], []).append(told["value"])
        if tag == "input" and told.get("type") != "checkbox":
            self.fields[told["name"]] = told.get("value", "")
        if tag not in VOID:
            self._open.append((tag, told, []))

    def handle_data(self, data: str) -> None:
        self.text += data
        for _, _, words in self._open:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        name, told, words = self._open.pop()
        assert name == tag, f"{tag} closes {name}"
        said = " ".join("".join(words).split())
        if tag == "title":
            self.title = said
        if tag in ("h1", "h2", "h3"):
            self.headings.append(said)
        if tag == "tr":
            self.rows.append(said)
        if tag == "a":
            self.links[said] = told["href"]
        if tag == "mark":
            self.marks.append(said)
        if tag == "button":
            self.buttons[said] = told.get("value", "")


def page(client: TestClient, path: str, *, status: int = 200) -> Page:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("text/html")
    assert "script-src" not in response.headers["content-security-policy"]
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    return Page(response.text)


@pytest.fixture
def decided(client: TestClient) -> list[Decision]:
    """Three lines, decided one, two and three days ago: a kettle, a bag and a toy."""
    scorer = service_of(client).scorer
    told = [
        {"hs_code": "9503002100", "goods_name": "毛绒玩具", "origin": "DE", "port": "上海洋山"},
        {"hs_code": "4202120000", "goods_name": "儿童书包", "origin": "JP"},
        {},
    ]
    made = []
    for number, changed in enumerate(told):
        at = world.NOW - timedelta(days=3 - number)
        line = world.line(f"N-{number}", declared_at=at.isoformat(), **changed)
        declaration = Declaration.model_validate({**line, "known_at": at})
        made += scorer.score([declaration], as_of=at)
    return made


def test_the_queue_shows_the_newest_first(client: TestClient, decided: list[Decision]) -> None:
    shown = page(client, "/")
    assert shown.title == "布控队列 · 进出口商品风险预警与布控"
    _, *rows = shown.rows
    assert [re.findall("电热水壶|儿童书包|毛绒玩具", row)[0] for row in rows] == [
        "电热水壶",
        "儿童书包",
        "毛绒玩具",
    ]
    assert "2024-02-29 10:00" in rows[0]
    assert shown.links["电热水壶"] == f"/decisions/{decided[2].decision_id}"
    assert "共 3 条" in shown.text


def test_the_queue_sorts_by_risk_and_filters(client: TestClient, decided: list[Decision]) -> None:
    _, *by_risk = page(client, "/?order=risk").rows
    assert "电热水壶" in by_risk[0]
    _, *there = page(client, "/?port=上海洋山").rows
    assert [("毛绒玩具" in row) for row in there] == [True]
    _, *recent = page(client, "/?days=1").rows
    assert len(recent) == 1
    level = decided[2].level
    _, *same = page(client, f"/?level={level}").rows
    assert len(same) == sum(d.level == level for d in decided)
    assert len(page(client, "/?lane=nonsense&page=x&days=-1&order=up").rows) == 1 + 3


def test_an_empty_queue_says_so(client: TestClient) -> None:
    assert "没有符合条件的指令" in page(client, "/").text


def test_the_queue_is_paged(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 4)
    client.post("/v1/decisions", json=[world.line(f"N-{i:02d}") for i in range(10)])
    first = page(client, "/")
    last = page(client, "/?page=3")
    assert len(first.rows) == 1 + 4
    assert len(last.rows) == 1 + 2
    assert "第 3 / 3 页" in last.text
    assert first.links["下一页"] == "/?page=2"
    assert "下一页" not in last.links


def test_the_queue_follows_decisions_of_other_processes(
    client: TestClient, decided: list[Decision]
) -> None:
    assert len(page(client, "/").rows) == 1 + 3
    other = decided[0].model_copy(update={"decision_id": "other@1", "known_at": world.NOW})
    service_of(client).store.append([other])
    assert len(page(client, "/").rows) == 1 + 4


def test_a_decision_says_what_to_do_why_and_on_which_facts(
    client: TestClient, decided: list[Decision]
) -> None:
    kettle = decided[2]
    shown = page(client, f"/decisions/{kettle.decision_id}")
    assert shown.title.startswith("电热水壶")
    assert {"怎么办", "为什么", "申报商品项", "抽签与核验", "复核"} <= set(shown.headings)
    for reason in kettle.reasons:
        assert reason.zh in " ".join(shown.text.split())
    low, high = kettle.likelihood_low, kettle.likelihood_high
    assert low is not None
    assert high is not None
    assert low < kettle.likelihood < high
    assert f"90% 区间 {percent(low)}–{percent(high)}" in shown.text
    for allowed in public.shipped().reasons(kettle):
        assert allowed.zh in shown.text
    for told in (kettle.commitment, kettle.model_version, kettle.policy_version, "84,000.50 元"):
        assert told in shown.text
    behind = [e for reason in kettle.reasons for e in reason.evidence]
    assert behind
    for e in behind:
        path = f"/{e.kind}s/{quote(e.id, safe='@')}"
        assert path in shown.links.values() or path in shown.source
        page(client, path)


@pytest.mark.parametrize(("known", "hinted"), [(0, True), (9, True), (10, False)])
def test_a_decision_on_thinly_known_goods_says_so(
    client: TestClient, decided: list[Decision], known: int, hinted: bool
) -> None:
    told = {"decision_id": "K-thin", "inspections_known": known}
    service_of(client).scorer.store.append([decided[0].model_copy(update=told)])
    shown = page(client, "/decisions/K-thin")
    assert (f"同类查验仅 {known} 次，判断不确定" in shown.text) == hinted


def test_a_report_shows_its_evidence_marked(client: TestClient) -> None:
    shown = page(client, "/reports/R000")
    assert "漏电" in shown.marks
    assert "危害：触电" in shown.text
    assert "12315 消费者投诉" in shown.text


def test_what_a_report_says_is_never_markup(client: TestClient) -> None:
    told = {
        "report_id": "X/<b>&?",
        "channel": "media",
        "received_at": "2024-03-01T09:00+08:00",
        "text": "<script>alert(1)</script> 水壶漏电 <b>",
    }
    client.post("/v1/reports", json=told)
    shown = page(client, "/reports/" + quote(str(told["report_id"]), safe=""))
    assert "<script>alert(1)</script>" in shown.text


def test_other_pages(client: TestClient, decided: list[Decision]) -> None:
    (visit, *_) = service_of(client).store.latest("inspections", limit=1)
    assert "查验结果" in page(client, f"/inspections/{visit.fact_id}").headings[0]
    line = page(client, f"/declarations/{decided[2].declaration_id}")
    assert "电热水壶" in line.headings
    assert f"/decisions/{decided[2].decision_id}" in line.links.values()


def test_what_is_not_there_is_a_page_with_the_way_back(client: TestClient) -> None:
    for path in ("/nowhere", "/decisions/N-9@1", "/reports/none", "/inspections/a@1"):
        shown = page(client, path, status=404)
        assert shown.headings == ["未找到"]
        assert shown.links["回到布控队列"] == "/"


def test_a_degraded_service_says_so(degraded: TestClient) -> None:
    degraded.post("/v1/decisions", json=world.line())
    shown = page(degraded, "/")
    assert "降级运行" in shown.text
    assert "降级：按基准率" in shown.text
    (path,) = {link for link in shown.links.values() if link.startswith("/decisions/")}
    assert "此指令在降级状态下作出" in page(degraded, path).text
    assert "90% 区间" not in page(degraded, path).text
    service_of(degraded).watch.refresh()
    assert "降级运行" not in page(degraded, "/").text


def test_a_supervisor_reviews_a_decision(client: TestClient, decided: list[Decision]) -> None:
    path = f"/decisions/{decided[0].decision_id}"
    shown = page(client, path)
    assert shown.buttons == {"同意": "agree", "需更正": "correct", "不成立": "dismiss"}
    form = {"token": shown.fields["token"], "reviewer": "复核员甲", "note": "已电话核实"}
    after = client.post(f"{path}/review", data={**form, "verdict": "correct"})
    assert after.url.path == path
    assert "需更正 复核员甲 2024-03-01 10:00" in " ".join(Page(after.text).text.split())
    (kept,) = service_of(client).store.latest("reviews")
    assert isinstance(kept, Review)
    assert (kept.subject_id, kept.verdict) == (decided[0].decision_id, "correct")
    assert (kept.reviewed_at, kept.note) == (world.NOW, "已电话核实")
    assert "已复核：需更正" in page(client, "/").text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"token": "0" * 64}, 403),
        ({"reviewer": "  "}, 422),
        ({"verdict": "maybe"}, 422),
        ({"note": "x" * 3000}, 422),
    ],
)
def test_a_review_that_does_not_fit_is_not_kept(
    client: TestClient, decided: list[Decision], changed: dict[str, str], status: int
) -> None:
    path = f"/decisions/{decided[0].decision_id}"
    form = {"token": page(client, path).fields["token"], "reviewer": "甲", "verdict": "agree"}
    answer = client.post(f"{path}/review", data={**form, **changed})
    assert answer.status_code == status
    assert "回到布控队列" in answer.text
    assert service_of(client).store.count("reviews") == 0


def test_a_token_of_another_reader_is_refused(client: TestClient, decided: list[Decision]) -> None:
    path = f"/decisions/{decided[0].decision_id}"
    token = page(client, path).fields["token"]
    client.cookies.clear()
    form = {"token": token, "reviewer": "甲", "verdict": "agree"}
    assert client.post(f"{path}/review", data=form).status_code == 403
    page(client, path)
    assert client.post(f"{path}/review", data=form).status_code == 403


def test_a_password_is_needed_where_one_is_set(settings: Settings, shelf: Shelf) -> None:
    assert shelf.champions
    guarded = settings.model_copy(update={"console_password": SecretStr("口令 open")})
    with TestClient(at_one_moment(create_app(guarded))) as client:
        refused = client.get("/")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic")
        assert client.get("/", auth=("anyone", "wrong")).status_code == 401
        assert client.get("/", auth=("anyone", "口令 open".encode())).status_code == 200


def test_styles_come_from_here(client: TestClient) -> None:
    for path in ("/static/style.css", "/static/mark.svg"):
        found = client.get(path)
        assert found.status_code == 200
        assert not re.findall(r"url\(|@import|https?://(?!www\.w3\.org)", found.text)
