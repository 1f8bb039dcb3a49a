"""Corrections: what a person says should have been read in a report, question by question.

An answer is one of the classes that a classifier of the question may give, so it is a label as it
stands. Hazards and demands may be several: their codes are joined by commas; ``none`` for nothing.
"""

from collections.abc import Iterable, Mapping

from features.errors import Invalid
from features.judgements import Annotation
from models.text import opinions
from models.text.opinions import CREDIBLE, DOUBTFUL, IRRELEVANT, RELEVANT
from models.text.taxonomy import Taxonomy

NONE = opinions.HARMLESS  # of severity; of hazards and demands as well
SEVERAL = ("hazards", "demands")  # questions with any number of answers
SHOWN = 12  # codes that a message names


def questions(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """Return the codes that may answer each question."""
    several = {"hazards": tuple(taxonomy.hazards), "demands": tuple(taxonomy.demands)}
    return {**opinions.classes(taxonomy), **several}


def checked(told: Mapping[str, str], *, taxonomy: Taxonomy) -> dict[str, str]:
    """Return corrections in one spelling, several codes in the order of the taxonomy.

    ``Invalid`` names the first question or code that the taxonomy does not know.
    """
    known = questions(taxonomy)
    for question in told:
        if question not in known:
            raise Invalid(
                f"no question is called {question!r}; correct one of {', '.join(sorted(known))}"
            )
    return {q: _checked(q, answer, known=known[q]) for q, answer in told.items()}


def _checked(question: str, answer: str, *, known: tuple[str, ...]) -> str:
    codes = [code.strip() for code in answer.split(",")] if question in SEVERAL else [answer]
    if question in SEVERAL and codes == [NONE]:
        return NONE
    for code in codes:
        if code not in known:
            shown = ", ".join(known[:SHOWN]) + (", …" if len(known) > SHOWN else "")
            raise Invalid(f"{question} {code!r} is unknown; give one of {shown}")
    return joined(code for code in known if code in codes)


def joined(codes: Iterable[str]) -> str:
    """Return several codes as one answer; ``none`` where there is no code.

    >>> joined(["fire", "burn"]), joined([])
    ('fire,burn', 'none')
    """
    return ",".join(codes) or NONE


def answers(annotation: Annotation, *, taxonomy: Taxonomy) -> dict[str, str]:
    """Return what an annotation answered, in the words of corrections."""
    hazards, demands = set(annotation.hazards), set(annotation.demands)
    told = {
        "relevance": RELEVANT if annotation.relevant else IRRELEVANT,
        "category": annotation.category,
        "hazards": joined(code for code in taxonomy.hazards if code in hazards),
        "severity": str(annotation.severity or NONE),
        "sentiment": sign(annotation.sentiment),
        "request": annotation.request,
        "demands": joined(code for code in taxonomy.demands if code in demands),
    }
    if annotation.credibility is not None:
        told["credibility"] = CREDIBLE if annotation.credibility >= 0.5 else DOUBTFUL
    return told


def sign(sentiment: float) -> str:
    """Return the class of a sentiment from -1 to 1: a third of the scale for each.

    >>> sign(-0.4), sign(0.2), sign(1.0)
    ('negative', 'neutral', 'positive')
    """
    if abs(sentiment) <= 1 / 3:
        return "neutral"
    return "negative" if sentiment < 0 else "positive"


def report_of(annotation_id: str) -> str:
    """Return the report that an annotation's id names.

    >>> report_of("12315@7@lexicon-0a1b")
    '12315@7'
    """
    return annotation_id.rpartition("@")[0]
