from io import StringIO
from pathlib import Path

import orjson
import pandas as pd
import pytest
from rich.console import Console

from features.errors import Invalid, NotFound
from models.text import recipes
from pipelines.studies import text
from pipelines.studies.text_sets import SETS
from pipelines.train_task import Task

FAULTS = {"B": ["起步抖动", "换挡顿挫", "变速箱异响"], "E": ["刹车失灵", "刹车异响", "刹车变软"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return invented complaints in the layout of the published ones."""
    rows = [
        {"desc": f"{fault}，第{i}次", "problem": f"{system}{i},N1,"}
        for system, faults in FAULTS.items()
        for fault in faults
        for i in range(4)
    ]
    (tmp_path / "car_complaints").mkdir()
    pd.DataFrame(rows).to_csv(tmp_path / "car_complaints" / "complaints_2020.csv", index=False)
    codes = {
        "system": ["B", "E"],
        "system_name": ["变速器", "制动系统"],
        "problem": ["抖动", "失灵"],
    }
    pd.DataFrame(codes).to_csv(tmp_path / "car_complaints" / "problem_codes.csv", index=False)
    return tmp_path


def test_a_set_is_judged_on_folds_beside_what_was_published(folder: Path) -> None:
    accuracy, f1 = text.text(folder, model="linear", only=["car_complaints"])
    assert (accuracy.metric, f1.metric) == ("accuracy", "macro_f1")
    assert accuracy.value > 0.9
    assert (accuracy.baseline, accuracy.must, accuracy.aim) == (0.817, 0.82, 0.86)
    assert accuracy.rows == 24
    assert "linear" in accuracy.note


def test_without_a_name_the_encoder_is_asked_where_it_is_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sets = {one.name: one for one in SETS}
    monkeypatch.setattr(recipes, "best_there", lambda: "encoder")
    assert text._model(sets["eprstmt"], asked=None) == "encoder"
    assert text._model(sets["rumor_ced"], asked="tuned") == "tuned"
    assert text._model(sets["car_opinions_bdci2018"], asked="tuned") == "encoder"  # several labels
    monkeypatch.setattr(recipes, "best_there", lambda: "linear")
    assert text._model(sets["eprstmt"], asked=None) == "linear"


def test_reviews_without_a_label_train_where_the_model_is_sure(tmp_path: Path) -> None:
    """Invented reviews of other goods train, those without a label teach, phones are tested."""
    says = {"1": "很好用，非常满意", "0": "太差了，用两天就坏"}
    goods = {"train": "水壶锅碗台灯", "unlabelled": "耳机钢化膜", "test": "手机壳"}
    rows = {
        part: [
            {"text": f"{word}{i}{said}", "label": label}
            for i, word in enumerate(words * 3)
            for label, said in says.items()
        ]
        for part, words in goods.items()
    }
    place = tmp_path / "reviews"
    place.mkdir()
    for name in ("online_shopping_10", "waimai"):
        pd.DataFrame(rows["train"]).to_csv(place / f"{name}.csv.gz", index=False)
    pd.DataFrame(rows["test"]).to_csv(place / "eprstmt_few_shot.csv", index=False)
    texts = pd.DataFrame(rows["unlabelled"] + rows["test"])[["text"]]
    texts.to_csv(place / "eprstmt_unlabelled.csv.gz", index=False)
    (reviews,) = [one for one in SETS if one.name == "eprstmt"]
    trained = text.judged(reviews, tmp_path, task=Task("reviews"))
    tested = {row["text"] for row in rows["test"]}
    assert 20 < trained.used.self_labelled <= len(rows["unlabelled"])
    assert not tested & set(trained.used.rows.texts)
    assert trained.answers.metrics()["accuracy"] == 1


def test_what_the_codes_are_called_only_trains(folder: Path) -> None:
    (cars,) = [one for one in SETS if one.name == "car_complaints"]
    trained = text.judged(cars, folder, task=Task("cars"))
    assert len(trained.rows) == 24
    assert "变速器抖动" in trained.used.rows.texts
    assert "变速器抖动" not in trained.tested.texts


def test_the_table_says_what_was_reached_and_json_is_the_last_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = StringIO()
    console = Console(file=shown, width=200)
    text.report(text.text(folder, model="linear", only=["car_complaints"]), console, as_json=True)
    assert "│ aim     │" in shown.getvalue()
    kept = orjson.loads(capsys.readouterr().out.splitlines()[-1])
    assert [row["metric"] for row in kept] == ["accuracy", "macro_f1"]


def test_an_unknown_set_is_refused_with_the_known_ones(folder: Path) -> None:
    with pytest.raises(Invalid, match=r"called nonsense; choose of eprstmt"):
        list(text.text(folder, model="linear", only=["nonsense"]))


def test_a_set_that_is_not_there_is_not_found(folder: Path) -> None:
    with pytest.raises(NotFound, match="point at the folder"):
        list(text.text(folder, model="linear", only=["gov_messages"]))


def test_each_metric_has_its_bounds() -> None:
    for one in SETS:
        assert len(one.metrics) == len(one.baseline) == len(one.must) == len(one.aim)
        assert all(must <= aim for must, aim in zip(one.must, one.aim, strict=True))
