"""What every text classifier offers: linear, encoder and cascade are used in the same way."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from features.errors import Invalid
from models.text.prepared import Prepared

Labels = NDArray[np.str_]
Probabilities = NDArray[np.float64]
Truth = NDArray[np.intp]  # each text's class as a number
Mask = NDArray[np.bool_]
FOLDS = 3  # that calibrate


class Share(NamedTuple):
    """How much the words from ``start`` to ``end`` of a normalised text moved the answer.

    ``weight`` is in log-odds of the chosen class against the others; below zero it spoke against.
    """

    start: int
    end: int
    weight: float


Reading = tuple[Probabilities, list[list[Share]]]


class Classifier(Protocol):
    """Classes of texts with calibrated probabilities and the words that spoke for them."""

    classes_: Labels

    def fit(self, X: Prepared, y: Sequence[str] | Labels, *, own: Mask | None = None) -> Self:
        """Learn from texts and their classes; forgets an earlier fit.

        own: which texts calibrate the answers, all where none are named: the others are hints, such
        as weak labels, whose classes come as often as somebody wrote them.
        """

    def predict_proba(self, X: Prepared) -> Probabilities:
        """Return calibrated probabilities, shape (texts, classes); no texts give no rows."""

    def read(self, X: Prepared, *, limit: int) -> Reading:
        """Return probabilities, and for each text the words that moved its answer most."""

    def save(self, directory: Path) -> None:
        """Write what was learned into a folder, without code."""

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits of what was learned; equal content, equal version."""


class MostProbable(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """What a classifier predicts: the most probable class."""

    def predict(self: Classifier, X: Prepared) -> Labels:
        """Return the most probable class of each text."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


def folds(y: Sequence[str] | Labels | Truth, most: int) -> int:
    """Return how many folds the rarest class allows, ``most`` at most.

    ``Invalid`` when the classes cannot be told apart.
    """
    counts = Counter(map(str, y))
    if len(counts) < 2:
        raise Invalid(f"training has the classes {sorted(counts)}; give texts of at least two")
    rarest, rows = min(counts.items(), key=lambda pair: (pair[1], pair[0]))
    if rows < 2:
        raise Invalid(f"class {rarest!r} has one text only; give two or leave the class out")
    return min(most, rows)


def calibrating(own: Mask | None, rows: Truth) -> Truth:
    """Return the places among rows of those that calibrate: of the texts' own, or all."""
    named = np.zeros(0) if own is None else own[rows]
    return np.flatnonzero(named) if named.any() else np.arange(len(rows))


def stratified(truth: Truth, most: int, *, seed: int) -> Truth:
    """Return the rows of a sample of at most about ``most`` texts: all where there are no more.

    Each class keeps its share, and ``FOLDS`` texts at least where it has them.
    """
    if len(truth) <= most:
        return np.arange(len(truth))
    order = np.random.default_rng(seed).permutation(len(truth))
    ranked = order[np.argsort(truth[order], kind="stable")]
    every = ranked[:: int(np.ceil(len(truth) / most))]
    few = [ranked[truth[ranked] == k][:FOLDS] for k in np.unique(truth)]
    return np.unique(np.concatenate([every, *few]))
