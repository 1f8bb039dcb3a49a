"""Sentiment: approval against dislike from -1 to 1, weighed by degree, denial and exclamation."""

from collections.abc import Mapping

from models.text.mentions import Mention, Said
from models.text.rules.answer import Answer
from models.text.taxonomy import Taxonomy

SIGNS = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
FLIPPED = -0.8  # 不满意 is dislike, if weaker than a word of dislike
FLIPPED_DISLIKE = -0.3  # 没有失望 is hardly approval
HEDGED = 0.7  # what is only possible (担心质量差) weighs less
LONGEST = 3  # characters of a word of degree


def answer(taxonomy: Taxonomy, said: Said, *, text: str) -> Answer[float]:
    """Return sentiment, 0 where no word tells, and the words that told it.

    Each word counts once; (approval - dislike) / (both + 1).
    """
    told = {m.word: m for m in reversed(said["sentiment"])}
    sure = taxonomy.sureness.sentiment
    if not told:
        return Answer(0.0, sure.silent)
    words = taxonomy.sentiment
    loud = words.exclamation if "!" in text else 1.0
    parts = {m: _strength(m, text, degrees=words.degrees) * loud for m in told.values()}
    value = sum(parts.values()) / (sum(map(abs, parts.values())) + 1)
    confidence = sure.leads[min(int(abs(value) * 10), len(sure.leads) - 1)]
    places = tuple((m.start, m.end, f"sentiment:{_side(s)}") for m, s in parts.items() if s)
    return Answer(round(value, 4), confidence, tuple(sorted(places)))


def _strength(mention: Mention, text: str, *, degrees: Mapping[str, float]) -> float:
    sign = SIGNS[mention.code]
    strength = sign * _degree(text, mention.start, degrees=degrees)
    if mention.standing == "denied":
        return strength * (FLIPPED if sign > 0 else FLIPPED_DISLIKE)
    return strength * HEDGED if mention.standing == "possible" else strength


def _degree(text: str, start: int, *, degrees: Mapping[str, float]) -> float:
    """Return how much the word before weighs a word: the longest that fits."""
    before = text[max(0, start - LONGEST) : start]
    while before and before not in degrees:
        before = before[1:]
    return degrees.get(before, 1.0)


def _side(strength: float) -> str:
    return "positive" if strength > 0 else "negative"
