"""Faithfulness: whether the words shown as evidence are those that the answer hangs on.

Deleting the evidence must change the answer (comprehensiveness), and the evidence alone should
nearly keep it (sufficiency), each against as many other words of the same text and of like length,
chosen by chance. Source: DeYoung et al., ERASER, ACL 2020.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.text.classifier import Classifier, Probabilities, Share
from models.text.prepared import Prepared
from models.text.segment import pieces

SHARE = 0.2  # of a text's characters are taken as its evidence, at least one word
MOST = 40  # words of a text that are asked for
Drops = NDArray[np.float64]


class Span(NamedTuple):
    """A word of a text: where it begins and ends."""

    start: int
    end: int


@dataclass(frozen=True)
class Faithfulness:
    """How far the probability of the answer falls, on average over texts.

    texts: how many could be measured. moved_more: share of texts in which deleting the evidence
    moves the answer more than deleting other words; a tie counts half. The last two are the falls
    when only the evidence, or only the other words, are kept. NaN without texts.
    """

    texts: int
    evidence_drop: float
    random_drop: float
    moved_more: float
    evidence_alone_drop: float
    random_alone_drop: float


def faithfulness(classifier: Classifier, texts: Sequence[str], *, seed: int) -> Faithfulness:
    """Return how faithful a classifier's evidence is on normalised texts.

    A text is left out where no word spoke for the answer, or too few others are there to compare.
    """
    X = Prepared.of(texts)
    _, read = classifier.read(X, limit=MOST)
    rng = np.random.default_rng(seed)
    chosen = [_chosen(text, shares, rng=rng) for text, shares in zip(texts, read, strict=True)]
    rows = np.array([i for i, (evidence, _) in enumerate(chosen) if evidence], dtype=np.intp)
    before = classifier.predict_proba(X.take(rows))
    falls = [
        _drop(classifier, [change(texts[i], chosen[i][kind]) for i in rows], before=before)
        for change in (without, alone)
        for kind in (0, 1)
    ]
    moved = np.sign(falls[0] - falls[1]) / 2 + 0.5
    means = [float(fall.mean()) if len(rows) else np.nan for fall in (*falls, moved)]
    return Faithfulness(len(rows), means[0], means[1], means[4], means[2], means[3])


def without(text: str, spans: Sequence[Span]) -> str:
    """Return a text with words deleted.

    >>> without("插座冒烟了", [Span(2, 4)])
    '插座了'
    """
    gone = {i for start, end in spans for i in range(start, end)}
    return "".join(character for i, character in enumerate(text) if i not in gone)


def alone(text: str, spans: Sequence[Span]) -> str:
    """Return only some words of a text, in their order.

    >>> alone("插座冒烟了", [Span(4, 5), Span(0, 2)])
    '插座了'
    """
    return "".join(text[start:end] for start, end in sorted(spans))


def _chosen(
    text: str, shares: Sequence[Share], *, rng: np.random.Generator
) -> tuple[list[Span], list[Span]]:
    """Return the evidence and as many other words; none of both where there are too few."""
    helpful = sorted((s for s in shares if s.weight > 0), key=lambda s: -s.weight)
    evidence: list[Span] = []
    while helpful and sum(end - start for start, end in evidence) < SHARE * len(text):
        share = helpful.pop(0)
        evidence.append(Span(share.start, share.end))
    others = _like(evidence, _words(text), rng=rng)
    return (evidence, others) if len(others) == len(evidence) else ([], [])


def _words(text: str) -> list[Span]:
    cut = pieces(text)
    ends = accumulate(map(len, cut))
    return [Span(end - len(w), end) for w, end in zip(cut, ends, strict=True) if not w.isspace()]


def _like(evidence: list[Span], words: list[Span], *, rng: np.random.Generator) -> list[Span]:
    """Return for each piece of evidence other words of the nearest length, by chance.

    Fewer are returned where the text has no more.
    """
    taken: list[Span] = []
    for start, end in evidence:
        run = max(1, sum(start <= word.start < end for word in words))
        runs = [Span(a.start, b.end) for a, b in zip(words, words[run - 1 :], strict=False)]
        free = [span for span in runs if not any(_meet(span, o) for o in (*evidence, *taken))]
        far = [abs((span.end - span.start) - (end - start)) for span in free]
        nearest = [span for span, own in zip(free, far, strict=True) if own == min(far)]
        taken += [nearest[rng.integers(len(nearest))]] if nearest else []
    return taken


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _drop(classifier: Classifier, changed: Sequence[str], *, before: Probabilities) -> Drops:
    """Return how far each text's answer fell in probability."""
    after = classifier.predict_proba(Prepared.of(changed))
    answers = (np.arange(len(before)), before.argmax(axis=1))
    return np.asarray(before[answers] - after[answers])
