"""The encoder as a classifier: what it read and what the n-grams say, weighed against each other.

The encoder stays as it was trained (frozen), so that one pass serves any number of tasks. It knows
meaning, which the head reads by nearness and planes by direction; the linear model knows names and
turns of phrase. How much each counts is learned on held-out texts, which calibrates them as well.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from models.text import occlusion
from models.text.classifier import (
    Labels,
    Mask,
    MostProbable,
    Probabilities,
    Reading,
    calibrating,
    stratified,
)
from models.text.encoder import head, planes
from models.text.encoder.head import Head
from models.text.encoder.planes import Planes
from models.text.encoder.session import Encoder
from models.text.linear import LinearClassifier
from models.text.mixing import Mix
from models.text.prepared import Prepared

MOST_EMBEDDED = 20_000  # texts that the head learns from; more cost minutes and bring little
LEAST = 1e-9
FLOOR = 0.03  # of the head's scores, below which it knows no difference
HEAD, PLANES, MIX = "head.npz", "planes.npz", "mix.npz"


class EncoderClassifier(MostProbable):
    """Classes of texts by a frozen encoder with a light head, stacked with the linear model.

    After a fit ``held_out_`` has the probabilities of the texts ``rows_``, which calibrated the
    answers, by models that did not see them.
    """

    def __init__(self, encoder: Encoder, *, seed: int = 0) -> None:
        self.encoder = encoder
        self.seed = seed

    def fit(self, X: Prepared, y: Sequence[str] | Labels, *, own: Mask | None = None) -> Self:
        """Learn from texts and their classes; forgets an earlier fit."""
        self.classes_, truth = np.unique(np.asarray(y, dtype=str), return_inverse=True)
        self.linear_ = LinearClassifier(seed=self.seed).fit(X, y, own=own)
        rows = stratified(truth, MOST_EMBEDDED, seed=self.seed)
        some = X if len(rows) == len(X) else X.take(rows)
        targets = np.eye(len(self.classes_))[truth[rows]]
        features = self.encoder.embed(some.texts)
        self.head_, near = head.fitted(features, targets, seed=self.seed)
        placed = self.head_.placed(features)
        self.planes_, told = planes.fitted(placed, truth[rows], seed=self.seed)
        judged = calibrating(own, rows)
        self.rows_ = rows[judged]
        views = _views(self.linear_.held_out_[self.rows_], near=near[judged], told=told[judged])
        self.mix_ = Mix.fitted(views, truth[self.rows_])
        self.held_out_ = self.mix_.probabilities(views)
        return self

    def predict_proba(self, X: Prepared) -> Probabilities:
        """Return probabilities, shape (texts, classes); no texts give no rows."""
        check_is_fitted(self, "head_")
        placed = self.head_.placed(self.encoder.embed(X.texts))
        near, told = self.head_.near(placed), self.planes_.scores(placed)
        return self.mix_.probabilities(_views(self.linear_.predict_proba(X), near=near, told=told))

    def read(self, X: Prepared, *, limit: int) -> Reading:
        """Return probabilities, and for each text the words that moved its answer most."""
        return occlusion.read(self, X, limit=limit)

    def save(self, directory: Path) -> None:
        """Write the linear model, the head and the encoder into a folder that exists."""
        check_is_fitted(self, "head_")
        self.linear_.save(directory)
        self.encoder.save(directory)
        self.head_.save(directory / HEAD)
        self.planes_.save(directory / PLANES)
        self.mix_.save(directory / MIX)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Return the classifier that ``save`` wrote; nothing in its files is executed."""
        model = cls(Encoder.load(directory))
        model.linear_ = LinearClassifier.load(directory)
        model.classes_ = model.linear_.classes_
        model.head_ = Head.load(directory / HEAD)
        model.planes_ = Planes.load(directory / PLANES)
        model.mix_ = Mix.load(directory / MIX)
        return model

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits of what was learned; equal content, equal version."""
        check_is_fitted(self, "head_")
        parts = (self.head_.digest, self.planes_.digest, self.mix_.digest)
        learned = "/".join((self.linear_.version, self.encoder.version, *parts))
        return hashlib.sha256(learned.encode()).hexdigest()[:16]


def logarithms(probabilities: Probabilities) -> Probabilities:
    """Return logarithms that stay finite."""
    return np.asarray(np.log(np.maximum(probabilities, LEAST)))


def _views(
    quick: Probabilities, *, near: Probabilities, told: Probabilities
) -> list[Probabilities]:
    """Return what is mixed: all as logarithms, what is near as it is besides.

    The head's scores are nearly probabilities, but may be zero or less.
    """
    return [logarithms(quick), near, np.log(np.maximum(near, 0) + FLOOR), told]
