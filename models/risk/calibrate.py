"""Calibration: from the booster's score to a probability that holds on later rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit

from features.plans import Numbers
from models import metrics

Form = Literal["level", "logistic", "beta"]
FORMS: tuple[Form, ...] = ("level", "logistic", "beta")
FEWEST = 10  # failures or passes, below which only the level is moved
FARTHEST = 50.0  # log-odds that a level is moved at most
RIDGE = 1e-3  # holds parameters that the rows say nothing of


@dataclass(frozen=True)
class Calibration:
    """A rising map of raw scores s: the log-odds are intercept + a * log p - b * log(1 - p).

    p is the probability that the score alone would mean. Beta calibration (Kull et al., AISTATS
    2017); with a = b it is logistic (Platt 1999), with a = b = 1 only the level moves.
    """

    form: Form
    intercept: float
    a: float
    b: float

    def log_odds(self, scores: Numbers) -> Numbers:
        """Return the calibrated log-odds of each raw score."""
        answer: Numbers = (
            self.intercept - self.a * np.logaddexp(0, -scores) + self.b * np.logaddexp(0, scores)
        )
        return answer

    def probability(self, scores: Numbers) -> Numbers:
        """Return the calibrated probability of each raw score."""
        answer: Numbers = expit(self.log_odds(scores))
        return answer

    def stretch(self, start: Numbers, end: Numbers) -> Numbers:
        """Return the calibrated log-odds gained from one score to another, per raw log-odds.

        Where the two are equal, a small step up from the first is taken.
        """
        step = np.where(np.abs(end - start) > 1e-6, end - start, 1e-3)
        answer: Numbers = (self.log_odds(start + step) - self.log_odds(start)) / step
        return answer


class Held(NamedTuple):
    """n rows that the booster did not train on: raw scores, outcomes (0 or 1) and weights."""

    scores: Numbers
    failed: Numbers
    weight: Numbers

    @property
    def few(self) -> float:
        """How many rows the rarer outcome has."""
        return float(min(self.failed.sum(), (1 - self.failed).sum()))


def choose(blocks: Sequence[Held]) -> Calibration:
    """Return the form that holds best on the last block by Brier score, learned from all blocks.

    blocks: consecutive later rows, oldest first. To be compared, each form learns from all blocks
    but the last. With one block, or few failures or passes, only the level is moved.
    """
    whole = _joined(blocks)
    if len(blocks) < 2 or _joined(blocks[:-1]).few < FEWEST:
        return fit("level", whole)
    before, last = _joined(blocks[:-1]), blocks[-1]
    return fit(min(FORMS, key=lambda form: _brier(fit(form, before), last)), whole)


def levelled(calibration: Calibration, held: Held) -> Calibration:
    """Return the same shape at the level at which as many rows fail as it says.

    The boosters of the folds knew less than those that are kept, so their error of level is not
    the kept ones': on simulated worlds it counted a rise of failures twice.
    """
    if not 0 < held.failed.sum() < len(held.failed):
        return calibration
    told = calibration.log_odds(held.scores)

    def surplus(shift: float) -> float:
        return float(np.dot(held.weight, expit(told + shift) - held.failed))

    shift = float(brentq(surplus, -FARTHEST, FARTHEST))
    return replace(calibration, intercept=calibration.intercept + shift)


def _brier(calibration: Calibration, held: Held) -> float:
    told = calibration.probability(held.scores)
    return metrics.brier(held.failed > 0, told, weight=held.weight)


def fit(form: Form, held: Held) -> Calibration:
    """Learn a form by maximum likelihood, its slopes above zero so that the order stays."""
    if not len(held.scores):
        return Calibration("level", 0.0, 1.0, 1.0)

    def missed(free: Numbers) -> float:
        strays = RIDGE * float(((free - START[form]) ** 2).sum())
        return loss(_calibration(form, free), held) + strays

    bounds = [(None, None), *((1e-3, None) for _ in START[form][1:])]
    found = minimize(missed, START[form], bounds=bounds, method="L-BFGS-B")
    return _calibration(form, found.x)


def loss(calibration: Calibration, held: Held) -> float:
    """Return the weighted mean log loss of a calibration on rows, in nats."""
    told = calibration.log_odds(held.scores)
    lost = np.logaddexp(0, told) - held.failed * told
    return float(np.average(lost, weights=held.weight))


START = {
    "level": np.zeros(1),
    "logistic": np.array([0.0, 1.0]),
    "beta": np.array([0.0, 1.0, 1.0]),
}


def _calibration(form: Form, free: Numbers) -> Calibration:
    told = [float(f) for f in free]
    slopes = told[1:] or [1.0]
    return Calibration(form, told[0], slopes[0], slopes[-1])


def _joined(blocks: Sequence[Held]) -> Held:
    return Held(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))
