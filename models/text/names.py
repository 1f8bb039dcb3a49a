"""Names: what questions and their answers are called in Chinese and English."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from models.text.corrections import NONE, SEVERAL
from models.text.entries import Labelled
from models.text.taxonomy import Taxonomy


class Name(NamedTuple):
    """A thing in both languages."""

    zh: str
    en: str


QUESTIONS = {
    "relevance": Name("涉及质量安全", "relevance"),
    "category": Name("类别", "category"),
    "hazards": Name("危害", "hazards"),
    "severity": Name("伤害程度", "severity"),
    "sentiment": Name("情感", "sentiment"),
    "request": Name("诉求类别", "request"),
    "demands": Name("诉求", "demands"),
    "credibility": Name("可信度", "credibility"),
}
FIXED = {
    "relevance": {"relevant": Name("是", "relevant"), "irrelevant": Name("否", "irrelevant")},
    "sentiment": {
        "negative": Name("负面", "negative"),
        "neutral": Name("中性", "neutral"),
        "positive": Name("正面", "positive"),
    },
    "credibility": {"credible": Name("可信", "credible"), "doubtful": Name("存疑", "doubtful")},
}
HARMLESS, NOTHING = Name("无伤害", "no harm"), Name("无", "none")


def answers(taxonomy: Taxonomy) -> dict[str, dict[str, Name]]:
    """Return what the answers to each question are called, by their codes."""
    levels = {str(level): entry for level, entry in taxonomy.severities.items()}
    return {
        **FIXED,
        "category": _named(taxonomy.categories),
        "hazards": _named(taxonomy.hazards),
        "severity": {NONE: HARMLESS, **_named(levels)},
        "request": _named(taxonomy.requests),
        "demands": _named(taxonomy.demands),
    }


def _named(entries: Mapping[str, Labelled]) -> dict[str, Name]:
    return {code: Name(entry.zh, entry.en) for code, entry in entries.items()}


def answer(codes: str, question: str, *, known: Mapping[str, Mapping[str, Name]]) -> Name:
    """Return what an answer is called; an unknown code as it stands.

    >>> answer("fire,flood", "hazards", known={"hazards": {"fire": Name("起火", "fire")}})
    Name(zh='起火、flood', en='fire, flood')
    """
    if codes == NONE and question in SEVERAL:
        return NOTHING
    own = known.get(question, {})
    return listed(own.get(code, Name(code, code)) for code in codes.split(","))


def listed(names: Iterable[Name]) -> Name:
    """Return several things as a list in each language."""
    told = list(names)
    return Name("、".join(name.zh for name in told), ", ".join(name.en for name in told))
