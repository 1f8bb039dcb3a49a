"""Evidence: the words of the original that speak for an answer, as spans a page can highlight."""

from collections.abc import Iterable
from typing import Any

from models.text import normalize
from models.text.classifier import Share
from models.text.rules.answer import Place


def of_shares(shares: Iterable[Share], answer: str) -> tuple[Place, ...]:
    """Return the places of what spoke for a trained classifier's answer.

    >>> of_shares([Share(1, 3, 0.4), Share(3, 5, -0.1)], "category:safety")
    ((1, 3, 'category:safety'),)
    """
    return tuple((share.start, share.end, answer) for share in shares if share.weight > 0)


def spans(original: str, normal: str, *, places: Iterable[Place]) -> list[dict[str, Any]]:
    """Return the fields of the spans of places in a normalised text, in order, each once.

    Offsets count characters of ``original``.
    """
    different = sorted(set(places))
    if not different:
        return []
    starts, ends = normalize.places(original, normal)
    return [
        {
            "start": starts[first],
            "end": ends[last - 1],
            "words": original[starts[first] : ends[last - 1]],
            "answer": answer,
        }
        for first, last, answer in different
    ]
