"""Temperature: how sharp logits must be for their probabilities to hold (Guo et al. 2017)."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

Scores = NDArray[np.float64]
EXTREME = np.log(100)


def sharpness(logits: Scores, truth: NDArray[np.intp]) -> float:
    """Return what to multiply logits by for the least log loss, between 1/100 and 100.

    logits: shape (texts, classes), of texts that the model was not fitted on. truth: the column of
    each text's class.
    """

    def loss(logarithm: float) -> float:
        likely = log_softmax(logits * np.exp(logarithm), axis=1)
        return -float(likely[np.arange(len(truth)), truth].mean())

    found = minimize_scalar(loss, bounds=(-EXTREME, EXTREME), method="bounded")
    return float(np.exp(found.x))
