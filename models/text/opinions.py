"""Opinions: what trained classifiers say of a text, and how that joins what the rules say.

Category, request and sentiment are the classifier's. Relevance is its own classifier's; without
one it follows the category's, unless hazards of goods are named and the rules are surer. Severity
multiplies both, as two witnesses. Credibility keeps the log-odds of the channel, which the text
does not tell.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from features.errors import NotReady
from models.text import evidence
from models.text.classifier import Classifier, Share
from models.text.prepared import Prepared
from models.text.rules.answer import Answer, Answers
from models.text.rules.relevance import judged
from models.text.rules.sentiment import SIGNS
from models.text.taxonomy import Taxonomy

TERMS = 3  # how many words of a classifier are shown as evidence
RELEVANT, IRRELEVANT = "relevant", "irrelevant"
CREDIBLE, DOUBTFUL = "credible", "doubtful"
HARMLESS = "none"  # severity's class for no harm
CERTAIN = 1e-6  # no probability is nearer to 0 or 1 than this


class Opinion(NamedTuple):
    """The probability of each class of a text, and the words that moved it."""

    probabilities: Mapping[str, float]
    shares: Sequence[Share]

    @property
    def chosen(self) -> str:
        """The most probable class."""
        return max(self.probabilities, key=self.probabilities.__getitem__)


def classes(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """Return the classes that a classifier of each question may answer."""
    return {
        "relevance": (IRRELEVANT, RELEVANT),
        "category": tuple(taxonomy.categories),
        "severity": (HARMLESS, *map(str, taxonomy.severities)),
        "sentiment": tuple(SIGNS),
        "credibility": (CREDIBLE, DOUBTFUL),
        "request": tuple(taxonomy.requests),
    }


def check(taxonomy: Taxonomy, classifiers: Mapping[str, Classifier]) -> None:
    """Raise ``NotReady`` for a question that none may answer, or a class that none may give."""
    known = classes(taxonomy)
    for task, classifier in classifiers.items():
        if task not in known:
            raise NotReady(f"no classifier may answer {task!r}; leave it out of {sorted(known)}")
        strays = set(map(str, classifier.classes_)) - set(known[task])
        if strays:
            raise NotReady(
                f"the {task} classifier answers {sorted(strays)}, which is none of "
                f"{sorted(known[task])}; train it again with this taxonomy"
            )


def of(classifiers: Mapping[str, Classifier], texts: Sequence[str]) -> list[dict[str, Opinion]]:
    """Return the opinions on each normalised text, by question."""
    prepared = Prepared.of(texts)
    found: list[dict[str, Opinion]] = [{} for _ in texts]
    for task, classifier in classifiers.items():
        names = [str(name) for name in classifier.classes_]
        probabilities, shares = classifier.read(prepared, limit=TERMS)
        # Six digits, so that a batch and its texts one by one agree to the last bit.
        rounded = probabilities.round(6).tolist()
        for own, row, words in zip(found, rounded, shares, strict=True):
            own[task] = Opinion(dict(zip(names, row, strict=True)), words)
    return found


def joined(
    answers: Answers, opinions: Mapping[str, Opinion], *, taxonomy: Taxonomy, channel: str
) -> Answers:
    """Return the rules' answers with the classifiers' opinions taken in."""
    if "category" in opinions and "relevance" not in opinions:
        answers = answers._replace(
            relevance=_by_category(answers, opinions["category"], taxonomy=taxonomy)
        )
    prior = taxonomy.credibility.channels.get(channel, 0.0)
    join: dict[str, Callable[[Opinion], Answer[Any]]] = {
        "relevance": _relevance,
        "category": lambda opinion: _chosen("category", opinion),
        "severity": lambda opinion: _severity(opinion, answers.severity),
        "sentiment": _sentiment,
        "credibility": lambda opinion: _credibility(opinion, prior),
        "request": lambda opinion: _chosen("request", opinion),
    }
    return answers._replace(**{task: join[task](own) for task, own in opinions.items()})


def _chosen(task: str, opinion: Opinion) -> Answer[Any]:
    code = opinion.chosen
    places = evidence.of_shares(opinion.shares, f"{task}:{code}")
    return Answer(code, opinion.probabilities[code], places)


def _relevance(opinion: Opinion) -> Answer[Any]:
    answer = judged(opinion.probabilities.get(RELEVANT, 0.0))
    told = f"relevance:{RELEVANT if answer.value else IRRELEVANT}"
    return Answer(answer.value, answer.confidence, evidence.of_shares(opinion.shares, told))


def _by_category(answers: Answers, opinion: Opinion, *, taxonomy: Taxonomy) -> Answer[bool]:
    shares = opinion.probabilities.items()
    likely = sum(share for code, share in shares if taxonomy.categories[code].relevant)
    own = judged(min(1.0, likely))
    ruled = answers.relevance
    harmful = bool(answers.hazards.value) and ruled.value
    return ruled if harmful and not own.value else own


def _sentiment(opinion: Opinion) -> Answer[Any]:
    value = sum(SIGNS[sign] * share for sign, share in opinion.probabilities.items())
    places = evidence.of_shares(opinion.shares, f"sentiment:{opinion.chosen}")
    return Answer(round(value, 6), opinion.probabilities[opinion.chosen], places)


def _credibility(opinion: Opinion, prior: float) -> Answer[Any]:
    text = min(max(opinion.probabilities.get(CREDIBLE, 0.0), CERTAIN), 1 - CERTAIN)
    likely = round(1 / (1 + math.exp(-prior) * (1 - text) / text), 6)
    places = evidence.of_shares(opinion.shares, f"credibility:{opinion.chosen}")
    return Answer(likely, max(likely, round(1 - likely, 6)), places)


def _severity(opinion: Opinion, ruled: Answer[int | None]) -> Answer[Any]:
    said = HARMLESS if ruled.value is None else str(ruled.value)
    others = (1 - ruled.confidence) / 4
    weighed = {
        level: share * (ruled.confidence if level == said else others)
        for level, share in opinion.probabilities.items()
    }
    level, total = max(weighed, key=weighed.__getitem__), sum(weighed.values())
    sure = round(weighed[level] / total, 6) if total else opinion.probabilities[level]
    places = (*ruled.places, *evidence.of_shares(opinion.shares, f"severity:{level}"))
    return Answer(None if level == HARMLESS else int(level), sure, places)
