"""The encoder as a classifier: what it read and what the n-grams say, weighed against each other.

The encoder stays as it was trained (frozen), so that one pass serves any number of tasks. It knows
meaning, the linear model knows names and turns of phrase; two weights for what they say are learned
on held-out texts (stacking: Wolpert 1992), which calibrates them as well.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from models.text import occlusion
from models.text.classifier import Labels, Probabilities, Reading, Truth, stratified
from models.text.encoder import head
from models.text.encoder.head import Head
from models.text.encoder.session import Encoder
from models.text.linear import LinearClassifier
from models.text.prepared import Prepared
from models.text.temperature import sharpness

MOST_EMBEDDED = 20_000  # texts that the head learns from; more cost minutes and bring little
LEAST = 1e-9
FILE = "head.npz"


class EncoderClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classes of texts by a frozen encoder with a light head, stacked with the linear model.

    After a fit ``held_out_`` has the probabilities of the texts ``rows_`` by models that did not
    see them.
    """

    def __init__(self, encoder: Encoder, *, seed: int = 0) -> None:
        self.encoder = encoder
        self.seed = seed

    def fit(self, X: Prepared, y: Sequence[str] | Labels) -> Self:
        """Learn from texts and their classes; forgets an earlier fit."""
        self.classes_, truth = np.unique(np.asarray(y, dtype=str), return_inverse=True)
        self.linear_ = LinearClassifier(seed=self.seed).fit(X, y)
        self.rows_ = stratified(truth, MOST_EMBEDDED, seed=self.seed)
        some = X if len(self.rows_) == len(X) else X.take(self.rows_)
        targets = np.eye(len(self.classes_))[truth[self.rows_]]
        features = self.encoder.embed(some.texts)
        self.head_, own = head.fitted(features, targets, seed=self.seed)
        other = _logarithms(self.linear_.held_out_[self.rows_])
        self.mix_ = _mixed(other, own, truth=truth[self.rows_])
        self.held_out_ = self._stacked(other, own)
        return self

    def predict_proba(self, X: Prepared) -> Probabilities:
        """Return probabilities, shape (texts, classes); no texts give no rows."""
        check_is_fitted(self, "head_")
        other = _logarithms(self.linear_.predict_proba(X))
        return self._stacked(other, self.head_.scores(self.encoder.embed(X.texts)))

    def predict(self, X: Prepared) -> Labels:
        """Return the most probable class of each text."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def read(self, X: Prepared, *, limit: int) -> Reading:
        """Return probabilities, and for each text the words that moved its answer most."""
        return occlusion.read(self, X, limit=limit)

    def save(self, directory: Path) -> None:
        """Write the linear model, the head and the encoder into a folder that exists."""
        check_is_fitted(self, "head_")
        self.linear_.save(directory)
        self.encoder.save(directory)
        np.savez(directory / FILE, allow_pickle=False, mix=self.mix_, **self.head_.arrays())

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Return the classifier that ``save`` wrote; nothing in its files is executed."""
        model = cls(Encoder.load(directory))
        model.linear_ = LinearClassifier.load(directory)
        model.classes_ = model.linear_.classes_
        with np.load(directory / FILE, allow_pickle=False) as kept:
            model.head_, model.mix_ = Head.load(dict(kept)), kept["mix"]
        return model

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits of what was learned; equal content, equal version."""
        check_is_fitted(self, "head_")
        learned = hashlib.sha256(f"{self.linear_.version}/{self.encoder.version}".encode())
        for part in (self.mix_, *self.head_.arrays().values()):
            learned.update(np.ascontiguousarray(part).tobytes())
        return learned.hexdigest()[:16]

    def _stacked(self, other: Probabilities, own: Probabilities) -> Probabilities:
        return np.asarray(softmax(self.mix_[0] * other + self.mix_[1] * own, axis=1))


def _logarithms(probabilities: Probabilities) -> Probabilities:
    return np.asarray(np.log(np.maximum(probabilities, LEAST)))


def _mixed(other: Probabilities, own: Probabilities, *, truth: Truth) -> NDArray[np.float64]:
    """Return the two weights with the least log loss on held-out texts; none is below zero."""
    at = np.arange(len(truth))
    sharp = sharpness(own, truth)

    def loss(mix: NDArray[np.float64]) -> float:
        first, second = np.abs(mix)
        return -float(log_softmax(first * other + second * sharp * own, axis=1)[at, truth].mean())

    found = np.abs(minimize(loss, x0=[0.5, 0.5], method="Nelder-Mead").x)
    return np.asarray(found * [1, sharp])
