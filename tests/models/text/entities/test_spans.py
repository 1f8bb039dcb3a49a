"""Tags and stretches tell the same, in every scheme."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.entities.spans import Named, Sentence, flat, full_tags, named, tags

TEXT = "海岚牌电热水壶"
WANTED = (Named(0, 2, "HP"), Named(3, 7, "HC"))


@pytest.mark.parametrize(
    "told",
    [
        "B-HP I-HP O B-HC I-HC I-HC I-HC",
        "B-HP E-HP O B-HC I-HC I-HC E-HC",
        "B-HP E-HP O B-HC M-HC M-HC E-HC",
        "I-HP I-HP O I-HC I-HC I-HC I-HC",
        "B-HP L-HP O B-HC I-HC I-HC L-HC",
    ],
)
def test_every_scheme_is_read(told: str) -> None:
    assert named(told.split()) == WANTED


def test_stretches_that_touch_stay_apart() -> None:
    assert named(["S-A", "S-A", "B-A", "I-B"]) == (
        Named(0, 1, "A"),
        Named(1, 2, "A"),
        Named(2, 3, "A"),
        Named(3, 4, "B"),
    )


def test_of_overlapping_stretches_the_first_and_longest_stays() -> None:
    inner, outer, later = Named(0, 2, "A"), Named(0, 4, "B"), Named(3, 5, "A")
    assert flat((inner, later, outer)) == (outer,)


@st.composite
def marked(draw: st.DrawFn) -> Sentence:
    ends = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
    pairs = zip(ends[::2], ends[1::2], strict=False)
    found = (Named(a, b, draw(st.sampled_from("AB"))) for a, b in pairs)
    return Sentence("字" * 30, tuple(found))


@given(marked())
def test_tags_lead_back_to_the_stretches(sentence: Sentence) -> None:
    assert named(full_tags(sentence)) == sentence.named
    assert named(tags(sentence)) == sentence.named
