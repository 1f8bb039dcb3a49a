from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.text.ngrams import Ngrams
from models.text.segment import pieces, words

TEXTS = st.lists(st.text(alphabet="电水壶漏着火 ab1\n😀𠀀", max_size=12), max_size=4)


@given(TEXTS)
def test_pieces_joined_are_the_text(texts: list[str]) -> None:
    assert ["".join(pieces(text)) for text in texts] == texts


@given(TEXTS)
def test_every_run_of_characters_and_words_is_counted_once(texts: list[str]) -> None:
    found = Ngrams.of(texts)
    for grams in found.grams:
        own = [
            _runs(list(text), grams.length) if grams.length > 0 else _of_words(text, -grams.length)
            for text in texts
        ]
        assert list(grams.rows) == [row for row, runs in enumerate(own) for _ in runs]
        runs = [run for part in own for run in part]
        keys = grams.keys.tolist()
        assert len(set(zip(keys, runs, strict=True))) == len(set(keys)) == len(set(runs))
        assert all((key < 0) == (grams.length < 0) for key in keys)


def _runs(parts: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(parts[i : i + length]) for i in range(len(parts) - length + 1)]


def _of_words(text: str, length: int) -> list[tuple[str, ...]]:
    runs = _runs(words(text), length)
    return [run for run in runs if length > 1 or len(run[0]) > 1]


@given(TEXTS)
def test_words_stand_where_they_say(texts: list[str]) -> None:
    found, joined = Ngrams.of(texts).words, "".join(texts)
    told = [joined[a:b] for a, b in zip(found.starts, found.ends, strict=True)]
    assert told == [word for text in texts for word in words(text)]


@given(TEXTS)
def test_other_texts_change_nothing(texts: list[str]) -> None:
    together = Ngrams.of(texts)
    for row, text in enumerate(texts):
        alone = Counter(key for grams in Ngrams.of([text]).grams for key in grams.keys.tolist())
        batch = Counter(
            key for grams in together.grams for key in grams.keys[grams.rows == row].tolist()
        )
        assert alone == batch


def test_no_texts_have_no_ngrams() -> None:
    assert len(Ngrams.of([])) == 0
    assert all(len(grams.keys) == 0 for grams in Ngrams.of(["", ""]).grams)


def test_the_order_of_two_words_matters() -> None:
    there, back = (Ngrams.of([text]).grams[-1].keys for text in ("插座 漏电", "漏电 插座"))
    assert len(there) == len(back) == 1
    assert not np.array_equal(there, back)
