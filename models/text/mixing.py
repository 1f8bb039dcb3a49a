"""Mixing: what one or several models say of classes becomes calibrated probabilities.

Each model has a weight and each class an offset, learned on texts that the models did not see
(stacking: Wolpert 1992; of a single model it is temperature scaling with corrected bias: Alexandari
et al. 2020). With the offsets each class is answered as often as it is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax

from models.text.classifier import Truth
from models.text.kept import Kept

Scores = NDArray[np.float64]  # shape (texts, classes)
EXTREME = np.log(100)
LEAST = 0.01  # of a model, so that it still ranks the classes where held-out texts say nothing
PRIOR = 1.0  # precision of the offsets, which are log-odds: rare classes stay near none


@dataclass(frozen=True, eq=False)
class Mix(Kept):
    """weights: shape (models,), all above zero. offsets: shape (classes,), of the logits."""

    weights: Scores
    offsets: Scores

    @classmethod
    def fitted(cls, views: Sequence[Scores], truth: Truth) -> Self:
        """Learn from the scores of each model, for texts that it was not fitted on."""
        sharp = np.array([_sharpness(view, truth) for view in views])
        scaled = np.stack(views) * sharp[:, None, None]
        models, classes = len(scaled), scaled.shape[2]
        own = np.eye(classes)[truth]

        def loss(parts: Scores) -> tuple[float, Scores]:
            weights, offsets = parts[:models], parts[models:]
            likely = log_softmax(np.tensordot(weights, scaled, axes=1) + offsets, axis=1)
            beyond = np.exp(likely) - own
            slopes = [np.tensordot(scaled, beyond, axes=2), beyond.sum(axis=0) + PRIOR * offsets]
            found = PRIOR / 2 * (offsets @ offsets) - likely[own > 0].sum()
            return found / len(own), np.concatenate(slopes) / len(own)

        start = np.concatenate([np.full(models, 1 / models), np.zeros(classes)])
        bounds = [(LEAST, None)] * models + [(None, None)] * classes
        parts = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
        return cls(parts[:models] * sharp, parts[models:])

    def probabilities(self, views: Sequence[Scores]) -> Scores:
        """Return probabilities, shape (texts, classes); no texts give no rows."""
        told = sum(weight * view for weight, view in zip(self.weights, views, strict=True))
        return np.asarray(softmax(told + self.offsets, axis=1))


def _sharpness(logits: Scores, truth: Truth) -> float:
    """Return what to multiply logits by for the least log loss, between 1/100 and 100."""

    def loss(logarithm: float) -> float:
        likely = log_softmax(logits * np.exp(logarithm), axis=1)
        return -float(likely[np.arange(len(truth)), truth].mean())

    found = minimize_scalar(loss, bounds=(-EXTREME, EXTREME), method="bounded")
    return float(np.exp(found.x))
