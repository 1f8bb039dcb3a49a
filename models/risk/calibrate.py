"""Calibration: from the booster's score to a probability that holds on later rows."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from features.plans import Numbers


@dataclass(frozen=True)
class Calibration:
    """Logistic calibration of raw scores (Platt 1999): probability = 1 / (1 + exp(-(a + b s)))."""

    intercept: float
    slope: float

    @classmethod
    def fit(cls, scores: Numbers, failed: Numbers, *, weight: Numbers) -> Self:
        """Learn from later rows that the booster did not train on.

        With fewer than ten failures or passes only the level is moved, not the slope.
        """
        if min(failed.sum(), (1 - failed).sum()) < 10:
            return cls(_shift(scores, failed, weight=weight), 1.0)
        model = LogisticRegression(C=1e6).fit(scores[:, None], failed, sample_weight=weight)
        slope = float(model.coef_[0, 0])
        # A slope below zero would turn the ranking round: the scores say nothing then.
        return cls(float(model.intercept_[0]), slope) if slope > 0 else cls(0.0, 1.0)

    def probability(self, scores: Numbers) -> Numbers:
        """Return the calibrated probability of each raw score."""
        answer: Numbers = 1 / (1 + np.exp(-(self.intercept + self.slope * scores)))
        return answer


def _shift(scores: Numbers, failed: Numbers, *, weight: Numbers) -> float:
    """Return the intercept that makes the smoothed mean probability right."""
    rate = (np.dot(weight, failed) + 1) / (weight.sum() + 2)
    mean = float(np.mean(1 / (1 + np.exp(-scores))))
    return float(np.log(rate / (1 - rate)) - np.log(mean / (1 - mean))) if len(scores) else 0.0
