"""A light head on a frozen encoder: multinomial logistic regression of standardised features."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.text.classifier import Probabilities, Truth
from models.text.encoder.session import Features

STRENGTHS = (0.003, 0.03)  # C of the regression, compared by cross-validation
Arrays = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Head:
    """What was learned: means and scales of features, weights (features, classes), intercepts."""

    means: Features
    scales: Features
    weights: Features
    intercepts: Features

    @classmethod
    def fit(cls, features: Features, truth: Truth, *, strength: float) -> Self:
        """Learn classes 0 to k - 1 from features; each class must be there."""
        means, scales = features.mean(axis=0), features.std(axis=0) + 1e-6
        with threadpool_limits(limits=1):
            regression = LogisticRegression(C=strength, max_iter=2_000, tol=1e-3)
            regression.fit((features - means) / scales, truth)
        weights, intercepts = regression.coef_.T, regression.intercept_
        if weights.shape[1] == 1:
            weights = np.hstack([-weights, weights]) / 2
            intercepts = np.array([-intercepts[0], intercepts[0]]) / 2
        return cls(means, scales, weights.astype(np.float32), intercepts.astype(np.float32))

    def log_probabilities(self, features: Features) -> Probabilities:
        """Return the logarithms of the classes' probabilities, shape (texts, classes)."""
        # Row by row, so that a batch and single texts agree to the last bit.
        rows = [(row - self.means) / self.scales @ self.weights for row in features]
        logits = np.array(rows).reshape(-1, len(self.intercepts)) + self.intercepts
        return np.asarray(log_softmax(logits.astype(np.float64), axis=1))

    def arrays(self) -> Arrays:
        """Return what is kept of the head."""
        return {
            "means": self.means,
            "scales": self.scales,
            "head": self.weights,
            "intercepts": self.intercepts,
        }


def chosen(
    features: Features, truth: Truth, *, split: StratifiedKFold
) -> tuple[Head, Probabilities]:
    """Return the head that does best on held-out folds, and its held-out log-probabilities."""
    held_out = {c: _held_out(features, truth, strength=c, split=split) for c in STRENGTHS}
    best = max(STRENGTHS, key=lambda c: _score(held_out[c], truth))
    return Head.fit(features, truth, strength=best), held_out[best]


def _held_out(
    features: Features, truth: Truth, *, strength: float, split: StratifiedKFold
) -> Probabilities:
    answers = np.zeros((len(truth), truth.max() + 1))
    for fit, held in split.split(features, truth):
        head = Head.fit(features[fit], truth[fit], strength=strength)
        answers[held] = head.log_probabilities(features[held])
    return answers


def _score(log_probabilities: Probabilities, truth: Truth) -> float:
    predicted = log_probabilities.argmax(axis=1)
    return float((predicted == truth).mean() + f1_score(truth, predicted, average="macro"))
