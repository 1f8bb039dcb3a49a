"""What was known before a moment trains the text models, and is all that they link."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from features.errors import NotReady
from features.judgements import Annotation
from features.records import Declaration, Enterprise, Report
from features.store import Store
from models.text import artifacts
from models.text.annotate import Annotator, trained
from models.text.entities import snapshot
from models.text.taxonomy import load
from pipelines import text_material
from pipelines.annotate import annotate
from pipelines.train_text import train_text

TAXONOMY = load()
START, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
LATER = UNTIL + timedelta(days=1)
SAME, OTHER, LATE = "E1", "E2", "E3"
FAULTS = ("safety", "quality")
ENTERPRISES = [
    Enterprise(
        enterprise_id=SAME, name="深圳云鹭玩具有限公司", aliases=("小云鹭",), known_at=START
    ),
    Enterprise(enterprise_id=OTHER, name="北京云鹭玩具有限公司", known_at=START),
    Enterprise(enterprise_id=LATE, name="上海麦穗食品有限公司", known_at=UNTIL),
]


def report(number: int, text: str, known_at: datetime = START, **fields: str) -> Report:
    return Report.model_validate(
        {
            "report_id": f"r{number}",
            "channel": "12315",
            "received_at": known_at,
            "text": text,
            **fields,
        }
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with firms, a declared and a reported brand, and enough labelled reports."""
    store = Store.open(f"sqlite:///{tmp_path / 'facts.db'}")
    goods = [f"{name}{words}" for name in "壶灯扇锅碗盆" for words in ("起火冒烟", "用两天坏了")]
    told = [
        report(i, text, START + timedelta(days=i), category=FAULTS[i % 2], brand="霜岭")
        for i, text in enumerate(goods)
    ]
    lines = [
        Declaration(
            declaration_id=f"d{i}", declared_at=at, enterprise_id=SAME, brand=brand, known_at=at
        )
        for i, (brand, at) in enumerate([("云杉", START), ("雪渡", UNTIL)])
    ]
    store.append([*ENTERPRISES, *told, *lines])
    yield store
    store.close()


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Path:
    """The text models as they are kept."""
    material = text_material.read(store, taxonomy=TAXONOMY, until=UNTIL)
    trained = train_text(material, taxonomy=TAXONOMY, until=UNTIL, seed=0)
    trained.save(tmp_path / "text")
    assert trained.manifest["names"] == {"firms": 2, "makes": 2}
    return tmp_path / "text"


@pytest.fixture
def annotator(folder: Path) -> Annotator:
    """The annotator that comes back from the folder."""
    return artifacts.annotator(folder, taxonomy=TAXONOMY)


def stored(store: Store, annotator: Annotator, text: str, **fields: str) -> Annotation:
    """The annotation in the store after a report came in and was read."""
    store.append([report(99, text, LATER, **fields)])
    annotate(store, annotator)
    (found,) = store.select("annotations", "report_id", values=["r99"])
    assert isinstance(found, Annotation)
    return found


def test_what_a_report_names_is_stored_with_its_annotation(
    store: Store, annotator: Annotator
) -> None:
    found = stored(store, annotator, "小云鹭卖的云杉牌日本产玩具车冒烟，批号B12")
    assert (found.enterprise_id, found.brand, found.origin) == (SAME, "云杉", "JP")
    assert found.hs_code == "9503"
    assert {e.kind for e in found.entities} == {"enterprise", "brand", "origin", "goods", "lot"}


def test_a_name_that_two_firms_share_stays_open(store: Store, annotator: Annotator) -> None:
    found = stored(store, annotator, "霜岭的壶坏了，云鹭玩具公司不理")
    (firm,) = [e for e in found.entities if e.kind == "enterprise"]
    assert (found.enterprise_id, firm.value, found.brand) == (None, None, "霜岭")
    assert {one.value for one in firm.candidates} == {SAME, OTHER}


def test_what_was_known_later_is_not_linked(store: Store, annotator: Annotator) -> None:
    found = stored(store, annotator, "上海麦穗食品有限公司的雪渡饼干发霉")
    assert (found.enterprise_id, found.brand) == (None, None)
    assert not {"enterprise", "brand"} & {e.kind for e in found.entities}


def test_what_the_report_says_itself_is_kept(store: Store, annotator: Annotator) -> None:
    own = {"enterprise_id": LATE, "hs_code": "950300", "brand": "别的", "origin": "VN"}
    found = stored(store, annotator, "小云鹭卖的云杉牌日本产玩具车冒烟", **own)
    assert found.model_dump(include=set(own)) == own
    assert len(found.entities) == 4


def test_the_newest_name_known_by_then_is_linked(store: Store) -> None:
    changed = {"known_at": UNTIL - timedelta(days=1), "name": "深圳青鹭玩具有限公司"}
    again = {"known_at": UNTIL, "name": "深圳红鹭玩具有限公司"}
    store.append([ENTERPRISES[0].model_copy(update=each) for each in (changed, again)])
    listed = text_material.linker(store, until=UNTIL).firms.listed
    assert {firm.name for firm in listed} == {"深圳青鹭玩具有限公司", "北京云鹭玩具有限公司"}


def test_an_empty_store_still_links_what_is_shipped(tmp_path: Path) -> None:
    empty = Store.open(f"sqlite:///{tmp_path / 'empty.db'}")
    found = text_material.linker(empty, until=UNTIL)
    assert (found.makes, found.firms.listed) == ((), ())
    assert [e.value for e in found.read("电热水壶", received_at=START)] == ["8516"]
    empty.close()


def test_altered_names_are_refused(folder: Path) -> None:
    path = folder / snapshot.FILE
    path.write_text(path.read_text().replace("云杉", "云松"))
    with pytest.raises(NotReady, match="json was altered"):
        artifacts.annotator(folder, taxonomy=TAXONOMY)
    path.unlink()
    with pytest.raises(NotReady, match="json cannot be read"):
        artifacts.annotator(folder, taxonomy=TAXONOMY)


def test_a_model_of_before_names_travelled_links_nothing(folder: Path) -> None:
    manifest = artifacts._manifest(folder)
    tasks = {
        task: artifacts.load(folder / task, lexicon=TAXONOMY.version).classifier
        for task in manifest["tasks"]
    }
    del manifest["names"]
    manifest["version"] = trained(TAXONOMY, tasks).version
    artifacts.write_manifest(folder, manifest)
    found = artifacts.annotator(folder, taxonomy=TAXONOMY).annotate([report(1, "日本产的壶")])[0]
    assert (found.entities, found.origin) == ((), None)
