"""Shares: how much each word of a text moved a linear answer, exactly.

The share of an n-gram is its weight in the text times what the model learned for it; it is divided
evenly among its occurrences, and among the words whose characters they cover. So the shares of all
words and the intercept add up to the logit.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.text.classifier import Share
from models.text.ngrams import Grams, Ngrams
from models.text.vocabulary import Matrix, Vocabulary

Weights = NDArray[np.float64]


def of_words(ngrams: Ngrams, vocabulary: Vocabulary, *, weighed: Matrix, moved: Weights) -> Weights:
    """Return the share of each word of ``ngrams.words``.

    weighed: ``vocabulary.weigh(ngrams)``. moved: what each of its values adds to the answer.
    """
    shares = np.zeros(len(ngrams.words.rows))
    known = _pairs(np.repeat(np.arange(weighed.shape[0]), np.diff(weighed.indptr)), weighed.indices)
    found = vocabulary.find(ngrams)
    pairs = [np.where(at >= 0, _pairs(grams.rows, at), -1) for grams, at in found]
    places = [np.searchsorted(known, own) for own in pairs]
    seen = [own >= 0 for own in pairs]
    times = np.zeros(len(known))
    for at, ok in zip(places, seen, strict=True):
        times += np.bincount(at[ok], minlength=len(known))
    each = moved / np.maximum(times, 1)
    for (grams, _), at, ok in zip(found, places, seen, strict=True):
        shares += _spread(grams, each[at[ok]], ngrams=ngrams, chosen=ok)
    return shares


def _pairs(rows: NDArray[np.integer], columns: NDArray[np.integer]) -> NDArray[np.int64]:
    return (rows.astype(np.int64) << 32) | columns


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
    bounds = np.searchsorted(words.rows, np.arange(len(ngrams) + 1))
    starts = words.starts - ngrams.starts[words.rows]
    ends = words.ends - ngrams.starts[words.rows]
    found = []
    for first, last in pairwise(bounds):
        own = shares[first:last]
        most = np.argsort(-np.abs(own), kind="stable")[:limit]
        most = first + most[np.argsort(-own[most], kind="stable")]
        found.append([Share(int(starts[i]), int(ends[i]), float(shares[i])) for i in most])
    return found
