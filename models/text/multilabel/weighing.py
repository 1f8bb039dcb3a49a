"""Weighing: what several views say of a label becomes one calibrated probability.

A logistic regression that all labels share reads of each view the score, how it stands among all
labels of the text, and how far it is from the best of the others: labels compete for a text, but
more than one may win (stacking: Wolpert 1992). Each label has an offset, as classes have in
``models.text.mixing``.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit, log_softmax
from sklearn.linear_model import LogisticRegression

from models.text.classifier import Probabilities
from models.text.multilabel import thresholds
from models.text.multilabel.targets import Truth

MOST_PAIRS = 500_000  # of a text and a label
LEAST = 1e-6
Views = Probabilities  # shape (views, texts, labels)


@dataclass(frozen=True, eq=False)
class Weighing:
    """What was learned: each view's scale, a weight for each of its features; offsets, thresholds.

    offsets: shape (labels,), in log-odds. thresholds: (labels,).
    """

    scales: NDArray[np.float64]
    weights: NDArray[np.float64]
    offsets: NDArray[np.float64]
    thresholds: thresholds.Thresholds

    @classmethod
    def fitted(cls, views: Views, truth: Truth, *, seed: int) -> Self:
        """Learn from views of texts that their models did not see, and the labels these have."""
        most = max(2, MOST_PAIRS // truth.shape[1])
        some = np.random.default_rng(seed).permutation(len(truth))[:most]
        scales = views.std(axis=(1, 2)) + LEAST
        read = _features(views[:, some], scales)
        table = np.moveaxis(read, 0, -1).reshape(-1, len(read))
        label = sparse.vstack([sparse.eye(truth.shape[1], format="csr")] * read.shape[1])
        both = sparse.hstack([sparse.csr_matrix(table), label], format="csr")
        regression = LogisticRegression(max_iter=1_000).fit(both, truth[some].ravel())
        weights, offsets = np.split(regression.coef_[0], [len(read)])
        offsets = offsets + regression.intercept_
        best = thresholds.best(_weighed(read, weights, offsets=offsets), truth[some])
        return cls(scales, weights, offsets, best)

    def probabilities(self, views: Views) -> Probabilities:
        """Return how likely each label is, shape (texts, labels); they need not sum to one."""
        read = _features(views, self.scales)
        return _weighed(read, self.weights, offsets=self.offsets)

    def kept(self) -> dict[str, Any]:
        """Return what is kept of the weighing."""
        return {k: np.asarray(own).tolist() for k, own in asdict(self).items()}

    @classmethod
    def load(cls, kept: dict[str, Any]) -> Self:
        """Return the weighing that ``kept`` told of."""
        return cls(**{name: np.array(own) for name, own in kept.items()})


def _features(views: Views, scales: NDArray[np.float64]) -> Probabilities:
    """Return three features for each view, shape (3 * views, texts, labels)."""
    scaled = views / scales[:, None, None]
    among = log_softmax(scaled, axis=-1)
    return np.asarray(np.concatenate([scaled, among, scaled - _best_other(scaled)]))


def _weighed(
    read: Probabilities, weights: NDArray[np.float64], *, offsets: NDArray[np.float64]
) -> Probabilities:
    # Added up feature by feature, so that a batch and single texts agree to the last bit.
    logits = sum((w * own for w, own in zip(weights, read, strict=True)), offsets)
    return np.asarray(expit(logits))


def _best_other(scores: Views) -> Views:
    """Return for each label the highest score of the others."""
    ordered = np.sort(scores, axis=-1)
    first, second = ordered[..., -1:], ordered[..., -2:-1]
    return np.asarray(np.where(scores == first, second, first))
