"""What the lexicon alone says of a report: category, hazards, severity, sentiment.

It needs no training, so there is an answer on the first day; and every answer points at words.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.text.mentions import Mention
from models.text.taxonomy import Taxonomy

HAZARD, CATEGORY, SEVERITY, SENTIMENT = "hazard:", "category:", "severity:", "sentiment:"
ASSERTED, POSSIBLE, SILENT = 0.9, 0.5, 0.7  # how sure a named, a possible and no hazard make us


@dataclass(frozen=True)
class Verdict:
    """An answer and how sure it is."""

    answer: str
    confidence: float


@dataclass(frozen=True)
class Harm:
    """Asserted hazards in the order of the text, how severe, and how sure of each."""

    hazards: tuple[str, ...]
    severity: int | None
    hazards_confidence: float
    severity_confidence: float


def category(taxonomy: Taxonomy, mentions: Sequence[Mention]) -> Verdict:
    """Return the category that most different words speak for; ``other`` where none does.

    A hazard speaks for its own category as well. A tie goes to the first in the file.

    Confidence is (votes + 1/2) / (all votes + 1).
    """
    voters = {(_voted(taxonomy, mention), mention.concept, mention.word) for mention in mentions}
    votes = Counter(code for code, _, _ in voters if code)
    chosen = max(taxonomy.categories, key=lambda code: (votes[code], code == "other" and not votes))
    return Verdict(chosen, round((votes[chosen] + 0.5) / (votes.total() + 1), 4))


def _voted(taxonomy: Taxonomy, mention: Mention) -> str:
    """Return the category that a mention speaks for; empty where for none."""
    if mention.standing == "denied":
        return ""
    if mention.concept.startswith(CATEGORY):
        return mention.concept.removeprefix(CATEGORY)
    if mention.concept.startswith(HAZARD):
        return taxonomy.hazards[mention.concept.removeprefix(HAZARD)].category
    return ""


def harm(taxonomy: Taxonomy, mentions: Sequence[Mention]) -> Harm:
    """Return the hazards a text asserts and how severe they are.

    Severity is the highest level whose words are asserted, else the hazards' own; one more where
    someone vulnerable is named. A hazard that is only possible is no hazard yet, and weighs one
    level less. Nothing named gives no severity.
    """
    asserted, possible = _hazards(mentions, "asserted"), _hazards(mentions, "possible")
    if not asserted and not possible:
        return Harm((), None, SILENT, SILENT)
    if asserted:
        level, sure = _named_level(taxonomy, mentions, hazards=asserted)
    else:
        level, sure = max(1, _own_level(taxonomy, possible) - 1), POSSIBLE
    raised = min(4, level + 1) if asserted and _concerns_vulnerable(mentions) else level
    return Harm(asserted, raised, ASSERTED if asserted else POSSIBLE, sure)


def _hazards(mentions: Iterable[Mention], standing: str) -> tuple[str, ...]:
    """Return the hazards of that standing, each once, in the order of the text."""
    codes = (m.concept for m in mentions if m.standing == standing)
    return tuple(dict.fromkeys(c.removeprefix(HAZARD) for c in codes if c.startswith(HAZARD)))


def _own_level(taxonomy: Taxonomy, hazards: Iterable[str]) -> int:
    return max(taxonomy.hazards[hazard].severity for hazard in hazards)


def _named_level(
    taxonomy: Taxonomy, mentions: Iterable[Mention], *, hazards: tuple[str, ...]
) -> tuple[int, float]:
    """Return the level that words name, surely; else the hazards' own level, less surely."""
    named = [
        int(m.concept.removeprefix(SEVERITY))
        for m in mentions
        if m.standing == "asserted" and m.concept.startswith(SEVERITY)
    ]
    return (max(named), ASSERTED) if named else (_own_level(taxonomy, hazards), SILENT)


def _concerns_vulnerable(mentions: Iterable[Mention]) -> bool:
    return any(m.concept == "vulnerable" and m.standing != "denied" for m in mentions)


def sentiment(mentions: Sequence[Mention]) -> tuple[float, float]:
    """Return sentiment from -1 (dislike) to 1 (approval), and how sure; no words give 0.

    (approval - dislike) / (both + 1), each word once; a denied word counts for neither.
    """
    said = {(m.concept, m.word) for m in mentions if m.standing != "denied"}
    liked = sum(concept == "sentiment:positive" for concept, _ in said)
    disliked = sum(concept == "sentiment:negative" for concept, _ in said)
    total = liked + disliked
    sure = (max(liked, disliked) + 0.5) / (total + 1)
    return round((liked - disliked) / (total + 1), 4), round(sure, 4)


def telling(mentions: Sequence[Mention], code: str) -> list[Mention]:
    """Return the mentions that speak for the answers: hazards, their severity, the category."""
    harmful = any(m.concept.startswith(HAZARD) and m.standing == "asserted" for m in mentions)
    kept = (HAZARD, SEVERITY, "vulnerable") if harmful else (HAZARD,)
    return [
        m
        for m in mentions
        if m.standing != "denied"
        and (m.concept.startswith(kept) or m.concept == f"{CATEGORY}{code}")
    ]
