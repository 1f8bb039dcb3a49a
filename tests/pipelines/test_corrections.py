from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from features.judgements import Annotation, Review
from features.store import Store
from models.text import taxonomy
from models.text.annotate import lexicon_only
from pipelines import corrections
from tests.serving.world import reports

WORDS = taxonomy.load()
NOW = datetime(2024, 4, 1, tzinfo=UTC)
READ = lexicon_only(WORDS).annotate(reports(3))


def review(annotation: Annotation, verdict: str, *, days: int = 0, **said: str) -> Review:
    at = NOW - timedelta(days=10 - days)
    return Review.model_validate(
        {
            "review_id": f"{annotation.report_id}-{verdict}-{days}",
            "subject": "annotation",
            "subject_id": annotation.fact_id,
            "verdict": verdict,
            "reviewer": "甲",
            "reviewed_at": at,
            "corrections": said,
        }
    )


def labels(*reviews: Review, until: datetime = NOW) -> dict[tuple[str, str], str]:
    found = corrections.labels(reviews, READ, taxonomy=WORDS, until=until)
    keys = zip(found["report_id"], found["question"], strict=True)
    return dict(zip(keys, found["answer"], strict=True))


def test_a_correction_labels_what_it_names() -> None:
    said = labels(review(READ[0], "correct", category="quality", hazards="fire,burn"))
    name = READ[0].report_id
    assert said == {(name, "category"): "quality", (name, "hazards"): "fire,burn"}


def test_an_agreement_labels_what_was_read() -> None:
    said = labels(review(READ[1], "agree"))
    assert said[READ[1].report_id, "hazards"] == "fire"
    assert said[READ[1].report_id, "relevance"] == "relevant"
    assert {question for _, question in said} >= {"category", "severity", "sentiment"}


def test_what_was_said_later_wins_and_a_dismissal_takes_it_back() -> None:
    first = review(READ[0], "correct", category="quality")
    second = review(READ[0], "correct", days=1, category="label")
    name = READ[0].report_id
    assert labels(second, first) == {(name, "category"): "label"}
    assert labels(first, second, review(READ[0], "dismiss", days=2)) == {}


def test_only_what_was_known_before_counts() -> None:
    said = review(READ[0], "correct", category="quality")
    assert labels(said, until=said.known_at) == {}
    assert labels(said, until=said.known_at + timedelta(milliseconds=1)) != {}


def test_reviews_of_other_things_and_of_unknown_readings_are_no_labels() -> None:
    said = review(READ[0], "correct", category="quality")
    assert labels(said.model_copy(update={"subject": "decision"})) == {}
    assert labels(said.model_copy(update={"subject_id": "nobody@none"})) == {}


def known(texts: Sequence[tuple[str, str, datetime]]) -> pd.DataFrame:
    frame = pd.DataFrame(texts, columns=["report_id", "normal", "known_at"])
    return frame.assign(known_at=frame["known_at"].astype("datetime64[ms, UTC]"))


def test_a_label_belongs_to_the_words_that_were_read() -> None:
    name, at = READ[0].report_id, READ[0].known_at
    said = corrections.labels(
        [review(READ[0], "correct", category="quality")], READ, taxonomy=WORDS, until=NOW
    )
    copies = known([(name, "水壶漏电", at), ("copy", "水壶漏电", NOW), ("other", "漏水", at)])
    answers = corrections.answers(said, copies, question="category")
    assert answers.tolist()[:2] == ["quality", "quality"]
    assert answers.isna().tolist() == [False, False, True]
    changed = known([(name, "水壶漏水", at + timedelta(days=1))])
    assert corrections.answers(said, changed, question="category").isna().all()
    assert corrections.answers(said, copies, question="severity").isna().all()


def test_the_last_word_on_copies_wins() -> None:
    said = corrections.labels(
        [
            review(READ[0], "correct", days=1, category="label"),
            review(READ[1], "correct", category="quality"),
        ],
        READ,
        taxonomy=WORDS,
        until=NOW,
    )
    both = known([(read.report_id, "水壶漏电", read.known_at) for read in READ[:2]])
    assert corrections.answers(said, both, question="category").tolist() == ["label", "label"]


def test_a_store_is_read_with_every_version_of_an_annotation(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'facts.db'}")
    later = READ[0].model_copy(update={"known_at": NOW, "annotated_at": NOW})
    store.append([*READ, later, review(READ[0], "agree")])
    said = corrections.read(store, taxonomy=WORDS, until=NOW)
    store.close()
    assert set(said["read_at"]) == {READ[0].known_at}
