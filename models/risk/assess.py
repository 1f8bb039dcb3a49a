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

    contributions: (q, features) in log-odds after calibration, exact SHAP values of the booster.
    """

    likelihood: Numbers
    severity: npt.NDArray[np.int64]
    level: list[RiskLevel]
    contributions: Numbers


def assess(model: RiskModel, rows: Rows, *, matrix: Matrix) -> Assessment:
    """Return the assessment of each feature row; row by row equals all at once."""
    encoded = model.encoder.matrix(rows)
    if not len(encoded):
        return Assessment(np.empty(0), np.empty(0, np.int64), [], encoded)
    parts = np.asarray(model.booster.predict(encoded, pred_contrib=True, num_threads=1))
    likelihood = model.calibration.probability(model.scores(encoded))
    severities = severity(rows)
    return Assessment(
        likelihood=likelihood,
        severity=severities,
        level=matrix.level(likelihood, severities),
        contributions=parts[:, :-1] * model.calibration.slope,
    )
