"""Judge: questions in, beliefs out, for one line or for many."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from features import build
from features.index import Index
from features.records import Declaration
from models.inspection.decide import Belief, Interval
from models.inspection.policy import Policy
from models.risk.assess import Assessment, assess
from models.risk.matrix import Matrix
from models.risk.model import RiskModel
from models.risk.reasons import reasons


def judge(
    declarations: Sequence[Declaration],
    *,
    model: RiskModel,
    matrix: Matrix,
    index: Index,
    as_of: datetime,
) -> list[Belief]:
    """Return what the model believes of each line as of a moment, with reasons."""
    questions = build.asking(declarations, model.features, as_of=as_of)
    rows = build.answer(questions, model.features, facts=index)
    assessment = assess(model, rows, matrix=matrix)
    why = reasons(model, rows, assessment=assessment, questions=questions, index=index)
    return [
        Belief(
            likelihood=float(assessment.likelihood[row]),
            interval=_interval(assessment, row),
            severity=int(assessment.severity[row]),
            level=assessment.level[row],
            reasons=why[row],
        )
        for row in range(len(declarations))
    ]


def base(policy: Policy, matrix: Matrix) -> Belief:
    """Return the policy's base belief, marked degraded: the answer when no model can be loaded."""
    likelihood, severity = policy.base.likelihood, policy.base.severity
    level = matrix.level(np.array([likelihood]), np.array([severity]))[0]
    return Belief(likelihood, severity, level, degraded=True)


def _interval(assessment: Assessment, row: int) -> Interval | None:
    """Return the interval of a line's likelihood, ``None`` where the model does not tell it."""
    low, high = float(assessment.low[row]), float(assessment.high[row])
    return None if np.isnan(low) else Interval(low, high, int(assessment.known[row]))
