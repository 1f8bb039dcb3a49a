"""Reasons: the few sentences that say why a line's likelihood is what it is."""

from collections.abc import Callable

import numpy as np

from features import evidence
from features.build import Questions, Rows
from features.index import Index
from features.judgements import Reason
from features.plans import Numbers
from models.risk.assess import Assessment
from models.risk.model import RiskModel

SHOWN = 4
WORTH_SAYING = 0.02  # log-odds: what moves the likelihood less is not a reason


def reasons(
    model: RiskModel, rows: Rows, *, assessment: Assessment, questions: Questions, index: Index
) -> list[tuple[Reason, ...]]:
    """Return for each line the features that raised its likelihood most, strongest first.

    Each is compared with what is usual (the training median) and points to the facts behind it.
    """
    names = rows.features.names

    def said(row: int, column: int) -> Reason:
        aggregate = rows.features.aggregate(names[column])
        value = _value(rows, row, column=column)
        facts = []
        if aggregate is not None:
            facts = evidence.behind(index, questions, aggregate=aggregate, row=row)
        return Reason(
            feature=names[column],
            value=value if isinstance(value, float) else None,
            contribution=float(assessment.contributions[row, column]),
            zh=sentence(model, names[column], value=value, language=0),
            en=sentence(model, names[column], value=value, language=1),
            evidence=() if aggregate is None else evidence.references(aggregate, facts),
        )

    return [
        _strongest(assessment.contributions[row], said, row=row) for row in range(len(rows.numbers))
    ]


def _strongest(
    contributions: Numbers, said: Callable[[int, int], Reason], *, row: int
) -> tuple[Reason, ...]:
    order = np.argsort(-contributions, kind="stable")[:SHOWN]
    return tuple(said(row, int(c)) for c in order if contributions[c] >= WORTH_SAYING)


def sentence(model: RiskModel, name: str, *, value: object, language: int) -> str:
    """Return one sentence in Chinese (0) or English (1): what it is, and what is usual."""
    meaning = model.features.meaning(name, language)
    usual = model.typical.get(name)
    share = "_rate_" in name
    told = _words(value, language, share=share)
    if usual is None or not isinstance(value, float):
        return f"{meaning}：{told}" if language == 0 else f"{meaning}: {told}"
    if language == 0:
        return f"{meaning}为{told}，通常为{_words(usual, 0, share=share)}"
    return f"{meaning} is {told}, usually {_words(usual, 1, share=share)}"


def _value(rows: Rows, row: int, *, column: int) -> float | None:
    value = float(rows.numbers[row, column])
    return None if np.isnan(value) else value


def _words(value: object, language: int, *, share: bool) -> str:
    if value is None:
        return ("无记录", "not on record")[language]
    if not isinstance(value, float):
        return str(value)
    if share:
        return f"{value:.1%}"
    return f"{value:.3g}" if abs(value) < 999.5 else f"{value:,.0f}"
