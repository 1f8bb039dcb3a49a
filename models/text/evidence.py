"""Evidence: the words of the original that speak for an answer, as spans a page can highlight."""

from collections.abc import Iterable

from features.judgements import Span
from models.text.classifier import Share
from models.text.normalize import aligned
from models.text.rules.answer import Place


def of_shares(shares: Iterable[Share], answer: str) -> tuple[Place, ...]:
    """Return the places of what spoke for a trained classifier's answer.

    >>> of_shares([Share(1, 3, 0.4), Share(3, 5, -0.1)], "category:safety")
    ((1, 3, 'category:safety'),)
    """
    return tuple((share.start, share.end, answer) for share in shares if share.weight > 0)


def spans(original: str, places: Iterable[Place]) -> tuple[Span, ...]:
    """Return the spans of places, in order, each once; offsets count characters of ``original``."""
    different = sorted(set(places))
    if not different:
        return ()
    place = aligned(original)
    return tuple(
        Span(start=start, end=end, words=original[start:end], answer=answer)
        for first, last, answer in different
        for start, end in [place.original(first, last)]
    )
