"""Evidence: the words of the original that speak for an answer, as spans a page can highlight."""

from collections.abc import Iterable, Sequence
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


def spans(
    originals: Sequence[str], normals: Sequence[str], *, places: Iterable[Iterable[Place]]
) -> list[list[dict[str, Any]]]:
    """Return for each text the fields of the spans of places in it, in order, each once.

    Places count characters of the normalised text, offsets those of the original.
    """
    stood = normalize.places_all(originals, normals)
    return [
        [
            {
                "start": starts[first],
                "end": ends[last - 1],
                "words": original[starts[first] : ends[last - 1]],
                "answer": answer,
            }
            for first, last, answer in sorted(set(own))
        ]
        for original, (starts, ends), own in zip(originals, stood, places, strict=True)
    ]
