"""``train-text`` on labelled files: learned, judged on unseen texts, logged, and said plainly."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.errors import Invalid
from models.registry import Registry
from models.text import recipes
from models.text.multilabel.model import MultiLabel
from models.text.normalize import normalize
from models.text.prepared import Prepared
from pipelines.labelled import Columns, Labelled, read
from pipelines.task_result import log, metrics, result, save, worst_errors
from pipelines.train_task import Task, TrainedTask, cross_validate, train_task
from tests.pipelines.conftest import Said

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # MLflow's own
Yujing = Callable[..., Said]
GOODS = [
    "电热水壶",
    "充电宝",
    "电饭煲",
    "吹风机",
    "电暖器",
    "电风扇",
    "台灯",
    "插座",
    "电熨斗",
    "烤箱",
]
WORDS = {"fire": "突然起火冒烟", "noise": "运转时异响很大", "price": "价格比别家贵"}
TASK = Task("faults")


def frame(first: int = 0, last: int = len(GOODS)) -> pd.DataFrame:
    rows = [(f"{g}用了两天，{w}", k) for g in GOODS[first:last] for k, w in WORDS.items()]
    made = pd.DataFrame(rows, columns=["text", "label"])
    return made.assign(channel=np.where(made.index % 2, "12315", "media"))


def labelled(made: pd.DataFrame) -> Labelled:
    texts = made["text"].tolist()
    labels = [(label,) if label else () for label in made["label"]]
    return Labelled(texts, [normalize(t) for t in texts], labels, made["channel"].tolist())


@pytest.fixture(scope="module")
def trained() -> TrainedTask:
    return train_task(TASK, labelled(frame(0, 7)), test=labelled(frame(7)))


def test_unseen_texts_judge_what_was_learned(trained: TrainedTask) -> None:
    found = result(trained)
    assert (found["rows"], found["test_rows"], found["classes"]) == (21, 9, 3)
    assert (found["accuracy"], found["macro_f1"], found["left_out"]) == (1, 1, {})
    assert metrics(trained)["texts_per_second"] > 0
    assert metrics(trained)["evidence_drop"] > metrics(trained)["random_drop"]


def test_texts_of_the_test_do_not_train() -> None:
    train = pd.concat([frame(), frame(7).assign(text=lambda f: "　" + f["text"])])
    found = result(train_task(TASK, labelled(train), test=labelled(frame(7))))
    assert (found["rows"], found["left_out"]) == (21, {"in_test": 18})


def test_hints_train_and_are_never_tested() -> None:
    told = {"text": ["售后推诿", "售后不回电话", "插座突然起火冒烟"], "label": ["service"] * 3}
    hints = labelled(pd.DataFrame(told).assign(channel="media"))
    test = pd.DataFrame(
        {"text": ["售后一直推诿", "插座突然起火冒烟"], "label": ["service", "fire"]}
    )
    tested = labelled(test.assign(channel="media"))
    hinted = replace(TASK, hints=hints)
    found = result(train_task(hinted, labelled(frame(0, 7)), test=tested))
    assert (found["rows"], found["classes"], found["accuracy"]) == (23, 4, 1)
    assert found["left_out"] == {"in_test": 1}
    folded = cross_validate(hinted, labelled(frame()), folds=3)
    assert len(folded.rows) == 30
    assert len(folded.used.rows) == 33


NEW = {"fire": "炉膛烧焦", "price": "涨了又涨"}  # words that only unlabelled texts have


def shifted(count: int) -> pd.DataFrame:
    """Return texts that say each fault in words that are known and in new ones."""
    rows = [
        (f"第{i}台{WORDS[label]}，{new}", label) for i in range(count) for label, new in NEW.items()
    ]
    return pd.DataFrame(rows, columns=["text", "label"]).assign(channel="media")


def test_what_the_model_is_sure_of_in_unlabelled_texts_trains_it_once_more() -> None:
    unlabelled = labelled(shifted(20)[["text", "channel"]].assign(label=""))
    train = labelled(frame(0, 7))
    test = labelled(shifted(22)[30:])  # ten of them are among the unlabelled
    plain = train_task(TASK, train, test=test)
    taught = train_task(replace(TASK, unlabelled=unlabelled), train, test=test)
    found = result(taught)
    assert (result(plain)["self_labelled"], result(plain)["rows"]) == (0, 21)
    assert found["self_labelled"] == 30
    assert found["rows"] == 21 + 30
    assert not set(taught.used.rows.normal) & set(test.normal)
    asked = Prepared.of(NEW.values())
    told, sure = taught.model.answer(asked)
    assert told == [(label,) for label in NEW]
    assert min(s for (s,) in sure) > max(s for (s,) in plain.model.answer(asked)[1])


def test_where_the_model_is_sure_of_nothing_it_stays_as_it_is() -> None:
    train, test = labelled(frame(0, 7)), labelled(frame(7))
    known = replace(TASK, unlabelled=labelled(pd.concat([frame(), frame(1).assign(text="  ")])))
    vague = replace(TASK, unlabelled=labelled(frame(1).assign(text="天气")))
    plain = train_task(TASK, train, test=test)
    for asked in (known, vague):
        again = train_task(asked, train, test=test)
        assert again.used == plain.used
        assert again.model.version == plain.model.version


def test_every_test_row_is_answered_and_a_new_class_is_wrong() -> None:
    odd = pd.DataFrame(
        {"text": ["", "插座保修期到了", "插座很好"], "label": ["fire", "repair", ""]}
    )
    test = pd.concat([frame(7), odd.assign(channel="media")])
    trained = train_task(TASK, labelled(frame(0, 7)), test=labelled(test))
    found = result(trained)
    assert sum(len(part.answers.predicted) for part in trained.parts) == 12
    assert (found["test_rows"], found["test_unlabelled"]) == (12, 1)
    assert found["unseen_classes"] == {"repair": 1}
    assert trained.answers.f1["repair"] == 0
    assert (~trained.answers.exact[[10]]).all()


def test_a_class_of_one_text_is_left_out_and_said() -> None:
    alone = pd.DataFrame({"text": ["插座保修期到了"], "label": ["repair"], "channel": ["media"]})
    train = pd.concat([frame(0, 7), alone])
    found = result(train_task(TASK, labelled(train), test=labelled(frame(7))))
    assert (found["rare_classes"], found["left_out"]) == (["repair"], {"rare": 1})


def test_folds_answer_every_row_by_a_model_that_did_not_see_its_text() -> None:
    twice = pd.concat([frame(), frame().assign(label="fire")], ignore_index=True)
    trained = cross_validate(TASK, labelled(twice), folds=5)
    assert sorted(i for part in trained.parts for i in part.rows) == list(range(60))
    for part in trained.parts:
        held = {trained.tested.normal[i] for i in part.rows}
        assert held.isdisjoint(
            trained.tested.normal[i] for o in trained.parts if o != part for i in o.rows
        )
    found = result(cross_validate(TASK, labelled(frame()), folds=5))
    assert (found["accuracy"], found["folds"], found["rows"]) == (1, 5, 30)
    assert found["fold_macro_f1"] == 1


def test_folds_bear_rare_classes_empty_texts_and_rows_without_label() -> None:
    odd = pd.DataFrame(
        {"text": ["", "插座保修期到了", "插座很好"], "label": ["fire", "repair", ""]}
    )
    rows = pd.concat([frame(), odd.assign(channel="media")], ignore_index=True)
    found = result(cross_validate(TASK, labelled(rows), folds=3))
    assert found["left_out"] == {"empty": 1, "unlabelled": 1, "rare": 1}
    assert (found["test_rows"], found["test_unlabelled"]) == (33, 1)
    assert found["unseen_classes"] == {"repair": 1}


def test_the_same_seed_finds_the_same(trained: TrainedTask) -> None:
    again = train_task(TASK, labelled(frame(0, 7)), test=labelled(frame(7)))
    spent = {"seconds", "texts_per_second"}
    assert {k: v for k, v in result(again).items() if k not in spent} == {
        k: v for k, v in result(trained).items() if k not in spent
    }


def test_several_labels_for_one_text() -> None:
    both = [
        (f"{g}{a}，{b}", (j, k)) for g in GOODS for j, a in WORDS.items() for k, b in WORDS.items()
    ]
    texts = [text for text, _ in both]
    rows = Labelled(texts, [normalize(t) for t in texts], [tuple(sorted(set(k))) for _, k in both])
    trained = cross_validate(Task("faults", many=True), rows, folds=2)
    assert isinstance(trained.model, MultiLabel)
    assert metrics(trained)["micro_f1"] > 0.95
    assert trained.evidence is None


def test_what_cannot_be_learned_or_judged_is_said() -> None:
    one = labelled(frame(0, 7).assign(label="fire"))
    with pytest.raises(Invalid, match=r"classes \['fire'\] are left"):
        train_task(TASK, one, test=labelled(frame(7)))
    with pytest.raises(Invalid, match=r"left out: 9 in_test"):
        train_task(TASK, labelled(frame(7)), test=labelled(frame(7)))
    with pytest.raises(Invalid, match="no row to be tested tells a label"):
        train_task(TASK, labelled(frame(0, 7)), test=labelled(frame(7).assign(label="")))
    for folds in (1, 31):
        with pytest.raises(Invalid, match=f"{folds} folds of 30 different texts"):
            cross_validate(TASK, labelled(frame()), folds=folds)


def test_the_folder_holds_the_model_and_what_people_look_at(
    trained: TrainedTask, tmp_path: Path
) -> None:
    save(trained, tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"confusion.svg", "reliability.svg", "worst_errors.csv", "slices.csv"} <= names
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    again = recipes.load(tmp_path, manifest["model"])
    assert again.version == manifest["version"]
    assert again.predict_proba(Prepared.of(["插座突然起火冒烟"])).argmax() == manifest[
        "classes"
    ].index("fire")
    slices = pd.read_csv(tmp_path / "slices.csv")
    assert set(slices["slice"]) == {"0-20", "12315", "media"}
    assert "faults" in (tmp_path / "card.md").read_text()


def test_the_worst_errors_are_masked_and_cut(tmp_path: Path) -> None:
    long = "插座突然起火冒烟，电话13812345678" + "，请尽快处理" * 30
    made = pd.DataFrame({"text": [long], "label": ["price"], "channel": ["media"]})
    path = tmp_path / "test.csv"
    made.to_csv(path, index=False)
    found = worst_errors(train_task(TASK, labelled(frame()), test=read(path, Columns())))
    assert found["row"].tolist() == [1]
    assert found["text"].item().startswith("插座突然起火冒烟，电话〔电话〕，请尽快")
    assert len(found["text"].item()) == 81


def test_a_training_is_one_run(trained: TrainedTask, tmp_path: Path) -> None:
    registry = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", tmp_path / "artifacts")
    run = log(trained, registry, params={"task": "faults"})
    assert (tmp_path / "artifacts" / run / "artifacts" / "model" / "confusion.svg").is_file()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a training and a test file."""
    monkeypatch.chdir(tmp_path)
    frame(0, 7).to_csv("train.csv", index=False)
    frame(7).assign(text=lambda f: f["text"] + "，电话13812345678").to_csv("test.csv", index=False)
    return tmp_path


