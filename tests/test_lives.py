"""The two lives of the design: one complaint (section 5) and one declaration (section 6)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from features import moments
from features.judgements import Decision, Review
from features.labels import labels
from features.records import Inspection
from models.inspection.draws import draw
from serving import deps
from tests.serving import world
from tests.serving.conftest import app, made, service_of, settings, shelf

__all__ = ["app", "made", "settings", "shelf"]
PHONE = "13812345678"


class Clock:
    """The present moment of a story."""

    def __init__(self) -> None:
        self.now = world.NOW

    def __call__(self) -> object:
        return self.now

    def pass_by(self, **some: float) -> None:
        self.now += timedelta(**some)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def window(app: FastAPI, clock: Clock) -> Iterator[TestClient]:
    """The single window and the hotline, as clients of a service that is ready."""
    app.dependency_overrides[deps.now] = clock
    with TestClient(app) as client:
        service_of(client).watch.refresh()
        yield client


STORIES = (  # in different words: copies would count once
    "电热毯用了一晚就起火，床单烧着，手被烫伤",
    "上周买的毯子插电十分钟后冒出火苗，老人小腿烧伤送医院",
    "孩子睡着时毯子自燃起火，背部大面积烧伤，现在还在住院",
    "收到货第二天控制器着火，我去拔插头被火烧伤了右手",
    "夜里被烟呛醒，发现垫子已经起火，家里人脸上烧伤去了急诊",
)


def complaint(number: int) -> dict[str, object]:
    return {
        "report_id": f"12315-{number}",
        "channel": "12315",
        "received_at": "2024-03-01T09:00:00+08:00",
        "text": f"{STORIES[number - 1]}，联系人：王小明，电话{PHONE}",
        "goods_name": "电热毯",
        "hs_code": "6301",
        "origin": "DE",
    }


def test_one_complaint(window: TestClient, clock: Clock) -> None:
    store = service_of(window).store

    # 1, 2: one report, masked before it is stored, taken once.
    read = window.post("/v1/reports", json=complaint(1)).json()
    assert window.post("/v1/reports", json=complaint(1)).json() == read
    kept = window.get("/v1/reports/12315-1").json()
    assert PHONE not in kept["report"]["text"]
    assert "王小明" not in kept["report"]["text"]

    # 3: read at once, with the words that say so.
    assert read["relevant"] is True
    assert "fire" in read["hazards"]
    assert read["annotated_at"] == "2024-03-01T02:00:00Z"
    assert read["evidence"]

    # 4: from the next refresh on, windows see it, and what is severe raises the severity.
    goods = {"hs_code": "6301100000", "goods_name": "电热毯", "origin": "DE"}
    blanket = world.line("T-1", enterprise_id="FIRM-99", **goods)
    before = window.post("/v1/decisions", json=blanket).json()
    window.post("/v1/reports", json=[complaint(number) for number in range(2, 6)])
    clock.pass_by(minutes=1)
    service_of(window).watch.refresh()
    after = window.post("/v1/decisions", json={**blanket, "declaration_id": "T-2"}).json()
    assert before["severity"] < after["severity"]

    # 5: the console shows it with the evidence marked.
    page = window.get("/reports/12315-1").text
    for span in read["evidence"]:
        assert f">{span['words']}</mark>" in page
    assert store.count("reports") == 60 + 5


def test_one_declaration(window: TestClient, clock: Clock) -> None:
    service = service_of(window)

    # 1: posted, and posted again by a window that got no answer.
    told = window.post("/v1/decisions", json=world.line()).json()
    clock.pass_by(seconds=30)
    assert window.post("/v1/decisions", json=world.line()).json() == told

    # 2: believed, with reasons that lead to the facts behind them.
    assert told["likelihood"] > 0.5
    behind = [e for reason in told["reasons"] for e in reason["evidence"]]
    assert {window.get(f"/v1/{e['kind']}s/{e['id']}").status_code for e in behind} == {200}

    # 3: drawn so that anybody can check it once the day's secret is published.
    secret = draw.day_secret(world.SECRET.encode(), draw.day(world.NOW))
    assert draw.commitment(secret) == told["commitment"]
    assert draw.draw(secret, "N-1") == told["draw"]
    drawn = told["draw"] < told["inclusion_probability"]
    assert drawn == (told["lane"] != "release") == bool(told["items"])

    # 4: written down before it was answered.
    kept = service.store.find("decisions", told["decision_id"])
    assert isinstance(kept, Decision)
    assert kept.likelihood == told["likelihood"]

    # 5: the queue shows it, a supervisor agrees, an inspection comes back, and is a label.
    path = f"/decisions/{told['decision_id']}"
    assert path in window.get("/").text
    token = window.get(path).text.partition('name="token" value="')[2].partition('"')[0]
    form = {"token": token, "reviewer": "复核员甲", "verdict": "agree"}
    assert window.post(f"{path}/review", data=form).status_code == 200
    (review,) = service.store.latest("reviews")
    assert isinstance(review, Review)
    assert review.subject_id == told["decision_id"]
    clock.pass_by(hours=20)
    visit = Inspection(
        declaration_id="N-1",
        inspected_at=clock.now,
        known_at=clock.now,
        outcome="fail",
        hazards=("electric_shock",),
        severity=4,
        selection="risk",
        propensity=told["inclusion_probability"],
    )
    service.store.append([visit])
    label = labels(service.store.frame("inspections")).loc["N-1"]
    assert label["failed"]
    assert label["propensity"] == told["inclusion_probability"]

    # 6: the next line of such goods knows of it, from the refresh after it was learned.
    clock.pass_by(minutes=1)
    service.watch.refresh()
    following = window.post("/v1/decisions", json=world.line("N-2")).json()
    assert moments.parse(following["decided_at"], "decided_at") == clock.now
    file = window.get("/v1/declarations/N-1").json()
    assert [i["outcome"] for i in file["inspections"]] == ["fail"]
    assert service.watch.standing is not None
    facts = service.watch.standing.follower.index.levels[1].kinds["inspection"].fact_ids
    assert visit.fact_id in set(facts)
