"""Shares: how much each word of a text moved a linear answer, exactly.

The share of an n-gram is its weight in the text times what the model learned for it; it is divided
evenly among its occurrences, and among the words whose characters they cover. So the shares of all
words and the intercept add up to the logit.
"""

import numpy as np
from numpy.typing import NDArray

from models.text.classifier import Share
from models.text.ngrams import Grams, Ngrams
from models.text.vocabulary import Vocabulary

Weights = NDArray[np.float64]


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
    words = np.zeros(len(ngrams.words.rows))
    for step in range(size):
        at = ngrams.words.at[first + step] if grams.length > 0 else first + step
        words += np.bincount(at, shares / size, minlength=len(words))
    return words


def strongest(ngrams: Ngrams, shares: Weights, *, limit: int) -> list[list[Share]]:
    """Return for each text the words that moved its answer most, the most helpful first."""
    words = ngrams.words
    ranked = np.lexsort((-np.abs(shares), words.rows))  # by text; within it the strongest first
    bounds = np.searchsorted(words.rows, np.arange(len(ngrams) + 1))
    rank = np.arange(len(ranked)) - np.repeat(bounds[:-1], np.diff(bounds))
    most = ranked[rank < limit]
    most = most[np.lexsort((-shares[most], words.rows[most]))]
    starts = words.starts[most] - ngrams.starts[words.rows[most]]
    ends = words.ends[most] - ngrams.starts[words.rows[most]]
    found: list[list[Share]] = [[] for _ in range(len(ngrams))]
    told = zip(*(a.tolist() for a in (words.rows[most], starts, ends, shares[most])), strict=True)
    for row, start, end, weight in told:
        found[row].append(Share(start, end, weight))
    return found
