import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from features.errors import Invalid, NotReady
from features.judgements import Annotation, Review
from features.records import Report
from features.store import Store
from models.registry import Registry
from models.text.annotate import Annotator, lexicon_only
from models.text.suspects import Suspect
from models.text.taxonomy import load
from pipelines import arguments, champions, corrections
from pipelines.annotate import annotate
from pipelines.label_queue import Asked, label_queue
from pipelines.text_labels import FEWEST

KNOWN = datetime(2024, 3, 1, tzinfo=UTC)
TAXONOMY = load()
ANNOTATOR = lexicon_only(TAXONOMY)
UNCLEAR = "快递放在门卫那里，后来去拿的时候找了半天才找到"
UNLIKE = [  # unclear as well, and no copies of one another
    UNCLEAR,
    "上周去店里看了看，人很多，等了很久才轮到我们",
    "昨天晚上打了几次电话，一直没有人接，后来就算了",
    "朋友说那边还有一家，有空再过去问问情况怎么样",
]


def report(name: str, text: str, *, at: timedelta = timedelta(0)) -> Report:
    told = {"report_id": name, "channel": "12315", "received_at": KNOWN, "text": text}
    return Report.model_validate({**told, "known_at": KNOWN + at})


def queued(store: Store, **asked: Any) -> list[Asked]:
    return label_queue(store, ANNOTATOR, **{"limit": 10, **asked})


def review(store: Store, name: str, *, verdict: str, **said: str) -> Review:
    read = store.find("annotations", f"{name}@{ANNOTATOR.version}")
    assert isinstance(read, Annotation)
    return Review.model_validate(
        {
            "review_id": f"{name}-{verdict}",
            "subject": "annotation",
            "subject_id": read.fact_id,
            "verdict": verdict,
            "reviewer": "甲",
            "reviewed_at": KNOWN + timedelta(days=1),
            "corrections": said,
        }
    )


def test_an_empty_store_says_what_to_do_first(store: Store) -> None:
    with pytest.raises(NotReady, match=r"no report yet \(0 are stored\).*yujing annotate"):
        queued(store)


def test_reports_that_were_not_read_cannot_be_ranked(store: Store) -> None:
    store.append([report("r1", UNCLEAR)])
    with pytest.raises(NotReady, match=r"\(1 are stored\)"):
        queued(store)


def test_what_is_read_unsurely_is_asked_with_its_reason(store: Store) -> None:
    store.append([report("r1", UNCLEAR)])
    annotate(store, ANNOTATOR)
    (one,) = queued(store)
    assert (one.report_id, one.channel, one.text) == ("r1", "12315", UNCLEAR)
    assert one.reasons[0].startswith("存疑：")
    assert one.reasons_en[0].startswith("uncertain: ")


@pytest.mark.parametrize("verdict", ["agree", "dismiss"])
def test_a_judged_report_leaves_the_queue_until_none_is_left(store: Store, verdict: str) -> None:
    store.append([report("r1", UNCLEAR)])
    annotate(store, ANNOTATOR)
    store.append([review(store, "r1", verdict=verdict)])
    assert queued(store) == []


def test_a_correction_leaves_the_queue_and_is_the_next_label(store: Store) -> None:
    store.append([report("r1", UNCLEAR), report("r2", UNLIKE[1])])
    annotate(store, ANNOTATOR)
    store.append([review(store, "r1", verdict="correct", category="label")])
    assert [one.report_id for one in queued(store)] == ["r2"]
    said = corrections.read(store, taxonomy=TAXONOMY, until=KNOWN + timedelta(days=2))
    labels = said[["report_id", "question", "answer"]].to_numpy().tolist()
    assert labels == [["r1", "category", "label"]]


def test_copies_are_asked_once(store: Store) -> None:
    store.append([report(f"r{n}", UNCLEAR, at=timedelta(hours=n)) for n in range(4)])
    annotate(store, ANNOTATOR)
    assert len(queued(store)) == 1


def test_a_correction_covers_the_copies_that_come_later(store: Store) -> None:
    store.append([report("r1", UNCLEAR)])
    annotate(store, ANNOTATOR)
    store.append([review(store, "r1", verdict="correct", category="label")])
    store.append([report("r2", f"转发：{UNCLEAR}", at=timedelta(days=3))])
    annotate(store, ANNOTATOR)
    assert queued(store) == []


def test_a_suspect_label_comes_first(store: Store) -> None:
    store.append([report("r1", UNCLEAR), report("r2", "电热水壶起火，烧伤了手")])
    annotate(store, ANNOTATOR)
    doubt = Suspect("r2", "category", "label", "safety", 0.01, 0.98, by_person=False, text="")
    first = queued(store, suspects=[doubt, doubt])[0]
    assert first.report_id == "r2"
    assert any(reason.startswith("标签可疑：") for reason in first.reasons)


