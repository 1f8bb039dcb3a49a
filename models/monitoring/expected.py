"""Expected performance: what the likelihoods themselves promise, before any outcome is back.

If every likelihood is right, each line fails with that chance, so the expected number of hits and
the expected share of pairs in right order follow without outcomes. This assumes calibration and
sees only changes of the lines (covariate shift): where the same lines begin to fail more often, it
sees nothing. Source: confidence-based performance estimation (CBPE, NannyML); Guillory et al.,
Predicting with Confidence on Unseen Distributions (ICCV 2021).
"""

from dataclasses import dataclass, replace
from math import sqrt
from typing import Protocol

import numpy as np
from scipy.stats import rankdata

from features.plans import Numbers
from models.metrics import ranked
from models.monitoring import residuals
from models.monitoring.residuals import ALPHA, SURE, Matured
from models.splits import Mask

SHARE = 0.05  # of the lines: the capacity at which hits are told


class Metric(Protocol):
    """A metric of outcomes, or of the chances of them, and its gradient by line."""

    def __call__(self, fail: Numbers, scores: Numbers, *, weight: Numbers) -> tuple[float, Numbers]:
        """Return the metric and, for each line, what its outcome adds to it."""


@dataclass(frozen=True)
class Promise:
    """A metric as the likelihoods promise it, 95 % of chance around it, and what came of it.

    realised, p: NaN where outcomes are not back. p is adjusted for the metrics beside it.
    """

    name: str
    expected: float
    low: float
    high: float
    realised: float = np.nan
    p: float = np.nan

    @property
    def is_broken(self) -> bool:
        """Whether it turned out worse than chance explains."""
        return self.p <= ALPHA and self.realised < self.expected


def promised(likelihood: Numbers) -> list[Promise]:
    """Return what to expect of lines whose outcomes are not back; none of fewer than two lines.

    The interval is where the metric would lie were every line inspected, outcomes independent.
    """
    weight = np.ones(len(likelihood))
    if len(likelihood) < 2:
        return []
    return [_promise(name, likelihood, weight=weight) for name in METRICS]


def kept(lines: Matured) -> list[Promise]:
    """Return the promises of matured lines beside what was realised, each tested.

    The chance that any looks broken though all likelihoods are right is 5 %. None where no line or
    every line failed.
    """
    if not 0 < lines.failed.sum() < len(lines):
        return []
    made = [_kept(name, lines) for name in METRICS]
    adjusted = residuals.holm([promise.p for promise in made])
    return [replace(promise, p=p) for promise, p in zip(made, adjusted, strict=True)]


def confusion(likelihood: Numbers) -> dict[str, float]:
    """Return the expected shares of lines that are hit, false alarms, missed and rightly spared.

    The capacity is 5 % of the lines, those of the highest likelihood. NaN without lines.
    """
    top = _top(likelihood, np.ones(len(likelihood)))
    n = len(likelihood) or np.nan
    fail, inspected = float(likelihood.sum()), float(top.sum())
    hit = float(likelihood[top].sum())
    counts = (hit, inspected - hit, fail - hit, len(likelihood) - inspected - fail + hit)
    names = ("hit", "false_alarm", "missed", "spared")
    return {name: count / n for name, count in zip(names, counts, strict=True)}


def _promise(name: str, likelihood: Numbers, *, weight: Numbers) -> Promise:
    value, gradient = METRICS[name](likelihood, likelihood, weight=weight)
    around = SURE * sqrt(float(np.sum(gradient**2 * likelihood * (1 - likelihood))))
    return Promise(name, value, max(0.0, value - around), min(1.0, value + around))


def _kept(name: str, lines: Matured) -> Promise:
    value, gradient = METRICS[name](lines.likelihood, lines.likelihood, weight=lines.weight)
    realised, _ = METRICS[name](lines.failed.astype(float), lines.likelihood, weight=lines.weight)
    found = residuals.excess(lines, gradient)
    around = SURE * found.deviation
    low, high = max(0.0, value - around), min(1.0, value + around)
    return Promise(name, value, low, high, realised, replace(found, value=realised - value).p)


def auc(fail: Numbers, scores: Numbers, *, weight: Numbers) -> tuple[float, Numbers]:
    """Return the expected share of pairs (failing, passing) in right order, and its gradient.

    fail: for each line the chance that it fails, or its outcome as 0 or 1. A line makes no pair
    with itself; equal scores count half.
    """
    bad, good = weight * fail, weight * (1 - fail)
    below, above = _below(good, scores), _below(bad, -scores)
    own = bad * good
    pairs = bad.sum() * good.sum() - own.sum()
    if pairs <= 0:
        return np.nan, np.zeros(len(fail))
    value = float((bad @ below - own.sum() / 2) / pairs)
    gradient = weight * (below - above - value * (good.sum() - bad.sum())) / pairs
    return value, gradient


def precision(fail: Numbers, scores: Numbers, *, weight: Numbers) -> tuple[float, Numbers]:
    """Return the expected share of failures among the highest 5 %, and its gradient."""
    top = _top(scores, weight)
    gradient = np.where(top, weight, 0.0) / weight[top].sum()
    return float(gradient @ fail), gradient


def found(fail: Numbers, scores: Numbers, *, weight: Numbers) -> tuple[float, Numbers]:
    """Return the expected share of all failures that the highest 5 % hold, and its gradient."""
    top = np.where(_top(scores, weight), weight, 0.0)
    whole = float(weight @ fail)
    value = float(top @ fail) / whole
    return value, (top - value * weight) / whole


METRICS: dict[str, Metric] = {
    "auc": auc,
    "precision_at_5pct": precision,
    "found_at_5pct": found,
}


def _below(mass: Numbers, scores: Numbers) -> Numbers:
    """Return the mass of the lines with lower scores, those with equal scores by half."""
    order = np.argsort(scores, kind="stable")
    total = np.concatenate([[0.0], np.cumsum(mass[order])])
    first = rankdata(scores, method="min").astype(int) - 1
    last = rankdata(scores, method="max").astype(int)
    half: Numbers = (total[first] + total[last]) / 2
    return half


def _top(scores: Numbers, weight: Numbers) -> Mask:
    """Return the lines of the highest scores that make up the capacity, at least one."""
    order = ranked(scores)
    within = np.cumsum(weight[order]) <= SHARE * weight.sum() + 1e-9
    top = np.zeros(len(scores), bool)
    top[order[: max(1, int(within.sum()))]] = True
    return top
