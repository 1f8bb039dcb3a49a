"""Training the tagger: what the test holds is no training, and every figure is what it says."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from features.errors import Invalid
from models.registry import Registry
from models.text.entities import archive, spans
from models.text.entities.spans import Named, Sentence
from pipelines.train_entities import MODEL, apart, judged, log, train_entities
from tests.models.text.entities.conftest import LISTS, sentences
from tests.pipelines.conftest import Said

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning"
)
TRAIN, TEST = sentences(60, seed=1), sentences(12, seed=2)


def test_what_was_made_up_is_learned() -> None:
    made = train_entities(TRAIN, TEST, words=LISTS)
    assert made.metrics["micro_f1"] > 0.95
    assert [one.label for one in made.found] == ["HC", "HP"]
    assert made.metrics["test_texts"] == 12
    assert made.metrics["texts_per_second"] > 0
    assert made.metrics["train_texts"] + made.left_out == 60


def test_texts_of_the_test_are_left_out_however_they_are_spelt() -> None:
    train = [Sentence("海嵐牌插座ＡＢ", ()), Sentence("海岚牌吹风机", ())]
    assert apart(train, [Sentence("海岚牌插座ab", ())]) == train[1:]


def test_only_exact_places_and_kinds_count() -> None:
    truth = [{(0, 2, "A"), (3, 5, "A"), (6, 7, "B")}, set()]
    answers = [{(0, 2, "A"), (3, 4, "A"), (6, 7, "A")}, {(0, 1, "C")}]
    first, second = judged(truth, answers)
    assert (first.label, first.precision, first.recall, first.f1) == ("A", 1 / 3, 1 / 2, 0.4)
    assert (second.label, second.f1, second.entities) == ("B", 0.0, 1)


def test_nothing_left_or_other_kinds_are_told() -> None:
    with pytest.raises(Invalid, match="stands in the test"):
        train_entities(TEST, TEST, words={})
    other = [Sentence(text, (Named(0, 2, "X"),)) for text in ("海口塔", "山口塔")]
    with pytest.raises(Invalid, match="the same kinds"):
        train_entities(TRAIN, other, words={})


def test_a_run_keeps_a_tagger_that_answers_the_same(tmp_path: Path) -> None:
    registry = Registry(f"sqlite:///{tmp_path / 'runs.db'}", tmp_path / "artifacts")
    made = train_entities(TRAIN, TEST, words=LISTS)
    version = log(made, registry, params={"train": "a"})
    registry.promote(MODEL, version, alias="champion", why="the first")
    loaded = archive.load(registry.fetch(MODEL))
    texts = [sentence.text for sentence in TEST]
    assert loaded.tag(texts) == made.tagger.tag(texts)
    assert registry.metrics(MODEL, version)["micro_f1"] == made.metrics["micro_f1"]


def written(path: Path, told: list[Sentence]) -> Path:
    blocks = (
        "\n".join(f"{c}\t{t}" for c, t in zip(one.text, spans.tags(one), strict=True))
        for one in told
    )
    path.write_text("\n\n".join(blocks) + "\n")
    return path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "train.bio", [*TRAIN, TEST[0]])
    written(tmp_path / "test.bio", TEST)
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "goods.txt").write_text("\n".join(LISTS["goods"]))
    (tmp_path / "empty").mkdir()
    return tmp_path


def test_the_command_prints_a_table_and_one_object(
    place: Path, yujing: Callable[..., Said]
) -> None:
    files = ("--train", str(place / "train.bio"), "--test", "test.bio", "--gazetteer", "words")
    said = yujing("train-entities", *files, "--tracking-uri", "sqlite:///runs.db", "--json")
    assert said.code == 0, said
    told = json.loads(said.out.splitlines()[-1])
    assert {"micro_f1", "macro_f1", "model", "texts_per_second"} <= set(told)
    assert "left out of training" in " ".join(said.out.split())
    assert "HC" in said.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--train", "no.bio", "--test", "test.bio"), "no.bio is no file"),
        (("--train", "train.bio", "--test", "empty"), "empty is no file"),
        (("--train", "train.bio", "--test", "test.bio", "--gazetteer", "empty"), "holds no words"),
        (("--train", "words/goods.txt", "--test", "test.bio"), "has no tag"),
    ],
)
def test_wrong_input_is_one_line(
    place: Path, yujing: Callable[..., Said], words: tuple[str, ...], message: str
) -> None:
    assert place.is_dir()
    said = yujing("train-entities", *words, "--tracking-uri", "sqlite:///runs.db")
    assert said.code == 1
    lines = [line for line in said.err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1
    assert message in lines[0]