def test_at_most_so_many_are_asked_as_were_wanted(store: Store) -> None:
    store.append([report(f"r{n}", text) for n, text in enumerate(UNLIKE)])
    annotate(store, ANNOTATOR)
    assert len(queued(store)) == 4
    assert len(queued(store, limit=2)) == 2
    with pytest.raises(Invalid, match="limit is 0"):
        queued(store, limit=0)


def test_the_command_prints_reasons_and_one_line_for_programs(
    tmp_path: Path, yujing: Callable[..., Any]
) -> None:
    url, tracking = f"sqlite:///{tmp_path / 'f.db'}", f"sqlite:///{tmp_path / 'm.db'}"
    doors = ("--store", url, "--tracking-uri", tracking)
    nothing = yujing("label-queue", *doors)
    assert (nothing.code, nothing.err.count("error:")) == (1, 1)
    opened = Store.open(url)
    opened.append([report("r1", f"[red]{UNCLEAR}")])
    annotate(opened, ANNOTATOR)
    opened.close()
    said = yujing("label-queue", *doors, "--json")
    assert (said.code, "存疑" in said.out, "[red]" in said.out) == (0, True, True)
    found = json.loads(said.out.splitlines()[-1])
    assert found["version"] == ANNOTATOR.version
    assert [one["report_id"] for one in found["queue"]] == ["r1"]


GOODS = ["电热水壶", "插座", "充电宝", "电饭煲", "吹风机", "台灯", "电暖器", "电风扇"]
ASKED = report("asked", "热水袋突然起火冒烟")


@dataclass(frozen=True)
class Agency:
    """A store and a registry, and what a supervisor does with them at the desk."""

    store: Store
    registry: Registry
    train: Callable[[], Any]

    def taught(self) -> Annotator:
        """Train by the command, promote what came of it, and read every report with it."""
        assert self.train().code == 0
        newest = self.registry.newest("text")
        self.registry.promote("text", newest, alias="champion", why="a test")
        reader = champions.text(self.registry).annotator
        annotate(self.store, reader)
        return reader

    def says(self, verdict: str, names: Iterable[str], **said: str) -> None:
        """Judge what the lexicon read in reports."""
        self.store.append([review(self.store, n, verdict=verdict, **said) for n in names])


@pytest.fixture
def agency(tmp_path: Path, yujing: Callable[..., Any]) -> Iterator[Agency]:
    """Reports of two categories, as their own column says, read by the lexicon."""
    url, tracking = f"sqlite:///{tmp_path / 'f.db'}", f"sqlite:///{tmp_path / 'm.db'}"
    store = Store.open(url)
    for n, goods in enumerate(GOODS):
        fire = report(f"fire{n}", f"{goods}突然起火冒烟", at=timedelta(hours=n))
        worn = report(f"worn{n}", f"{goods}用了两天就坏了", at=timedelta(hours=n, minutes=1))
        told = {"fire": "safety", "worn": "quality"}
        kept = [r.model_copy(update={"category": told[r.report_id[:4]]}) for r in (fire, worn)]
        store.append(kept)
    annotate(store, ANNOTATOR)
    doors = ("--store", url, "--tracking-uri", tracking)
    yield Agency(store, arguments.registry(tracking), lambda: yujing("train-text", *doors))
    store.close()


def category(annotator: Annotator) -> str:
    return annotator.annotate([ASKED])[0].category


FIRES, FEW = [f"fire{n}" for n in range(len(GOODS))], 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # MLflow's own
def test_corrections_in_the_store_flip_what_the_next_training_answers(agency: Agency) -> None:
    before = agency.taught()
    assert category(before) == "safety"
    agency.says("correct", FIRES, category="label")
    after = agency.taught()
    assert category(after) == "label"
    assert after.version != before.version
    (read,) = agency.store.select("annotations", "fact_id", values=[f"fire0@{after.version}"])
    assert isinstance(read, Annotation)
    assert read.category == "label"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # MLflow's own
def test_too_few_corrections_or_dismissed_ones_flip_nothing(agency: Agency) -> None:
    assert FEW < FEWEST <= len(FIRES) - FEW
    agency.says("correct", FIRES[:FEW], category="label")
    assert category(agency.taught()) == "safety"
    agency.says("correct", FIRES[FEW:], category="label")
    assert category(agency.taught()) == "label"
    agency.says("dismiss", FIRES)
    assert category(agency.taught()) == "safety"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # MLflow's own
def test_what_was_judged_is_not_asked_again_of_the_next_version(agency: Agency) -> None:
    agency.store.append([report("unclear0", UNLIKE[1]), report("unclear1", UNLIKE[2])])
    annotate(agency.store, ANNOTATOR)
    agency.says("correct", ["unclear0"], category="other")
    reader = agency.taught()
    asked = [one.report_id for one in label_queue(agency.store, reader, limit=50)]
    assert "unclear1" in asked
    assert "unclear0" not in asked
