"""Planes between classes: multinomial logistic regression on the encoder's principal axes.

Beside the kernel (``head``), which learns what lies near, planes learn which way classes lie; they
do better where classes are few and unequal (ARCHITECTURE.md, decisions).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.text.classifier import FOLDS, Probabilities, Truth, folds
from models.text.encoder.session import Features
from models.text.kept import Kept
from models.text.linear import mirrored

STRENGTH = 5.0  # C of the regression; from 1 to 25 the mixture with the others reads alike


@dataclass(frozen=True, eq=False)
class Planes(Kept):
    """weights: shape (axes, classes). intercepts: (classes,)."""

    weights: Features
    intercepts: Features

    def scores(self, placed: Features) -> Probabilities:
        """Return the logarithms of the classes' probabilities, shape (texts, classes)."""
        # Row by row, so that a batch and single texts agree to the last bit.
        rows = [row @ self.weights + self.intercepts for row in placed]
        logits = np.array(rows, dtype=np.float64).reshape(-1, len(self.intercepts))
        return np.asarray(log_softmax(logits, axis=1))


def fitted(placed: Features, truth: Truth, *, seed: int) -> tuple[Planes, Probabilities]:
    """Return planes and the log-probabilities of each text by planes fitted without it.

    placed: texts on the axes, shape (texts, axes). truth: the column of each text's class; each has
    two texts at least.
    """
    held_out = np.zeros((len(truth), truth.max() + 1))
    split = StratifiedKFold(folds(truth, FOLDS), shuffle=True, random_state=seed)
    with threadpool_limits(limits=1):
        for fit, held in split.split(placed, truth):
            held_out[held] = _fitted(placed[fit], truth[fit]).scores(placed[held])
        return _fitted(placed, truth), held_out


def _fitted(placed: Features, truth: Truth) -> Planes:
    regression = LogisticRegression(C=STRENGTH, max_iter=1_000).fit(placed, truth)
    return Planes(*mirrored(regression.coef_.T, regression.intercept_))
