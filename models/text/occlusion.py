"""Occlusion: how much each part of a text moved an answer, by leaving it out.

For a model whose answer is no sum of words; faithful by construction, at one more pass per part
(Zeiler and Fergus 2014).
"""

from typing import Protocol

import numpy as np

from models.text.classifier import Probabilities, Reading, Share
from models.text.ngrams import Ngrams
from models.text.prepared import Prepared

MOST_PARTS = 24  # of a text: a longer one is read in runs of words
LEAST = 1e-9
Part = tuple[int, int]


class Answering(Protocol):
    """Whatever gives probabilities of texts."""

    def predict_proba(self, X: Prepared) -> Probabilities:
        """Return probabilities, shape (texts, classes)."""


def read(model: Answering, X: Prepared, *, limit: int) -> Reading:
    """Return probabilities, and for each text the parts that moved its answer most."""
    answers = model.predict_proba(X)
    chosen = answers.argmax(axis=1)
    told = [
        _told(model, text, chosen=int(k), limit=limit)
        for text, k in zip(X.texts, chosen, strict=True)
    ]
    return answers, told


def _told(model: Answering, text: str, *, chosen: int, limit: int) -> list[Share]:
    places = parts(text)
    without = Prepared.of([text, *(text[:start] + text[end:] for start, end in places)])
    odds = _log_odds(model.predict_proba(without)[:, chosen])
    shares = [
        Share(start, end, float(odds[0] - left))
        for (start, end), left in zip(places, odds[1:], strict=True)
    ]
    most = sorted(shares, key=lambda share: -abs(share.weight))[:limit]
    return sorted(most, key=lambda share: -share.weight)


def parts(text: str) -> list[Part]:
    """Return where the words of a text stand, in runs where there are more than ``MOST_PARTS``."""
    words = Ngrams.of([text]).words
    size = max(1, -(-len(words.starts) // MOST_PARTS))
    firsts = range(0, len(words.starts), size)
    return [
        (int(words.starts[i]), int(words.ends[min(i + size, len(words.ends)) - 1])) for i in firsts
    ]


def _log_odds(probabilities: Probabilities) -> Probabilities:
    kept = np.clip(probabilities, LEAST, 1 - LEAST)
    return np.asarray(np.log(kept / (1 - kept)))
