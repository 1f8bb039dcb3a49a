"""Several labels for one text, by the linear machines, the encoder, or a cascade of both.

The labels whose probability reaches their threshold are answered, and always the one that comes
nearest to it. Thresholds are chosen for the best micro F1 on texts that the models did not see.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from features.errors import Invalid, NotReady
from models.text.answers import Labels
from models.text.classifier import Mask, Probabilities, calibrating
from models.text.encoder import head
from models.text.encoder.cascade import threshold
from models.text.encoder.head import Head
from models.text.encoder.session import Encoder, Features
from models.text.encoder.stacked import MOST_EMBEDDED
from models.text.multilabel.one_vs_rest import OneVsRest
from models.text.multilabel.targets import Targets, Truth
from models.text.multilabel.thresholds import chosen, margins
from models.text.multilabel.weighing import Weighing
from models.text.prepared import Prepared

LINEAR, HEAD, LABELS = "one_vs_rest.npz", "head.npz", "labels.json"


class MultiLabel(BaseEstimator):  # type: ignore[misc]
    """Labels of texts, each with its calibrated probability.

    encoder: asked about every text; about none where there is none. loss: of accuracy, for which
    only texts are passed on to the encoder of which the linear machines are unsure.
    """

    def __init__(
        self, encoder: Encoder | None = None, *, loss: float | None = None, seed: int = 0
    ) -> None:
        self.encoder = encoder
        self.loss = loss
        self.seed = seed

    def fit(self, X: Prepared, y: Sequence[Labels], *, own: Mask | None = None) -> Self:
        """Learn from texts and the labels of each, as a ``Classifier`` does."""
        names = tuple(sorted({label for labels in y for label in labels}))
        if len(names) < 2:
            raise Invalid(f"training has the labels {list(names)}; give texts of at least two")
        self.targets_ = Targets(names)
        targets = self.targets_.matrix(y)
        truth = targets[:, : len(names)]
        self.linear_, scores = OneVsRest.fitted(X, targets, seed=self.seed)
        quick, judged = self.targets_.seen(scores), calibrating(own, np.arange(len(X)))
        self.quick_ = Weighing.fitted(quick[:, judged], truth[judged], seed=self.seed)
        self.threshold_ = 0.0
        if self.encoder is not None:
            self._fit_slow(X, targets, quick=quick, own=own)
        return self

    def predict_proba(self, X: Prepared) -> Probabilities:
        """Return each label's probability, shape (texts, labels); they need not sum to one."""
        return self._told(X)[0]

    def answer(self, X: Prepared) -> tuple[list[Labels], list[tuple[float, ...]]]:
        """Return the labels of each text, at least one, and how sure of each."""
        probabilities, above = self._told(X)
        places = [np.flatnonzero(row) for row in chosen(above)]
        labels = self.targets_.labels
        names = [tuple(labels[i] for i in own) for own in places]
        pairs = zip(probabilities, places, strict=True)
        return names, [tuple(float(p) for p in row[own]) for row, own in pairs]

    def save(self, directory: Path) -> None:
        """Write what was learned, and the encoder where there is one, into a folder that exists."""
        check_is_fitted(self, "quick_")
        np.savez(directory / LINEAR, allow_pickle=False, **self.linear_.arrays())
        if self.encoder is not None:
            self.head_.save(directory / HEAD)
            self.encoder.save(directory)
        (directory / LABELS).write_text(json.dumps(self._learned(), ensure_ascii=False, indent=1))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Return what ``save`` wrote; nothing in its files is executed.

        ``NotReady`` where the encoder that it was learned with is missing.
        """
        learned = json.loads((directory / LABELS).read_text())
        asked = learned["slow"] is not None
        made = cls(Encoder.load(directory) if asked else None)
        made.targets_ = Targets(tuple(learned["labels"]))
        made.threshold_ = learned["threshold"]
        made.quick_ = Weighing.load(learned["quick"])
        with np.load(directory / LINEAR, allow_pickle=False) as kept:
            made.linear_ = OneVsRest.load(dict(kept))
        if asked:
            made.slow_ = Weighing.load(learned["slow"])
            made.head_ = Head.load(directory / HEAD)
        return made

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits of what was learned; equal content, equal version."""
        check_is_fitted(self, "quick_")
        learned = hashlib.sha256(json.dumps(self._learned(), sort_keys=True).encode())
        if self.encoder is not None:
            learned.update(f"{self.encoder.version}/{self.head_.digest}".encode())
        for part in self.linear_.arrays().values():
            learned.update(np.ascontiguousarray(part).tobytes())
        return learned.hexdigest()[:16]

    def _learned(self) -> dict[str, Any]:
        slow = None if self.encoder is None else self.slow_.kept()
        learned = {"labels": list(self.targets_.labels), "threshold": self.threshold_}
        return {**learned, "quick": self.quick_.kept(), "slow": slow}

    def _fit_slow(
        self, X: Prepared, targets: Truth, *, quick: Probabilities, own: Mask | None
    ) -> None:
        """Learn a head, how it is weighed with the linear machines, and when it is asked."""
        rows = np.random.default_rng(self.seed).permutation(len(X))[:MOST_EMBEDDED]
        features = self._embedded(X.take(rows))
        self.head_, scores = head.fitted(features, targets[rows].astype(float), seed=self.seed)
        judged = calibrating(own, rows)
        rows, scores = rows[judged], scores[judged]
        truth = targets[rows, : len(self.targets_.labels)]
        both = np.concatenate([quick[:, rows], self.targets_.seen(scores)])
        self.slow_ = Weighing.fitted(both, truth, seed=self.seed)
        self.threshold_ = np.inf
        if self.loss is not None:
            above = _above(self.quick_, quick[:, rows])
            right, better = (_right(a, truth) for a in (above, _above(self.slow_, both)))
            sure = _sureness(above)
            self.threshold_, _ = threshold(sure, right=right, better=better, loss=self.loss)

    def _embedded(self, X: Prepared) -> Features:
        if self.encoder is None:
            raise NotReady("this model was made without an encoder")
        return self.encoder.embed(X.texts)

    def _told(self, X: Prepared) -> tuple[Probabilities, Probabilities]:
        """Return each label's probability, and how far it is above its threshold."""
        check_is_fitted(self, "quick_")
        views = self.targets_.seen(self.linear_.scores(X))
        told = self.quick_.probabilities(views)
        above = margins(told, self.quick_.thresholds)
        unsure = np.flatnonzero(_sureness(above) < self.threshold_)
        if len(unsure):
            own = self.head_.scores(self._embedded(X.take(unsure)))
            both = np.concatenate([views[:, unsure], self.targets_.seen(own)])
            told[unsure] = self.slow_.probabilities(both)
            above[unsure] = margins(told[unsure], self.slow_.thresholds)
        return told, above


def _above(weighing: Weighing, views: Probabilities) -> Probabilities:
    return margins(weighing.probabilities(views), weighing.thresholds)


def _right(above: Probabilities, truth: Truth) -> Truth:
    """Return which texts get exactly their labels."""
    same: Truth = (chosen(above) == truth).all(axis=1)
    return same


def _sureness(above: Probabilities) -> Probabilities:
    """Return how far the label nearest to its threshold is from it, for each text."""
    return np.asarray(np.abs(above).min(axis=1))
