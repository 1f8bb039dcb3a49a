"""Relevance: whether a text concerns the quality or safety of goods, by what its words are of."""

import math

from models.text.mentions import Said
from models.text.rules.answer import Answer
from models.text.taxonomy import Taxonomy

MOST = 4  # words of a kind that count


def answer(taxonomy: Taxonomy, said: Said) -> Answer[bool]:
    """Return whether goods are concerned, by the log-odds of four counts of different words."""
    weights = taxonomy.relevance
    odds = weights.intercept + sum(
        getattr(weights, field) * min(len(own), MOST)
        for field, own in words(taxonomy, said).items()
    )
    return judged(1 / (1 + math.exp(-odds)))


def words(taxonomy: Taxonomy, said: Said) -> dict[str, set[str]]:
    """Return the different words, not denied, that speak of hazards, goods, trade, the public."""
    told: dict[str, set[str]] = {"hazards": set(), "goods": set(), "trade": set(), "public": set()}
    told["hazards"].update(m.word for m in said["hazard"] if m.standing != "denied")
    for mention in said["category"]:
        if mention.standing != "denied":
            told[_field(taxonomy, mention.code)].add(mention.word)
    return told


def _field(taxonomy: Taxonomy, category: str) -> str:
    """Return what the words of a category are of."""
    if category == "other":
        return "public"
    return "goods" if taxonomy.categories[category].relevant else "trade"


def judged(likely: float) -> Answer[bool]:
    """Return the answer that a probability of relevance gives."""
    return Answer(likely >= 0.5, round(max(likely, 1 - likely), 4))
