"""The vocabulary of a linear model: which n-grams count, and how much each weighs.

TF-IDF with sublinear counts; characters and words are two blocks of unit length each, so that a
long text does not shout (Salton and Buckley 1988).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from models.text.ngrams import Grams, Keys, Ngrams, Numbers

MOST_TERMS = 500_000
MANY_TEXTS = 3_000  # from here on a term must stand in two texts
Matrix = Any  # scipy.sparse.csr_matrix, whose package tells no types


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

    def __len__(self) -> int:
        return len(self.keys)

    def weigh(self, ngrams: Ngrams) -> Matrix:
        """Return the weights of the terms in each text, shape (texts, terms); unknown terms go."""
        found = self.find(ngrams)
        columns = np.concatenate([at for _, at in found])
        rows, known = np.concatenate([g.rows for g, _ in found]), columns >= 0
        counts = _counted(columns[known], rows[known], shape=(len(ngrams), len(self)))
        counts.data = (np.log(counts.data) + 1) * self.frequencies[counts.indices]
        rows = np.repeat(np.arange(len(ngrams)), np.diff(counts.indptr))
        blocks = 2 * rows + (counts.indices >= self._first_character)
        lengths = np.sqrt(np.bincount(blocks, counts.data**2, minlength=2 * len(ngrams)))
        counts.data /= lengths[blocks]
        return counts

    def find(self, ngrams: Ngrams) -> list[tuple[Grams, NDArray[np.intp]]]:
        """Return the column of each n-gram, -1 for an unknown one, by length."""
        return [
            (grams, self._places.get_indexer(pd.Index(grams.keys)))
            for grams in ngrams.grams
            if -self.words <= grams.length <= self.characters
        ]

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
