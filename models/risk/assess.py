"""Assess: likelihood, severity and level of each line, and what moved the likelihood."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.build import Rows
from features.judgements import RiskLevel
from features.plans import Numbers
from models.risk.matrix import Matrix
from models.risk.model import RiskModel
from models.risk.severity import severity


@dataclass(frozen=True)
class Assessment:
    """What is believed of q lines.

    contributions: (q, features) exact SHAP values of the boosters' mean score, stretched by the
    calibration so that they lead from its log-odds of the usual line to those of this one.
    """

    likelihood: Numbers
    severity: npt.NDArray[np.int64]
    level: list[RiskLevel]
    contributions: Numbers


def assess(model: RiskModel, rows: Rows, *, matrix: Matrix) -> Assessment:
    """Return the assessment of each feature row; row by row equals all at once."""
    if not len(rows.numbers):
        return Assessment(np.empty(0), np.empty(0, np.int64), [], rows.numbers)
    parts = model.paths.contributions(rows.numbers)
    scores = model.scores(rows.numbers)
    likelihood = model.calibration.probability(scores)
    stretch = model.calibration.stretch(parts[:, -1], scores)
    severities = severity(rows)
    return Assessment(
        likelihood=likelihood,
        severity=severities,
        level=matrix.level(likelihood, severities),
        contributions=parts[:, :-1] * stretch[:, None],
    )
