"""Resampling: what the metrics of a ranking would have been with other enterprises of the kind.

Lines of one enterprise depend on each other, so enterprises are drawn, with replacement and each
with all of its lines, and not lines: the bootstrap of pairs by cluster. All draws are computed
together: a line drawn twice counts twice, and every metric here equals the one of
``models.metrics`` on lines repeated so often.

Sources: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13, for the
percentile interval; Cameron, Gelbach and Miller, Bootstrap-Based Improvements for Inference with
Clustered Errors, Review of Economics and Statistics 90 (2008). With fewer than some thirty
enterprises the intervals are too narrow.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.metrics import Failed, Scores, ranked

DRAWS = 2000
SURE = 0.95
CELLS = 2_000_000  # draws times lines that are computed together, so that memory stays small
BINS = 10
Draws = dict[str, Scores]


@dataclass(frozen=True)
class Lines:
    """n judged lines: how each turned out, its enterprise as a code, and what it speaks for."""

    failed: Failed
    group: npt.NDArray[np.intp]
    weight: Scores

    def __len__(self) -> int:
        return len(self.failed)


def counts(lines: Lines, *, seed: int, draws: int = DRAWS) -> Iterator[Scores]:
    """Yield how often each line is in each draw, some draws at a time: (some, n)."""
    chance = np.random.default_rng(seed)
    groups = int(lines.group.max()) + 1
    even = np.full(groups, 1 / groups)
    step = max(1, CELLS // len(lines))
    for begin in range(0, draws, step):
        drawn = chance.multinomial(groups, even, size=min(step, draws - begin))
        yield drawn[:, lines.group].astype(float)


def metrics(lines: Lines, probability: Scores, *, count: Scores) -> Draws:
    """Return each metric of each draw; one that has no meaning for a draw is missing.

    count: (draws, n). Average precision, AUC and precision take the lines as they are; Brier score
    and calibration error weigh them, as the gate does, to speak for all lines.
    """
    order = ranked(probability)
    ranking = _Cumulated(lines.failed[order].astype(float), count[:, order])
    last = np.append(np.diff(probability[order]) != 0, True)  # of the lines with one probability
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "average_precision": _average_precision(ranking, last),
            "auc": _auc(ranking, last),
            "precision_at_5pct": _precision_at(ranking, share=0.05),
            "precision_at_10pct": _precision_at(ranking, share=0.10),
            "brier": _brier(lines, probability, count=count),
            "ece": _ece(lines, probability, count=count),
        }


def interval(values: Scores) -> tuple[float, float]:
    """Return where the middle 95 % of the draws lie; missing where no draw has a value."""
    told = values[~np.isnan(values)]
    if not len(told):
        return float("nan"), float("nan")
    low, high = np.quantile(told, [(1 - SURE) / 2, (1 + SURE) / 2])
    return float(low), float(high)


def intervals(
    lines: Lines, probability: Scores, *, seed: int, draws: int = DRAWS
) -> dict[str, tuple[float, float]]:
    """Return the interval of each metric of one model."""
    parts = [metrics(lines, probability, count=c) for c in counts(lines, seed=seed, draws=draws)]
    return {name: interval(np.concatenate([part[name] for part in parts])) for name in parts[0]}


class _Cumulated:
    """Lines in an order, each with a value, counted as often as each draw has them."""

    def __init__(self, value: Scores, count: Scores) -> None:
        self.value, self.lines = value, np.cumsum(count, axis=1)
        self.sums = np.cumsum(count * value, axis=1)
        self.total = self.lines[:, -1]

    def upto(self, bound: Scores) -> Scores:
        """Return the sum over the first so many lines of each draw, ``bound`` one for each."""
        place = np.minimum((self.lines < bound[:, None]).sum(axis=1), len(self.value) - 1)
        row = np.arange(len(bound))
        beyond = self.lines[row, place] - bound
        summed: Scores = self.sums[row, place] - beyond * self.value[place]
        return np.where(bound > 0, summed, 0.0)


def _average_precision(ranking: _Cumulated, last: npt.NDArray[np.bool_]) -> Scores:
    found, seen = ranking.sums[:, last], ranking.lines[:, last]
    precision = np.where(seen > 0, found / seen, 0.0)
    gained = np.diff(found, axis=1, prepend=0)
    area: Scores = (gained * precision).sum(axis=1) / found[:, -1]
    return area


def _auc(ranking: _Cumulated, last: npt.NDArray[np.bool_]) -> Scores:
    found = ranking.sums[:, last]
    passed = ranking.lines[:, last] - found
    gained = np.diff(found, axis=1, prepend=0)
    steps = np.diff(passed, axis=1, prepend=0)
    area: Scores = (steps * (found - gained / 2)).sum(axis=1) / (found[:, -1] * passed[:, -1])
    return area


def _precision_at(ranking: _Cumulated, *, share: float) -> Scores:
    capacity = np.maximum(1.0, np.floor(share * ranking.total + 1e-9))
    found: Scores = ranking.upto(capacity) / capacity
    return found


def _brier(lines: Lines, probability: Scores, *, count: Scores) -> Scores:
    squared = lines.weight * (probability - lines.failed) ** 2
    error: Scores = count @ squared / (count @ lines.weight)
    return error


def _ece(lines: Lines, probability: Scores, *, count: Scores) -> Scores:
    order = np.argsort(probability, kind="stable")
    residual = (lines.weight * (lines.failed - probability))[order]
    rising = _Cumulated(residual, count[:, order])
    size, rest = np.divmod(rising.total, BINS)
    sums = [rising.upto(n * size + np.minimum(n, rest)) for n in range(BINS + 1)]
    error: Scores = np.abs(np.diff(sums, axis=0)).sum(axis=0) / (count @ lines.weight)
    return error
