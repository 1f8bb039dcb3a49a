import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from features.errors import Invalid, NotReady
from features.judgements import Annotation, Review
from features.records import Report
from features.store import Store
from models.text.annotate import lexicon_only
from models.text.suspects import Suspect
from models.text.taxonomy import load
from pipelines import corrections
from pipelines.annotate import annotate
from pipelines.label_queue import Asked, label_queue

KNOWN = datetime(2024, 3, 1, tzinfo=UTC)
TAXONOMY = load()
ANNOTATOR = lexicon_only(TAXONOMY)
UNCLEAR = "快递放在门卫那里，后来去拿的时候找了半天才找到"


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
    store.append([report("r1", UNCLEAR), report("r2", f"请问{UNCLEAR}吗")])
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


def test_a_suspect_label_comes_first(store: Store) -> None:
    store.append([report("r1", UNCLEAR), report("r2", "电热水壶起火，烧伤了手")])
    annotate(store, ANNOTATOR)
    doubt = Suspect("r2", "category", "label", "safety", 0.01, 0.98, by_person=False, text="")
    first = queued(store, suspects=[doubt, doubt])[0]
    assert first.report_id == "r2"
    assert any(reason.startswith("标签可疑：") for reason in first.reasons)


def test_at_most_so_many_are_asked_as_were_wanted(store: Store) -> None:
    store.append([report(f"r{n}", f"{UNCLEAR}{word}") for n, word in enumerate("甲乙丙丁")])
    annotate(store, ANNOTATOR)
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
