from hypothesis import given
from hypothesis import strategies as st

from models.text.duplicates.shingles import jaccard, shingles
from models.text.duplicates.sketches import NUMBERS, sketches

TEXTS = st.text(st.sampled_from("电热水壶冒烟了"), max_size=12)


@given(st.lists(TEXTS, max_size=5))
def test_each_text_has_its_own_runs(texts: list[str]) -> None:
    keys, bounds = shingles(texts)
    assert len(bounds) == len(texts) + 1
    for row, text in enumerate(texts):
        runs = [text[i : i + 3] for i in range(len(text) - 2)]
        own = keys[int(bounds[row]) : int(bounds[row + 1])].tolist()
        assert own == [(ord(r[0]) << 42) | (ord(r[1]) << 21) | ord(r[2]) for r in runs]


@given(TEXTS, TEXTS)
def test_likeness_is_the_share_of_runs(one: str, other: str) -> None:
    own = {one[i : i + 3] for i in range(len(one) - 2)}
    others = {other[i : i + 3] for i in range(len(other) - 2)}
    expected = len(own & others) / len(own | others) if own | others else 0
    assert jaccard(one, other) == jaccard(other, one) == expected


@given(st.lists(TEXTS, max_size=5))
def test_a_sketch_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = sketches(*shingles(texts))
    assert together.shape == (len(texts), NUMBERS)
    for row, text in enumerate(texts):
        assert (together[row] == sketches(*shingles([text]))[0]).all()
