"""N-grams of characters and words as 64-bit keys, counted by NumPy instead of one by one.

Three characters of 21 bits each fit a positive key, so a run of one to three characters is its own
key. Words are hashed into the negative keys. No vocabulary is needed to make the keys, so any
number of classifiers can share them.
"""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Self
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_array

from models.text.characters import encode
from models.text.segment import pieces

Keys = NDArray[np.int64]
Numbers = NDArray[np.int32]
BITS = 21  # of one character; the highest code point is 0x10FFFF
CHARACTERS, WORDS = 3, 2  # the longest n-grams
ORDER = np.uint64(0x9E3779B97F4A7C15)  # an odd number, so that the order of two words matters
NEGATIVE = np.uint64(1 << 63)


@dataclass(frozen=True)
class Words:
    """The words of all texts in order, without white space: where each begins and ends.

    Places count characters of all texts joined. at: which word each character belongs to; white
    space counts to the word before it, or to the first one.
    """

    rows: Numbers
    starts: Numbers
    ends: Numbers
    at: Numbers


@dataclass(frozen=True)
class Grams:
    """N-grams of one length: their keys, the rows of their texts, the first character or word."""

    length: int  # characters, or minus the words
    keys: Keys
    rows: Numbers
    at: Numbers


@dataclass(frozen=True)
class Ngrams:
    """Every n-gram of the texts: 1 to 3 characters, 1 and 2 words, and the words themselves.

    starts: where each text begins when all are joined. A word of one character is no n-gram of its
    own: the characters have it. found: what each vocabulary found in the texts, kept for as long as
    it lives.
    """

    starts: NDArray[np.int64]
    words: Words
    grams: tuple[Grams, ...]
    found: MutableMapping[object, Any] = field(
        default_factory=WeakKeyDictionary, repr=False, compare=False
    )

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Return the n-grams of normalised texts; an empty text has none."""
        starts = np.concatenate([[0], np.cumsum([len(text) for text in texts], dtype=np.int64)])
        cut = [pieces(text) for text in texts]
        words, codes, different = _words(cut)
        return cls(
            starts[:-1],
            words,
            (*_of_characters(texts), *_of_words(words, codes, different=different)),
        )

    def __len__(self) -> int:
        return len(self.starts)


def _words(cut: Sequence[Sequence[str]]) -> tuple[Words, NDArray[np.intp], NDArray[np.object_]]:
    """Return the words, which of the different words each is, and those."""
    flat = np.fromiter(chain.from_iterable(cut), dtype=object)
    codes, different = pd.factorize(flat)
    sizes = np.array([len(word) for word in different], dtype=np.int32)[codes]
    solid = ~np.array([word.isspace() for word in different], dtype=bool)[codes]
    ends = np.cumsum(sizes, dtype=np.int32)
    at = np.maximum(np.repeat(np.cumsum(solid, dtype=np.int32) - 1, sizes), 0)
    rows = _rows([len(own) for own in cut])
    words = Words(rows[solid], (ends - sizes)[solid], ends[solid], at)
    return words, codes[solid], np.asarray(different, dtype=object)


def _of_characters(texts: Sequence[str]) -> list[Grams]:
    characters = _characters(texts)
    return [_runs(characters, length=length) for length in range(1, CHARACTERS + 1)]


def runs(texts: Sequence[str], *, length: int) -> Grams:
    """Return the runs of so many characters, three at most, in order; none crosses two texts.

    >>> runs(["ab", "c"], length=2).keys.tolist() == [ord("a") << BITS | ord("b")]
    True
    """
    return _runs(_characters(texts), length=length)


def _characters(texts: Sequence[str]) -> tuple[Keys, Numbers]:
    """Return the characters of all texts joined, and the row of each one's text."""
    return encode("".join(texts)).astype(np.int64), _rows([len(text) for text in texts])


def _runs(characters: tuple[Keys, Numbers], *, length: int) -> Grams:
    single, rows = characters
    size = max(len(single) - length + 1, 0)
    keys = single[:size]
    for step in range(1, length):
        keys = keys << BITS | single[step : step + size]
    (at,) = np.nonzero(rows[:size] == rows[length - 1 :])
    return Grams(length, keys[at], rows[at], at.astype(np.int32))


def _of_words(
    words: Words, codes: NDArray[np.intp], *, different: NDArray[np.object_]
) -> list[Grams]:
    single = hash_array(different, categorize=False).astype(np.uint64)[codes]
    (telling,) = np.nonzero(words.ends - words.starts > 1)
    pairs = single[:-1] * ORDER + single[1:]
    (both,) = np.nonzero(words.rows[:-1] == words.rows[1:])
    return [
        Grams(-length, (hashes[at] | NEGATIVE).view(np.int64), words.rows[at], at.astype(np.int32))
        for length, hashes, at in ((1, single, telling), (2, pairs, both))
    ]


def _rows(sizes: Sequence[int]) -> Numbers:
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
