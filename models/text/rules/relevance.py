"""Relevance: whether a text concerns the quality or safety of goods, by what its words are of."""

import math
from collections.abc import Sequence

from models.text.mentions import Mention
from models.text.rules.answer import Answer
from models.text.taxonomy import Taxonomy

MOST = 4  # words of a kind that count


def answer(taxonomy: Taxonomy, mentions: Sequence[Mention]) -> Answer[bool]:
    """Return whether goods are concerned, by the log-odds of four counts of different words."""
    weights = taxonomy.relevance
    odds = weights.intercept + sum(
        getattr(weights, field) * min(len(said), MOST)
        for field, said in words(taxonomy, mentions).items()
    )
    return judged(1 / (1 + math.exp(-odds)))


def words(taxonomy: Taxonomy, mentions: Sequence[Mention]) -> dict[str, set[str]]:
    """Return the different words, not denied, that speak of hazards, goods, trade, the public."""
    said: dict[str, set[str]] = {"hazards": set(), "goods": set(), "trade": set(), "public": set()}
    for mention in mentions:
        field = _field(taxonomy, mention)
        if field and mention.standing != "denied":
            said[field].add(mention.word)
    return said


def _field(taxonomy: Taxonomy, mention: Mention) -> str:
    """Return what a mention is a word of; empty where it tells nothing of relevance."""
    if mention.kind == "hazard":
        return "hazards"
    if mention.kind != "category":
        return ""
    if mention.code == "other":
        return "public"
    return "goods" if taxonomy.categories[mention.code].relevant else "trade"


def judged(likely: float) -> Answer[bool]:
    """Return the answer that a probability of relevance gives."""
    return Answer(likely >= 0.5, round(max(likely, 1 - likely), 4))