RUNS = ("--tracking-uri", "sqlite:///mlflow.db")
NAMED = ("--task", "faults", "--train", "train.csv")


def last(said: Said) -> dict[str, Any]:
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out.splitlines()[-1])
    return found


def test_the_command_prints_one_object_on_the_last_line(place: Path, yujing: Yujing) -> None:
    found = last(yujing("train-text", *NAMED, "--test", "test.csv", *RUNS, "--json"))
    assert {"accuracy", "macro_f1", "ece", "texts_per_second", "model", "run"} <= set(found)
    assert (found["accuracy"], found["model"], found["rows"]) == (1, "linear", 21)
    kept = place / "artifacts" / found["run"] / "artifacts" / "model"
    assert (kept / "manifest.json").is_file()
    assert "13812345678" not in "".join(p.read_text() for p in kept.glob("*.csv"))
    folded = last(yujing("train-text", *NAMED, "--test", "", "--folds", "3", *RUNS, "--json"))
    assert (folded["folds"], folded["test_rows"]) == (3, 21)
    hinted = last(
        yujing("train-text", *NAMED, "--test", "test.csv", "--hints", "test.csv", *RUNS, "--json")
    )
    assert (hinted["rows"], hinted["left_out"]) == (21, {"in_test": 9})


WRONG: dict[str, tuple[str, tuple[str, ...]]] = {
    "a test without training": ("--test is for a labelled file", ("--test", "test.csv")),
    "folds without training": ("--folds is for a labelled file", ("--folds", "3")),
    "a column without training": ("--label-column is for", ("--label-column", "label")),
    "a model without training": ("--model is for", ("--model", "cascade")),
    "no name": ("give --task NAME", ("--train", "train.csv", "--folds", "3")),
    "no judge": ("either --test FILE or --folds", NAMED),
    "two judges": ("either --test FILE or --folds", (*NAMED, "--test", "test.csv", "--folds", "3")),
    "one fold": ("1 folds of 21", (*NAMED, "--folds", "1")),
    "hints without training": ("--hints is for a labelled file", ("--hints", "test.csv")),
    "no hints": ("nowhere.csv is no file", (*NAMED, "--folds", "3", "--hints", "nowhere.csv")),
    "unlabelled without training": (
        "--unlabelled is for a labelled file",
        ("--unlabelled", "test.csv"),
    ),
    "no unlabelled": (
        "nowhere.csv is no file",
        (*NAMED, "--folds", "3", "--unlabelled", "nowhere.csv"),
    ),
    "unlabelled for several labels": (
        "--unlabelled is for one label",
        (*NAMED, "--folds", "3", "--unlabelled", "test.csv", "--label-separator", ";"),
    ),
    "until": ("--until 2024-01-01 is for", (*NAMED, "--folds", "3", "--until", "2024-01-01")),
    "no file": (
        "nowhere.csv is no file",
        ("--task", "t", "--train", "nowhere.csv", "--folds", "3"),
    ),
    "no column": ("no column 'title'", (*NAMED, "--folds", "3", "--text-columns", "title,text")),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_one_line(place: Path, yujing: Yujing, case: str) -> None:
    assert place.is_dir()
    told, words = WRONG[case]
    said = yujing("train-text", *words, *RUNS)
    assert said.code == 1
    (line,) = [line for line in said.err.splitlines() if line.startswith("error: ")]
    assert told in line
    assert "Traceback" not in said.err + said.out


def test_reading_masks_before_anything_else(place: Path) -> None:
    assert "13812345678" not in "".join(read(place / "test.csv", Columns()).texts)
