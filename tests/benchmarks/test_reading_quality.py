"""How often the rules are right where public labels exist, and whether they know it.

Both halves are shown: the lexicon was written with the first in view, the second is to be quoted.
``pytest -m benchmark -s tests/benchmarks/test_reading_quality.py`` prints the tables, and the
weights that a fit on the first half gives, from which the YAML files were filled.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.text.rules import relevance
from models.text.rules.answer import Answers
from models.text.rules.rules import Rules
from models.text.rules.votes import Poll
from models.text.taxonomy import load
from tests.benchmarks import labelled
from tests.benchmarks.labelled import Labelled
from tests.benchmarks.readings import show

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(not labelled.ROOT.is_dir(), reason=f"{labelled.ROOT} is not here"),
]
TAXONOMY = load()
RULES = Rules(TAXONOMY)
MOST_LEAD = 6
HALVES = ("looked at", "quoted")
Judged = tuple[str, float, str]  # the answer, how sure, and a group to count by


def relevant(answers: Answers) -> Judged:
    return "relevant" if answers.relevance.value else "irrelevant", answers.relevance.confidence, ""


def category(answers: Answers) -> Judged:
    return answers.category.value, answers.category.confidence, ""


def request(answers: Answers) -> Judged:
    return answers.request.value, answers.request.confidence, ""


def sentiment(answers: Answers) -> Judged:
    value = answers.sentiment.value
    sign = "positive" if value > 0 else "negative" if value < 0 else "neutral"
    return sign, answers.sentiment.confidence, "silent" if value == 0 else "said"


def hazards(answers: Answers) -> Judged:
    said = "hazard" if answers.hazards.value else "none"
    return said, answers.hazards.confidence, said


def credible(answers: Answers) -> Judged:
    value = answers.credibility.value
    return "credible" if value >= 0.5 else "doubtful", answers.credibility.confidence, ""


def information(answers: Answers) -> Judged:
    said = "information" if "information" in answers.demands.value else "none"
    return said, answers.demands.confidence, said


def figures(right: NDArray[np.bool_], sure: NDArray[np.float64]) -> dict[str, float]:
    """Accuracy, calibration, and how right the surer and the less sure answers are."""
    surer = sure >= 0.7
    return {
        "texts": len(right),
        "accuracy": right.mean(),
        "confidence": sure.mean(),
        "calibration gap": gap(right, sure),
        "share >= .7": surer.mean(),
        "right >= .7": right[surer].mean() if surer.any() else np.nan,
        "right < .7": right[~surer].mean() if not surer.all() else np.nan,
    }


def gap(right: NDArray[np.bool_], sure: NDArray[np.float64]) -> float:
    """How far, in the mean, confidence is from how often it is right, by tenths of confidence."""
    tenths = (sure * 10).astype(int)
    own = [tenths == tenth for tenth in np.unique(tenths)]
    return float(sum(abs(right[k].mean() - sure[k].mean()) * k.mean() for k in own))


def judged(texts: Sequence[Labelled], read: Callable[[Answers], Judged]) -> pd.DataFrame:
    """One row for each text: its half, its group, whether the answer is right, and how sure."""
    rows = []
    for one in texts:
        answer, sure, group = read(RULES.read(one.text, channel="media"))
        rows.append((HALVES[one.half], group or one.source, answer in one.right, sure))
    return pd.DataFrame(rows, columns=["half", "group", "right", "sure"])


def by_group(answers: pd.DataFrame) -> dict[str, dict[str, float]]:
    """The figures of each half, and of each group of it."""
    rows: dict[str, dict[str, float]] = {}
    for half in HALVES:
        own = answers[answers["half"] == half]
        rows[half] = figures(own["right"].to_numpy(bool), own["sure"].to_numpy(float))
        for group, some in own.groupby("group"):
            right, sure = some["right"].to_numpy(bool), some["sure"].to_numpy(float)
            rows[f"{half}: {group}"] = figures(right, sure)
    return rows


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (labelled.relevance, relevant),
        (labelled.categories, category),
        (labelled.requests, request),
        (labelled.reviews, sentiment),
        (labelled.rumours, credible),
        (labelled.dangers, hazards),
        (labelled.tickets, information),
    ],
    ids=lambda value: value.__name__,
)
def test_how_often_the_rules_are_right(
    texts: Callable[[], list[Labelled]], read: Callable[[Answers], Judged]
) -> None:
    show(read.__name__, by_group(judged(texts(), read)))


@pytest.mark.parametrize("question", ["categories", "requests"])
def test_how_right_a_vote_is_by_its_lead(question: str) -> None:
    poll: Poll = getattr(RULES, question)
    texts = [one for one in getattr(labelled, question)() if one.half == 0]
    won = [poll.won(RULES.said(one.text)) for one in texts]
    rows: dict[str, dict[str, float]] = {}
    for lead in (None, *range(MOST_LEAD + 1)):
        right = [
            code in one.right
            for one, (code, own) in zip(texts, won, strict=True)
            if own == lead or (own is not None and lead == MOST_LEAD <= own)
        ]
        rows[f"lead {lead}"] = {"texts": len(right), "right": float(np.mean(right))}
    show(f"{question}, on the half looked at", rows)


def test_how_right_sentiment_is_by_its_strength() -> None:
    texts = [one for one in labelled.reviews() if one.half == 0]
    read = [RULES.read(one.text, channel="media").sentiment.value for one in texts]
    tenths = np.array([int(abs(value) * 10) for value in read])
    right = [("positive" in one.right) == (v > 0) for one, v in zip(texts, read, strict=True)]
    rows = {
        f"from .{tenth}": {"texts": float(own.sum()), "right": float(np.array(right)[own].mean())}
        for tenth in range(10)
        if (own := (tenths == tenth) & (np.array(read) != 0)).any()
    }
    show("sentiment, on the half looked at", rows)


def test_demands_against_what_was_ticked() -> None:
    rows: dict[str, dict[str, float]] = {}
    for half, name in enumerate(HALVES):
        own = [one for one in labelled.demands() if one.half == half]
        said = [set(RULES.read(one.text, channel="portal").demands.value) for one in own]
        both = sum(len(own_ & one.right) for own_, one in zip(said, own, strict=True))
        rows[name] = {
            "texts": len(own),
            "precision": both / sum(map(len, said)),
            "recall": both / sum(len(one.right) for one in own),
            "any right": sum(bool(s & one.right) for s, one in zip(said, own, strict=True))
            / sum(map(bool, said)),
        }
    show("demands in the text against those ticked in the form", rows)


def test_what_a_fit_of_relevance_gives() -> None:
    texts = [one for one in labelled.relevance() if one.half == 0]
    fields = ("hazards", "goods", "trade", "public")
    rows = [relevance.words(TAXONOMY, RULES.said(one.text)) for one in texts]
    counts = np.array([[min(len(row[f]), relevance.MOST) for f in fields] for row in rows])
    fitted(counts, [one.right == {"relevant"} for one in texts], names=fields)


def test_what_a_fit_of_credibility_gives() -> None:
    texts = [one for one in labelled.rumours() if one.half == 0]
    codes = tuple(TAXONOMY.credibility.cues)
    told = [RULES.cues(one.text) for one in texts]
    fitted(
        np.array([[code in own for code in codes] for own in told]),
        [one.right == {"credible"} for one in texts],
        names=codes,
    )


def fitted(counts: NDArray[np.generic], right: Sequence[bool], *, names: Sequence[str]) -> None:
    model = LogisticRegression(class_weight="balanced").fit(counts, right)
    weights: Mapping[str, float] = dict(zip(names, model.coef_[0], strict=True))
    show(
        "log-odds fitted on the half looked at, classes balanced",
        {name: {"weight": weight} for name, weight in weights.items()}
        | {"intercept": {"weight": float(model.intercept_[0])}},
    )
