"""Assess: likelihood, severity and level of each line, and what moved the likelihood."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.build import Rows
from features.plans import Numbers
from features.reasons import RiskLevel
from models.risk import interval
from models.risk.matrix import Matrix
from models.risk.model import RiskModel
from models.risk.severity import severity


@dataclass(frozen=True)
class Assessment:
    """What is believed of q lines.

    low, high: the ends of the 90 % interval that holds the true chance; NaN where the model is too
    old to tell. known: how many inspections of such goods are known, by which it is wide.
    contributions: (q, features) exact SHAP values of the boosters' mean score, stretched by the
    calibration so that they lead from its log-odds of the usual line to those of this one.
    """

    likelihood: Numbers
    low: Numbers
    high: Numbers
    known: Numbers
    severity: npt.NDArray[np.int64]
    level: list[RiskLevel]
    contributions: Numbers


def assess(model: RiskModel, rows: Rows, *, matrix: Matrix) -> Assessment:
    """Return the assessment of each feature row; row by row equals all at once."""
    if not len(rows.numbers):
        none = np.empty(0)
        return Assessment(none, none, none, none, np.empty(0, np.int64), [], rows.numbers)
    parts = model.paths.contributions(rows.numbers)
    scores = model.scores(rows.numbers)
    likelihood = model.calibration.probability(scores)
    stretch = model.calibration.stretch(parts[:, -1], scores)
    known = interval.known(rows)
    low, high = model.doubt.ends(likelihood, known)
    severities = severity(rows)
    return Assessment(
        likelihood=likelihood,
        low=low,
        high=high,
        known=known,
        severity=severities,
        level=matrix.level(likelihood, severities),
        contributions=parts[:, :-1] * stretch[:, None],
    )
