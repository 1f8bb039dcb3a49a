"""Spelling: names match however they are typed, and places lead back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.entities.spelling import name, same_length, spelt, spelt_all

WRITTEN = st.text(alphabet="海爾ＡaÄ㎏ﬁ1-－·• \u200b\t\n。李İ", max_size=30)


@given(WRITTEN)
def test_one_character_stays_one(text: str) -> None:
    assert len(same_length(text)) == len(text)


@given(WRITTEN)
def test_every_character_leads_back_to_its_own(text: str) -> None:
    found = spelt(text)
    assert len(found.places) == len(found.text)
    assert list(found.places) == sorted(set(found.places))
    for i, character in enumerate(found.text):
        start, end = found.original(i, i + 1)
        assert end == start + 1
        assert character in (" ", same_length(text[start]))


@pytest.mark.parametrize(
    "written", ["海爾 CS75", "海 尔cs７５", "海-尔·CS75", "海\u200b尔 cs75", "海尔CS75"]
)
def test_ways_to_type_one_name(written: str) -> None:
    assert name(written) == "海尔cs75"


def test_latin_words_stay_apart() -> None:
    assert name("CS75-Plus  Pro") == "cs75 plus pro"


@given(st.lists(WRITTEN, max_size=8))
def test_many_texts_are_spelt_as_each_is(texts: list[str]) -> None:
    for own, many in zip(map(spelt, texts), spelt_all(texts), strict=True):
        assert (many.plain, many.text, list(many.places)) == (own.plain, own.text, list(own.places))
