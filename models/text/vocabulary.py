"""The vocabulary of a linear model: which n-grams count, and how much each weighs.

TF-IDF with sublinear counts; characters and words are two blocks of unit length each, so that a
long text does not shout (Salton and Buckley 1988).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from models.text.ngrams import Grams, Keys, Ngrams, Numbers

MOST_TERMS = 500_000
MOST_KEPT = 20_000  # texts: of more, as in training, only one asks
SIGNED = 63  # bits of a number that is not negative
MANY_TEXTS = 3_000  # from here on a term must stand in two texts
Matrix = Any  # scipy.sparse.csr_matrix, whose package tells no types


class Found(NamedTuple):
    """Where the terms of a vocabulary stand in texts.

    grams: the n-grams of each length that it looks up. known: which of them are terms. at: for each
    that is, its place in ``counts.data``. counts: how often each term stands in each text.
    """

    grams: Sequence[Grams]
    known: Sequence[NDArray[np.bool_]]
    at: Sequence[NDArray[np.intp]]
    counts: Matrix


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Sorted keys (words are negative and so come first) and each one's inverse frequency.

    characters, words: the longest n-grams that are looked up.
    """

    keys: Keys
    frequencies: NDArray[np.float64]  # inverse document frequencies
    characters: int
    words: int

    @classmethod
    def of(cls, ngrams: Ngrams, *, characters: int, words: int) -> Self:
        """Return the terms of training texts; the commonest ``MOST_TERMS`` where there are more."""
        grams = [g for g in ngrams.grams if -words <= g.length <= characters]
        codes, keys = pd.factorize(np.concatenate([g.keys for g in grams]), sort=True)
        rows = np.concatenate([g.rows for g in grams])
        counts = _counted(codes, rows, shape=(len(ngrams), len(keys)))
        texts = np.bincount(counts.indices, minlength=len(keys))
        fewest = 2 if len(ngrams) >= MANY_TEXTS else 1
        if (texts >= fewest).sum() > MOST_TERMS:
            fewest = int(np.partition(texts, -MOST_TERMS)[-MOST_TERMS]) + 1
        kept = texts >= fewest
        inverse = np.log((1 + len(ngrams)) / (1 + texts[kept])) + 1
        return cls(np.asarray(keys)[kept], inverse, characters, words)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what is kept of the vocabulary."""
        lengths = np.array([self.characters, self.words])
        return {"keys": self.keys, "frequencies": self.frequencies, "lengths": lengths}

    @classmethod
    def load(cls, kept: Mapping[str, NDArray[Any]]) -> Self:
        """Return the vocabulary that ``arrays`` told of."""
        characters, words = map(int, kept["lengths"])
        return cls(kept["keys"], kept["frequencies"], characters, words)

    def __len__(self) -> int:
        return len(self.keys)

    def weigh(self, ngrams: Ngrams) -> Matrix:
        """Return the weights of the terms in each text, shape (texts, terms); unknown terms go."""
        counts = self.find(ngrams).counts.copy()
        counts.data = (np.log(counts.data) + 1) * self.frequencies[counts.indices]
        rows = np.repeat(np.arange(len(ngrams)), np.diff(counts.indptr))
        blocks = 2 * rows + (counts.indices >= self._first_character)
        lengths = np.sqrt(np.bincount(blocks, counts.data**2, minlength=2 * len(ngrams)))
        counts.data /= lengths[blocks]
        return counts

    def find(self, ngrams: Ngrams) -> Found:
        """Return where the terms stand in texts; kept for a while, as several ask."""
        if self in ngrams.found:
            kept: Found = ngrams.found[self]
            return kept
        found = self._found(ngrams)
        if len(ngrams) <= MOST_KEPT:
            ngrams.found[self] = found
        return found

    def _found(self, ngrams: Ngrams) -> Found:
        grams = [g for g in ngrams.grams if -self.words <= g.length <= self.characters]
        columns = [self._places.get_indexer(pd.Index(g.keys)) for g in grams]
        known = [own >= 0 for own in columns]
        rows = np.concatenate([g.rows[ok] for g, ok in zip(grams, known, strict=True)])
        terms = np.concatenate([own[ok] for own, ok in zip(columns, known, strict=True)])
        counts, at = _gathered(terms, rows, shape=(len(ngrams), len(self)))
        ends = np.cumsum([ok.sum() for ok in known])[:-1]
        return Found(grams, known, np.split(at, ends), counts)

    @cached_property
    def _places(self) -> pd.Index:
        return pd.Index(self.keys)

    @cached_property
    def _first_character(self) -> int:
        return int(np.searchsorted(self.keys, 0))


def _counted(columns: NDArray[np.intp], rows: Numbers, *, shape: tuple[int, int]) -> Matrix:
    """Return how often each column stands in each row."""
    ones = np.ones(len(columns))
    counts = sparse.coo_matrix((ones, (rows, columns)), shape=shape).tocsr()
    counts.sort_indices()
    return counts


def _gathered(
    columns: NDArray[np.intp], rows: Numbers, *, shape: tuple[int, int]
) -> tuple[Matrix, NDArray[np.intp]]:
    """Return how often each column stands in each row, and where each pair is counted there."""
    bits = shape[1].bit_length()
    order, ordered = _sorted(rows.astype(np.int64) << bits | columns)
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    at = np.empty(len(ordered), dtype=np.intp)
    at[order] = np.cumsum(first) - 1
    different = ordered[first]
    bounds = np.searchsorted(different >> bits, np.arange(shape[0] + 1))
    indices = (different & ((1 << bits) - 1)).astype(np.int32)
    counts = np.bincount(at, minlength=len(different)).astype(float)
    return sparse.csr_matrix((counts, indices, bounds), shape=shape), at


def _sorted(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the order of values and the values in it; together in one number where both fit."""
    size = len(values).bit_length()
    if int(values.max(initial=0)).bit_length() + size > SIGNED:
        order = np.argsort(values)
        return order, values[order]
    both = np.sort(values << size | np.arange(len(values)))  # half the time of ``argsort``
    return both & ((1 << size) - 1), both >> size
