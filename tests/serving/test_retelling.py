"""Copies at the service's door: known by all processes, the same as a batch run finds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from features.judgements import Annotation
from features.records import Report
from features.store import Store
from models.text import taxonomy
from models.text.annotate import Annotator, lexicon_only
from pipelines.annotate import annotate
from serving.retelling import Retelling

TEXT = "我上个月在网上买了一台电热水壶，使用不到一周就突然冒烟，外壳发烫，联系客服多次都推诿。"
START = datetime(2024, 3, 1, tzinfo=UTC)
READER = lexicon_only(taxonomy.load())


def report(number: int, text: str = TEXT) -> Report:
    at = START + timedelta(hours=number)
    return Report(report_id=f"r{number}", channel="12315", received_at=at, known_at=at, text=text)


def posted(name: str, text: str = TEXT) -> dict[str, str]:
    at = START.isoformat()
    return {"report_id": name, "channel": "12315", "text": text, "received_at": at}


def clusters(store: Store) -> dict[str, tuple[str | None, int, bool]]:
    _, kept = store.after("annotations", 0)
    read = [a for a in kept if isinstance(a, Annotation)]
    return {a.fact_id: (a.cluster_id, a.cluster_size, a.flood) for a in read}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'copies.db'}")


def told(store: Store, retelling: Retelling, *reports: Report) -> list[Annotation]:
    store.append(reports)
    read = retelling.marked(READER.annotate(reports))
    store.append(read)
    return read


def test_one_by_one_equals_batch(store: Store, tmp_path: Path) -> None:
    short = "包装没有中文标签"
    texts = [TEXT, "转发：" + TEXT, "！！", short, TEXT[:31], short, *[TEXT] * 6]
    reports = [report(n, text) for n, text in enumerate(texts)]
    online = Retelling(store)
    for one in reports:
        told(store, online, one)
    batch = Store.open(f"sqlite:///{tmp_path / 'batch.db'}")
    batch.append(reports)
    annotate(batch, READER, batch=3)
    assert clusters(store) == clusters(batch)
    assert {size for _, size, _ in clusters(store).values()} == set(range(1, 10))
    assert any(flood for _, _, flood in clusters(store).values())


def test_processes_see_what_the_others_stored(store: Store) -> None:
    one, other = Retelling(store), Retelling(store)
    told(store, one, report(1))
    (second,) = told(store, other, report(2))
    (third,) = told(store, one, report(3))
    assert [(a.cluster_id, a.cluster_size) for a in (second, third)] == [("r1", 2), ("r1", 3)]


def test_a_restart_and_another_version_find_the_same_clusters(store: Store) -> None:
    retelling = Retelling(store)
    # The second was learned late: it came by then, and begins a cluster of its own.
    for one in (report(5), report(2), report(6)):
        told(store, retelling, one)
    before = clusters(store)
    annotate(store, Annotator(READER.taxonomy, "another"))
    after = clusters(store)
    for n in (5, 2, 6):
        assert after[f"r{n}@another"] == before[f"r{n}@{READER.version}"]
    (again,) = told(store, Retelling(store), report(7))
    assert (again.cluster_id, again.cluster_size) == ("r2", 3)
    assert annotate(store, READER).read == 0


def test_a_report_that_was_stored_and_never_read_is_the_first(store: Store) -> None:
    store.append([report(1)])
    (second,) = told(store, Retelling(store), report(2))
    assert (second.cluster_id, second.cluster_size) == ("r1", 2)
    annotate(store, READER)
    assert clusters(store)[f"r1@{READER.version}"] == ("r1", 1, False)


def test_the_door_says_what_repeats_what(client: TestClient) -> None:
    first, second = client.post("/v1/reports", json=[posted("C-1"), posted("C-2")]).json()
    assert (first["cluster_id"], first["cluster_size"]) == ("C-1", 1)
    assert (second["cluster_id"], second["cluster_size"]) == ("C-1", 2)
    assert client.post("/v1/reports", json=posted("C-2")).json() == second


def test_the_page_leads_to_the_first_report(client: TestClient) -> None:
    client.post("/v1/reports", json=[posted(f"C-{n}") for n in range(1, 7)])
    page = client.get("/reports/C-6").text
    assert "相似信息 6 条" in page
    assert 'href="/reports/C-1"' in page
    assert "疑似刷帖" in page
    first = client.get("/reports/C-1").text
    assert "疑似刷帖" not in first
