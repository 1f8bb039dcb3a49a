"""How classifiers join the rules: real small classifiers, trained on a handful of texts."""

from datetime import UTC, datetime

import pytest

from features.errors import NotReady
from features.judgements import Annotation
from features.records import Report
from models.text.annotate import Annotator, lexicon_only, trained
from models.text.linear import RECIPES, LinearClassifier
from models.text.normalize import normalize
from models.text.prepared import Prepared
from models.text.taxonomy import load

TAXONOMY = load()
KNOWN = datetime(2024, 3, 1, tzinfo=UTC)
GOODS = ["台灯漏电", "水壶起火", "面包发霉", "手机黑屏"]
ROADS = ["路灯不亮", "道路积水", "公交晚点", "小区停水"]


def classifier(texts: list[str], labels: list[str]) -> LinearClassifier:
    X = Prepared.of(normalize(text) for text in texts)
    return LinearClassifier(recipes=RECIPES[:1]).fit(X, labels)


def two(first: str, second: str) -> LinearClassifier:
    """Return a classifier that gives goods the first class and roads the second."""
    return classifier(GOODS + ROADS, [first] * 4 + [second] * 4)


def read(annotator: Annotator, text: str, channel: str = "media") -> Annotation:
    report = Report.model_validate(
        {"report_id": "r", "channel": channel, "received_at": KNOWN, "text": text}
    )
    return annotator.annotate([report])[0]


@pytest.mark.parametrize(
    ("task", "classes", "field", "answers"),
    [
        ("relevance", ("relevant", "irrelevant"), "relevant", (True, False)),
        ("category", ("quality", "other"), "category", ("quality", "other")),
        ("request", ("100401", "other"), "request", ("100401", "other")),
    ],
)
def test_a_classifier_answers_its_question(
    task: str, classes: tuple[str, str], field: str, answers: tuple[object, object]
) -> None:
    annotator = trained(TAXONOMY, {task: two(*classes)})
    for text, own, answer in zip((GOODS[0], ROADS[0]), classes, answers, strict=True):
        found = read(annotator, text)
        assert getattr(found, field) == answer
        assert any(span.answer == f"{task}:{own}" for span in found.evidence)


def test_sentiment_is_the_balance_of_its_classes() -> None:
    annotator = trained(TAXONOMY, {"sentiment": two("negative", "positive")})
    assert read(annotator, GOODS[0]).sentiment < 0 < read(annotator, ROADS[0]).sentiment


def test_relevance_follows_a_trained_category() -> None:
    annotator = trained(TAXONOMY, {"category": two("quality", "delivery")})
    assert [read(annotator, text).relevant for text in (GOODS[3], ROADS[0])] == [True, False]


def test_credibility_keeps_what_the_channel_tells() -> None:
    annotator = trained(TAXONOMY, {"credibility": two("credible", "doubtful")})
    post, complaint = (read(annotator, GOODS[0], channel) for channel in ("media", "12315"))
    assert 0.5 < (post.credibility or 0) < (complaint.credibility or 0)


def test_severity_weighs_both_witnesses() -> None:
    ruled = read(lexicon_only(TAXONOMY), "面包发霉")
    agreeing = trained(TAXONOMY, {"severity": two("2", "none")})
    found = read(agreeing, "面包发霉")
    assert (ruled.severity, found.severity) == (2, 2)
    assert found.confidence["severity"] > ruled.confidence["severity"]
    assert read(agreeing, "路灯不亮").severity is None


def test_an_unknown_question_is_refused() -> None:
    with pytest.raises(NotReady, match="mood"):
        trained(TAXONOMY, {"mood": two("1", "2")})


def test_several_at_once_keep_a_batch_equal_to_one_by_one() -> None:
    tasks = {
        "category": two("quality", "other"),
        "sentiment": two("negative", "neutral"),
        "severity": two("3", "none"),
        "credibility": two("credible", "doubtful"),
        "relevance": two("relevant", "irrelevant"),
        "request": two("100401", "other"),
    }
    annotator = trained(TAXONOMY, tasks)
    reports = [
        Report(report_id=str(i), channel="12315", received_at=KNOWN, known_at=KNOWN, text=text)
        for i, text in enumerate(GOODS + ROADS)
    ]
    assert annotator.annotate(reports) == [annotator.annotate([one])[0] for one in reports]
