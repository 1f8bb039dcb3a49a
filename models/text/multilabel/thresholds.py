"""Thresholds: from which probability a label is given, for the best micro F1."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from models.text.classifier import Probabilities
from models.text.multilabel.targets import Truth

TRIED = tuple(hundredths / 100 for hundredths in range(98, 1, -1))  # thresholds of all labels
OFFSETS = np.linspace(-1.5, 1.5, 13)  # of one label's threshold to that, in log-odds
PASSES = 2
LEAST = 1e-6
Thresholds = NDArray[np.float64]


def margins(probabilities: Probabilities, thresholds: Thresholds) -> Probabilities:
    """Return how far each label is above its threshold, in log-odds, shape (texts, labels)."""
    return _log_odds(probabilities) - _log_odds(thresholds)


def chosen(margins: Probabilities) -> Truth:
    """Return which labels are answered: all from their thresholds up, and the nearest to it."""
    answered = margins >= 0
    answered[np.arange(len(margins)), margins.argmax(axis=1)] = True
    return answered


def best(probabilities: Probabilities, truth: Truth) -> Thresholds:
    """Return a threshold for each label for the best micro F1.

    One is found for all; then each label's goes half the way to where it would do best, so that a
    label of few texts does not follow them too closely.
    """
    labels = truth.shape[1]
    alike = [np.full(labels, t) for t in TRIED]
    found = max(alike, key=lambda tried: micro_f1(chosen(margins(probabilities, tried)), truth))
    for label in [*range(labels)] * PASSES:
        moved = _moved(probabilities, truth, start=found, label=label)
        found = np.where(np.arange(labels) == label, moved, found)
    return found


def micro_f1(answered: Truth, truth: Truth) -> float:
    """Return twice the labels rightly answered over all that were answered or true."""
    return 2 * float((answered & truth).sum()) / float(answered.sum() + truth.sum())


def _moved(probabilities: Probabilities, truth: Truth, *, start: Thresholds, label: int) -> float:
    """Return one label's threshold half the way to where it would do best; the least move wins."""
    own = _log_odds(start[label])
    only = np.arange(len(start)) == label

    def score(place: float) -> float:
        tried = np.where(only, expit(place), start)
        return micro_f1(chosen(margins(probabilities, tried)), truth)

    places = [own + offset for offset in sorted(OFFSETS, key=abs)]
    return float(expit((own + max(places, key=score)) / 2))


def _log_odds(probabilities: Thresholds) -> Thresholds:
    return np.asarray(logit(np.clip(probabilities, LEAST, 1 - LEAST)))
