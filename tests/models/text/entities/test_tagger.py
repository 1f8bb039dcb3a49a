"""The tagger: learns, tells its own places, is kept as data, and refuses what it cannot use."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.errors import Invalid, NotReady
from models.text.entities import archive, tagger
from models.text.entities.spans import Sentence
from models.text.entities.tagger import Tagger
from tests.models.text.entities.conftest import LISTS, sentences

TEXT = "贝贝兔牌充电宝冒烟了"


def told(small: Tagger, text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.label) for one in small.tag([text])[0]]


def test_what_was_learned_is_found(small: Tagger) -> None:
    assert told(small, TEXT) == [("贝贝兔", "HP"), ("充电宝", "HC")]
    assert small.labels == ("HC", "HP")


def test_width_case_and_script_make_no_difference(small: Tagger) -> None:
    assert told(small, "貝貝兔牌充電寶冒煙了") == [("貝貝兔", "HP"), ("充電寶", "HC")]


def test_it_is_surer_of_what_it_knows(small: Tagger) -> None:
    known = small.tag([TEXT])[0][0].confidence
    assert 0.9 < known <= 1
    assert all(one.confidence < known for one in small.tag(["买了个东西坏了"])[0])


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "🔥🔥", "a", "《", "》x《y"])
def test_ugly_texts_are_read(small: Tagger, text: str) -> None:
    assert len(small.tag([text])) == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="海岚贝兔牌的电热水壶插座《》 \u200bＡa1\n㎏", max_size=25))
def test_places_are_in_the_text_and_apart(small: Tagger, text: str) -> None:
    last = 0
    for start, end, label, confidence in small.tag([text])[0]:
        assert last <= start < end <= len(text)
        assert label in small.labels
        assert 0 <= confidence <= 1
        last = end


def test_a_batch_and_single_texts_agree(small: Tagger) -> None:
    texts = [sentence.text for sentence in sentences(10, seed=9)]
    assert small.tag(texts) == [small.tag([text])[0] for text in texts]


def test_the_same_texts_make_the_same_tagger(small: Tagger) -> None:
    again = tagger.fit(sentences(60, seed=1), lists=LISTS)
    other = tagger.fit(sentences(60, seed=2), lists=LISTS)
    assert again.version == small.version != other.version


def test_a_kept_tagger_answers_the_same(small: Tagger, tmp_path: Path) -> None:
    archive.save(small, tmp_path)
    loaded = archive.load(tmp_path)
    assert loaded.version == small.version
    texts = [sentence.text for sentence in sentences(10, seed=3)]
    assert loaded.tag(texts) == small.tag(texts)


def test_a_kept_tagger_has_no_code(small: Tagger, tmp_path: Path) -> None:
    archive.save(small, tmp_path)
    kept = {path.suffix for path in tmp_path.iterdir()}
    assert kept == {".crfsuite", ".json", ".npz"}


def test_an_altered_tagger_is_refused(small: Tagger, tmp_path: Path) -> None:
    archive.save(small, tmp_path)
    words = json.loads((tmp_path / archive.WORDS).read_text())
    (tmp_path / archive.WORDS).write_text(json.dumps(words | {"known": {}}))
    with pytest.raises(NotReady, match="but its manifest says"):
        archive.load(tmp_path)


@pytest.mark.parametrize("name", [archive.NEAR, archive.TOPICS, archive.WORDS, archive.MANIFEST])
def test_a_damaged_tagger_is_refused(small: Tagger, tmp_path: Path, name: str) -> None:
    archive.save(small, tmp_path)
    (tmp_path / name).write_bytes(b"not it")
    with pytest.raises(NotReady):
        archive.load(tmp_path)


def test_an_absent_tagger_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="holds no tagger"):
        archive.load(tmp_path)


@pytest.mark.parametrize("given", [[], [Sentence("没有标注", ())], [Sentence("", ())]])
def test_nothing_to_learn_is_told(given: list[Sentence]) -> None:
    with pytest.raises(Invalid, match="marks an entity"):
        tagger.fit(given, lists={})


def test_few_texts_are_enough_to_run() -> None:
    few = tagger.fit(sentences(3, seed=4), lists={})
    assert few.tag(["海岚牌插座"])
