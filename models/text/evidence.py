"""Evidence: the words of the original that speak for an answer, as spans a page can highlight."""

from collections.abc import Iterable

from features.judgements import Span
from models.text.mentions import Mention
from models.text.normalize import Normalized

Place = tuple[int, int, str]  # start and end in the normalised text, and the answer


def of_mentions(mentions: Iterable[Mention]) -> list[Place]:
    """Return the places of mentions; a possible hazard answers ``possible:fire``."""
    return [(mention.start, mention.end, _answer(mention)) for mention in mentions]


def _answer(mention: Mention) -> str:
    if mention.standing == "possible":
        return mention.concept.replace("hazard:", "possible:")
    return mention.concept


def of_terms(text: str, terms: Iterable[str], *, answer: str) -> list[Place]:
    """Return where the terms of a linear model first stand in a normalised text.

    A pair of words is looked for without its space; a term that the text does not hold as written
    gives no place.

    >>> of_terms("电水壶漏电", ["水壶 漏电", "起火"], answer="category:safety")
    [(1, 5, 'category:safety')]
    """
    written = [term.strip().replace(" ", "") for term in terms]
    found = [(text.find(term), len(term)) for term in written if term]
    return [(start, start + length, answer) for start, length in found if start >= 0]


def spans(original: str, places: Iterable[Place], *, normalized: Normalized) -> tuple[Span, ...]:
    """Return the spans of places, in order, each once; offsets count characters of ``original``."""
    return tuple(
        Span(start=start, end=end, words=original[start:end], answer=answer)
        for first, last, answer in sorted(set(places))
        for start, end in [normalized.original(first, last)]
    )
