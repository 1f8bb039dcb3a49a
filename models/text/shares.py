"""Shares: how much each word of a text moved a linear answer, exactly.

The share of an n-gram is its weight in the text times what the model learned for it; it is divided
evenly among its occurrences, and among the words whose characters they cover. So the shares of all
words and the intercept add up to the logit.
"""

import numpy as np
from numpy.typing import NDArray

from models.text.classifier import Share
from models.text.ngrams import Grams, Ngrams, Numbers
from models.text.vocabulary import Vocabulary

Weights = NDArray[np.float64]
TAKEN = -1.0  # no strength is so little


def of_words(ngrams: Ngrams, vocabulary: Vocabulary, *, moved: Weights) -> Weights:
    """Return the share of each word of ``ngrams.words``.

    moved: what each value of ``vocabulary.weigh(ngrams)`` adds to the answer.
    """
    found = vocabulary.find(ngrams)
    each = moved / found.counts.data
    shares = np.zeros(len(ngrams.words.rows))
    for grams, known, at in zip(found.grams, found.known, found.at, strict=True):
        shares += _spread(grams, each[at], ngrams=ngrams, chosen=known)
    return shares


def _spread(grams: Grams, shares: Weights, *, ngrams: Ngrams, chosen: NDArray[np.bool_]) -> Weights:
    """Return the shares of n-grams of one length, by word."""
    first, size = grams.at[chosen], abs(grams.length)
    words, each = np.zeros(len(ngrams.words.rows)), shares / size
    for step in range(size):
        at = ngrams.words.at[first + step] if grams.length > 0 else first + step
        words += np.bincount(at, each, minlength=len(words))
    return words


def strongest(ngrams: Ngrams, shares: Weights, *, limit: int) -> list[list[Share]]:
    """Return for each text the words that moved its answer most, the most helpful first."""
    words = ngrams.words
    most = _most(np.abs(shares), words.rows, limit=limit)
    most = most[np.lexsort((-shares[most], words.rows[most]))]
    starts = words.starts[most] - ngrams.starts[words.rows[most]]
    ends = words.ends[most] - ngrams.starts[words.rows[most]]
    found: list[list[Share]] = [[] for _ in range(len(ngrams))]
    told = zip(*(a.tolist() for a in (words.rows[most], starts, ends, shares[most])), strict=True)
    for row, start, end, weight in told:
        found[row].append(Share(start, end, weight))
    return found


def _most(strengths: Weights, rows: Numbers, *, limit: int) -> NDArray[np.intp]:
    """Return the places of the greatest of each row, the greatest of all rows before the second."""
    (begins,) = np.nonzero(np.diff(rows, prepend=-1))
    sizes = np.diff(begins, append=len(rows))
    left, found = strengths.copy(), [begins[:0]]
    for _ in range(min(limit, sizes.max(initial=0))):
        greatest = np.maximum.reduceat(left, begins)
        (at,) = np.nonzero(left == np.repeat(greatest, sizes))
        first = at[np.diff(rows[at], prepend=-1) > 0]
        found.append(first[left[first] >= 0])
        left[first] = TAKEN
    return np.concatenate(found)
