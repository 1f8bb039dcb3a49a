"""Several labels for one text: a classifier of yes and no for each label, any kind of it.

The labels whose probability reaches their threshold are answered, and always the one that comes
nearest to it. Thresholds are chosen for the best micro F1 on texts that the models did not see.
"""

import hashlib
import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import KFold
from sklearn.utils.validation import check_is_fitted

from features.errors import Invalid
from models.text import recipes
from models.text.answers import Labels
from models.text.classifier import Classifier, Probabilities
from models.text.prepared import Prepared

NO, YES = "no", "yes"
FOLDS = 3
FEWEST = 2  # texts with a label, and without it, below which only its frequency is known
TRIED = tuple(hundredths / 100 for hundredths in range(98, 1, -1))  # thresholds of all labels
OFFSETS = np.linspace(-1.5, 1.5, 13)  # of one label's threshold to that, in log-odds
PASSES = 2
LEAST = 1e-6
FILE = "labels.json"
MANY = 5_000
Truth = NDArray[np.bool_]
Thresholds = NDArray[np.float64]
Rows = NDArray[np.intp]


class MultiLabel(BaseEstimator):  # type: ignore[misc]
    """Labels of texts, each with its calibrated probability.

    classifier: the one to clone for each label. A label that fewer than two texts have, or lack,
    is answered by how frequent it is.
    """

    def __init__(self, classifier: Classifier, *, seed: int = 0) -> None:
        self.classifier = classifier
        self.seed = seed

    def fit(self, X: Prepared, y: Sequence[Labels]) -> Self:
        """Learn from texts and the labels of each; forgets an earlier fit."""
        names = sorted({label for labels in y for label in labels})
        if len(names) < 2:
            raise Invalid(f"training has the labels {names}; give texts of at least two")
        truth = np.array([[name in labels for name in names] for labels in y], dtype=bool)
        self.labels_ = np.array(names)
        self.thresholds_ = self._thresholds(X, truth)
        self.fitted_ = self._fitted(X, truth)
        self.frequency_ = truth.mean(axis=0)
        return self

    def predict_proba(self, X: Prepared) -> Probabilities:
        """Return each label's probability, shape (texts, labels); they need not sum to one."""
        check_is_fitted(self, "fitted_")
        return _probabilities(X, self.fitted_, frequency=self.frequency_)

    def answer(self, X: Prepared) -> tuple[list[Labels], list[tuple[float, ...]]]:
        """Return the labels of each text, at least one, and how sure of each."""
        probabilities = self.predict_proba(X)
        places = [np.flatnonzero(row) for row in chosen(probabilities, self.thresholds_)]
        names = [tuple(str(name) for name in self.labels_[own]) for own in places]
        pairs = zip(probabilities, places, strict=True)
        return names, [tuple(float(p) for p in row[own]) for row, own in pairs]

    def save(self, directory: Path) -> None:
        """Write a folder for each label, and ``labels.json``, into a folder that exists."""
        check_is_fitted(self, "fitted_")
        for place, fitted in enumerate(self.fitted_):
            if fitted is not None:
                recipes.save(fitted, directory / str(place))
        (directory / FILE).write_text(json.dumps(self._learned(), ensure_ascii=False, indent=1))

    @classmethod
    def load(cls, directory: Path, model: recipes.Model, *, seed: int = 0) -> Self:
        """Return what ``save`` wrote."""
        learned = json.loads((directory / FILE).read_text())
        made = cls(recipes.classifier(model, seed=seed), seed=seed)
        made.labels_ = np.array(learned["labels"])
        made.thresholds_ = np.array(learned["thresholds"])
        made.frequency_ = np.array(learned["frequency"])
        folders = (directory / str(place) for place in range(len(made.labels_)))
        made.fitted_ = [recipes.load(f, model) if f.is_dir() else None for f in folders]
        return made

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits of what was learned; equal content, equal version."""
        check_is_fitted(self, "fitted_")
        versions = [None if fitted is None else fitted.version for fitted in self.fitted_]
        learned = json.dumps([self._learned(), versions], sort_keys=True)
        return hashlib.sha256(learned.encode()).hexdigest()[:16]

    def _learned(self) -> dict[str, object]:
        return {
            "labels": self.labels_.tolist(),
            "thresholds": self.thresholds_.tolist(),
            "frequency": self.frequency_.tolist(),
        }

    def _fitted(self, X: Prepared, truth: Truth) -> list[Classifier | None]:
        """Return a classifier for each label, or none where it has too few texts."""
        enough = np.minimum(truth.sum(axis=0), (~truth).sum(axis=0)) >= FEWEST
        return [
            clone(self.classifier).fit(X, np.where(own, YES, NO)) if ok else None
            for own, ok in zip(truth.T, enough, strict=True)
        ]

    def _thresholds(self, X: Prepared, truth: Truth) -> Thresholds:
        """Return the thresholds that are best for texts held out of the fit; 0.5 for few texts."""
        if len(truth) < FOLDS:
            return np.full(truth.shape[1], 0.5)
        split = KFold(FOLDS, shuffle=True, random_state=self.seed).split(truth)
        parts = [self._held_out(X, truth, parts=own) for own in islice(split, _asked(len(truth)))]
        told, were = (np.concatenate(own) for own in zip(*parts, strict=True))
        return best_thresholds(told, were)

    def _held_out(
        self, X: Prepared, truth: Truth, *, parts: tuple[Rows, Rows]
    ) -> tuple[Probabilities, Truth]:
        """Return probabilities and truth of the texts of a fold, by models of the others."""
        fit, held = parts
        own = self._fitted(X.take(fit), truth[fit])
        told = _probabilities(X.take(held), own, frequency=truth[fit].mean(axis=0))
        return told, truth[held]


def _asked(texts: int) -> int:
    """Return how many folds choose the thresholds: one is enough where it holds many texts."""
    return 1 if texts > MANY else FOLDS


def chosen(probabilities: Probabilities, thresholds: Thresholds) -> Truth:
    """Return which labels are answered: all from their thresholds up, and the nearest to it."""
    margins = _log_odds(probabilities) - _log_odds(thresholds)
    answered = margins >= 0
    answered[np.arange(len(margins)), margins.argmax(axis=1)] = True
    return answered


def best_thresholds(probabilities: Probabilities, truth: Truth) -> Thresholds:
    """Return a threshold for each label for the best micro F1.

    One is found for all; then each label's goes half the way to where it would do best, so that a
    label of few texts does not follow them too closely.
    """
    labels = truth.shape[1]
    alike = [np.full(labels, t) for t in TRIED]
    best = max(alike, key=lambda tried: _micro_f1(chosen(probabilities, tried), truth))
    for label in [*range(labels)] * PASSES:
        moved = _moved(probabilities, truth, start=best, label=label)
        best = np.where(np.arange(labels) == label, moved, best)
    return best


def _moved(probabilities: Probabilities, truth: Truth, *, start: Thresholds, label: int) -> float:
    """Return one label's threshold half the way to where it would do best; the least move wins."""
    own = _log_odds(start[label])
    places = [own + offset for offset in sorted(OFFSETS, key=abs)]
    only = np.arange(len(start)) == label

    def score(place: float) -> float:
        return _micro_f1(chosen(probabilities, np.where(only, expit(place), start)), truth)

    return float(expit((own + max(places, key=score)) / 2))


def _log_odds(probabilities: Thresholds) -> Thresholds:
    return np.asarray(logit(np.clip(probabilities, LEAST, 1 - LEAST)))


def _micro_f1(answered: Truth, truth: Truth) -> float:
    return 2 * float((answered & truth).sum()) / float(answered.sum() + truth.sum())


def _probabilities(
    X: Prepared, fitted: Sequence[Classifier | None], *, frequency: NDArray[np.float64]
) -> Probabilities:
    columns = [
        np.full(len(X), often) if own is None else own.predict_proba(X)[:, 1]
        for own, often in zip(fitted, frequency, strict=True)
    ]
    return np.stack(columns, axis=1)
