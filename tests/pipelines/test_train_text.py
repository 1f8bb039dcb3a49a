from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.errors import Invalid
from models.registry import Registry
from models.text import artifacts, suspects
from models.text.prepared import Prepared
from models.text.taxonomy import load
from pipelines import corrections
from pipelines.text_labels import ENOUGH
from pipelines.text_material import Material
from pipelines.train_text import TrainedText, log, scores, train_text

TAXONOMY = load()
START, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
GOODS = ["电热水壶", "插座", "充电宝", "电饭煲", "吹风机", "台灯", "电暖器", "电风扇"]
FAULTS = {"safety": "突然起火冒烟", "quality": "用了两天就坏了", "产品质量": "异响修不好"}


def frame() -> pd.DataFrame:
    """Reports in two categories, one of them sometimes by its Chinese label."""
    rows = [(goods, fault, text) for goods in GOODS for fault, text in FAULTS.items()]
    return pd.DataFrame(
        {
            "report_id": [f"r{i}" for i in range(len(rows))],
            "known_at": pd.date_range(START, periods=len(rows), freq="D", unit="ms"),
            "title": pd.Series([None] * len(rows), dtype="str"),
            "text": [goods + text for goods, _, text in rows],
            "category": [category for _, category, _ in rows],
            "x_emotion": ["negative" if c == "safety" else "neutral" for _, c, _ in rows],
        }
    )


def train(reports: pd.DataFrame, until: datetime = UNTIL) -> TrainedText:
    return train_text(Material(reports), taxonomy=TAXONOMY, until=until, seed=0)


def test_both_tasks_are_learned_and_judged() -> None:
    text = train(frame())
    assert set(text.artifacts) == {"category", "sentiment"}
    assert list(text.artifacts["category"].classifier.classes_) == ["quality", "safety"]
    assert text.metrics["category_accuracy"] == 1
    assert text.manifest["rows"] == {"category": 24, "sentiment": 24}


def test_the_same_seed_gives_the_same_version() -> None:
    assert train(frame()).manifest["version"] == train(frame()).manifest["version"]


def test_later_reports_change_nothing() -> None:
    later = frame().assign(
        report_id=lambda f: "later" + f["report_id"],
        known_at=lambda f: f["known_at"] + pd.Timedelta(days=365),
        text=lambda f: f["text"] + "之后",
    )
    both = train(pd.concat([frame(), later], ignore_index=True))
    assert both.manifest == train(frame()).manifest


def test_a_text_sent_again_counts_once() -> None:
    again = frame().assign(
        report_id=lambda f: "again" + f["report_id"],
        known_at=lambda f: f["known_at"] + pd.Timedelta(days=30),
        text=lambda f: "　" + f["text"],
    )
    assert train(pd.concat([frame(), again], ignore_index=True)).manifest["texts"] == 24


def test_a_rare_class_and_unknown_labels_are_left_out() -> None:
    reports = frame()
    reports.loc[0, "category"], reports.loc[3, "category"] = "label", "没有这一类"
    assert train(reports).manifest["rows"]["category"] == 22


def test_without_labels_it_is_invalid() -> None:
    with pytest.raises(Invalid, match="load reports with category"):
        train(frame().drop(columns="x_emotion").assign(category=np.nan))
    with pytest.raises(Invalid, match="among 0 reports"):
        train(frame(), until=START - timedelta(days=1))


def test_what_is_saved_is_the_annotator(tmp_path: Path) -> None:
    text = train(frame())
    text.save(tmp_path)
    assert artifacts.annotator(tmp_path, taxonomy=TAXONOMY).version == text.manifest["version"]


def said(reports: pd.DataFrame, question: str, answers: list[str]) -> pd.DataFrame:
    """What people said of the first reports, after reading them as they are."""
    rows = [
        (name, at, question, answer, UNTIL - timedelta(days=1))
        for name, at, answer in zip(
            reports["report_id"], reports["known_at"], answers, strict=False
        )
    ]
    return pd.DataFrame(rows, columns=list(corrections.COLUMNS))


def answered(text: TrainedText, task: str, words: str) -> str:
    classifier = text.artifacts[task].classifier
    return str(classifier.classes_[classifier.predict_proba(Prepared.of([words])).argmax()])


def test_what_people_corrected_is_learned_instead() -> None:
    reports = frame()
    other = ["label" if category == "safety" else "quality" for category in reports["category"]]
    corrected = said(reports, "category", other)
    taught = train_text(Material(reports, corrected), taxonomy=TAXONOMY, until=UNTIL, seed=0)
    assert answered(train(reports), "category", "热水袋突然起火冒烟") == "safety"
    assert answered(taught, "category", "热水袋突然起火冒烟") == "label"
    assert taught.manifest["by_person"] == {"category": 24, "sentiment": 0}


def test_people_may_label_what_no_column_says() -> None:
    few = frame().drop(columns=["category", "x_emotion"])
    many = pd.concat(
        [few.assign(text=few["text"] + words) for words in "甲乙丙"], ignore_index=True
    )
    many["report_id"] = [f"m{i}" for i in range(len(many))]
    severity = ["3" if "起火" in text else "none" for text in many["text"]]
    material = Material(many, said(many, "severity", severity))
    taught = train_text(material, taxonomy=TAXONOMY, until=UNTIL, seed=0)
    assert set(taught.artifacts) == {"severity"}
    assert answered(taught, "severity", "热水袋突然起火冒烟") == "3"
    too_few = said(many, "severity", severity[: ENOUGH - 1])
    with pytest.raises(Invalid, match="no task"):
        train_text(Material(many, too_few), taxonomy=TAXONOMY, until=UNTIL, seed=0)


def test_a_wrong_label_is_suspected() -> None:
    reports = pd.concat(
        [frame().assign(text=frame()["text"] + words) for words in ("", "请处理", "气死了")],
        ignore_index=True,
    )
    reports["report_id"] = [f"s{i}" for i in range(len(reports))]
    reports.loc[3, "category"] = "quality"  # of a text that speaks of fire
    found = [s for s in train(reports).suspects if s.question == "category"]
    assert [(s.report_id, s.given, s.likely, s.by_person) for s in found] == [
        ("s3", "quality", "safety", False)
    ]
    assert found[0].given_probability < 0.5 < found[0].likely_probability
    assert "起火" in found[0].text


def test_scores_by_hand() -> None:
    found = scores(
        np.array(["a", "a", "b", "b"]),
        np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6]]),
        classes=np.array(["a", "b"]),
    )
    assert found["accuracy"] == 0.75
    assert found["f1_b"] == pytest.approx(0.8)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 0.8) / 2)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # MLflow's own
def test_a_training_is_registered(tmp_path: Path) -> None:
    registry = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", tmp_path / "artifacts")
    version = log(train(frame()), registry, params={"seed": 0}, by="甲")
    kept = registry.tags("text", version)
    assert (kept["trained_by"], kept["as_of"][:4]) == ("甲", str(UNTIL.year))
    registry.promote("text", version, alias="champion", why="the first")
    annotator = artifacts.annotator(registry.fetch("text"), taxonomy=TAXONOMY)
    assert set(annotator.classifiers) == {"category", "sentiment"}
    assert suspects.read(registry.fetch("text")) == ()
