"""Harm: the hazards that a text asserts, and how severe they are, with the words that say so."""

from collections.abc import Iterable
from typing import Literal

from models.text.mentions import Mention, Said
from models.text.rules.answer import Answer, Place
from models.text.taxonomy import Taxonomy

Basis = Literal["asserted", "possible", "silent"]


def hazards(taxonomy: Taxonomy, said: Said) -> Answer[tuple[str, ...]]:
    """Return the asserted hazards, each once, in the order of the text.

    A hazard that is only possible is no answer yet, but its words are shown as ``possible:fire``.
    """
    named = _not_denied(said["hazard"])
    codes = _codes(named, "asserted")
    basis: Basis = "asserted" if codes else "possible" if named else "silent"
    return Answer(codes, taxonomy.sureness.hazards[basis], tuple(map(_shown, named)))


def severity(taxonomy: Taxonomy, said: Said) -> Answer[int | None]:
    """Return the level of harm from 1 to 4, None where no hazard is named.

    It is the highest level whose words are asserted, else the hazards' own; one more where
    someone vulnerable is named. A hazard that is only possible weighs one level less.
    """
    named = _not_denied(said["hazard"])
    asserted = _codes(named, "asserted")
    sure = taxonomy.sureness.severity
    if not named:
        return Answer(None, sure["silent"])
    if not asserted:
        level = _own_level(taxonomy, _codes(named, "possible"))
        return Answer(max(1, level - 1), sure["possible"])
    graded = [m for m in said["severity"] if m.standing == "asserted"]
    weak = _not_denied(said["vulnerable"])
    level = max((int(m.code) for m in graded), default=_own_level(taxonomy, asserted))
    places = tuple((m.start, m.end, _label(m)) for m in [*graded, *weak])
    confidence = sure["named" if graded else "own"]
    return Answer(min(4, level + 1) if weak else level, confidence, places)


def _not_denied(mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.standing != "denied"]


def _codes(mentions: Iterable[Mention], standing: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.code for m in mentions if m.standing == standing))


def _own_level(taxonomy: Taxonomy, codes: Iterable[str]) -> int:
    return max(taxonomy.hazards[code].severity for code in codes)


def _shown(mention: Mention) -> Place:
    label = "possible" if mention.standing == "possible" else "hazard"
    return mention.start, mention.end, f"{label}:{mention.code}"


def _label(mention: Mention) -> str:
    return mention.concept if mention.kind == "severity" else mention.kind
