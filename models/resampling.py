"""Resampling: what the metrics of a ranking would have been with other enterprises of the kind.

Lines of one enterprise depend on each other, so enterprises are drawn, with replacement and each
with all of its lines, and not lines: the bootstrap of pairs by cluster. All draws are computed
together: a line drawn twice counts twice, and every metric here equals the one of
``models.metrics`` on lines repeated so often.

Sources: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13, for the
percentile interval; Cameron, Gelbach and Miller, Bootstrap-Based Improvements for Inference with
Clustered Errors, Review of Economics and Statistics 90 (2008). With fewer than some thirty
enterprises percentile intervals are too narrow.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.metrics import CAPACITIES, Failed, Scores, at, ranked

DRAWS = 2000
SURE = 0.95
CELLS = 1_000_000  # draws times lines that are computed together, so that memory stays small
BINS = 10
Draws = dict[str, Scores]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Lines:
    """n judged lines: how each turned out, its enterprise as a code, and what it speaks for."""

    failed: Failed
    group: Places
    weight: Scores

    def __len__(self) -> int:
        return len(self.failed)

    def take(self, rows: Places) -> "Lines":
        """Return lines in another order, or some of them."""
        return Lines(self.failed[rows], self.group[rows], self.weight[rows])


def drawn(lines: Lines, *, seed: int, draws: int = DRAWS) -> Iterator[Scores]:
    """Yield how often each enterprise is in each draw, some draws at a time: (some, groups)."""
    chance = np.random.default_rng(seed)
    groups = int(lines.group.max()) + 1
    even = np.full(groups, 1 / groups)
    step = max(1, CELLS // len(lines))
    for begin in range(0, draws, step):
        yield chance.multinomial(groups, even, size=min(step, draws - begin)).astype(float)


def counts(lines: Lines, *, seed: int, draws: int = DRAWS) -> Iterator[Scores]:
    """Yield how often each line is in each draw, some draws at a time: (some, n)."""
    for times in drawn(lines, seed=seed, draws=draws):
        yield np.take(times, lines.group, axis=1)


def metrics(lines: Lines, probability: Scores, *, count: Scores) -> Draws:
    """Return each metric of each draw; one that has no meaning for a draw is missing.

    count: (draws, n). Average precision, AUC and precision take the lines as they are; Brier score
    and calibration error weigh them, as the gate does, to speak for all lines.
    """
    order = ranked(probability)
    return {
        **ranking(lines.take(order), probability[order], count=np.take(count, order, axis=1)),
        **honesty(lines, probability, count=count),
    }


def ranking(lines: Lines, probability: Scores, *, count: Scores) -> Draws:
    """Return the metrics of the order of each draw; the likeliest lines stand first.

    count: (draws, n). Missing where a draw has one outcome only.
    """
    seen = np.cumsum(count, axis=1)
    found = np.cumsum(np.compress(lines.failed, count, axis=1), axis=1)
    failures = np.concatenate([[0], np.cumsum(lines.failed)])
    found = np.concatenate([np.zeros((len(count), 1)), found], axis=1)  # of so many failing lines
    ranks = _Ranks(seen, found, failures, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, auc = _areas(ranks, probability)
        return {"average_precision": precision, "auc": auc, **_capacities(ranks)}


def honesty(lines: Lines, probability: Scores, *, count: Scores) -> Draws:
    """Return the Brier score and the calibration error of each draw, weighed by line."""
    total = count @ lines.weight
    squared = count @ (lines.weight * (probability - lines.failed) ** 2)
    order = np.argsort(probability, kind="stable")
    residual = (lines.weight * (lines.failed - probability))[order]
    rising = np.take(count, order, axis=1)
    seen, sums = np.cumsum(rising, axis=1), np.cumsum(rising * residual, axis=1)
    size, rest = np.divmod(seen[:, -1], BINS)
    ends = [
        _upto(seen, sums, bound=n * size + np.minimum(n, rest), value=residual)
        for n in range(BINS + 1)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.abs(np.diff(ends, axis=0)).sum(axis=0) / total
        return {"brier": squared / total, "ece": error}


def interval(values: Scores) -> tuple[float, float]:
    """Return where the middle 95 % of the draws lie; missing where no draw has a value.

    For differences of two models on the same draws, whose biases are alike; a metric by itself has
    its bounds from ``models.evaluation.intervals``.
    """
    told = values[~np.isnan(values)]
    if not len(told):
        return float("nan"), float("nan")
    low, high = np.quantile(told, [(1 - SURE) / 2, (1 + SURE) / 2])
    return float(low), float(high)


@dataclass(frozen=True)
class _Ranks:
    """Of each draw, the lines down to every line; the failures among so many failing lines.

    seen: (draws, n). found: (draws, failing + 1). failures: (n + 1,), how many lines fail down to
    each. count: (draws, n).
    """

    seen: Scores
    found: Scores
    failures: Places
    count: Scores


def _areas(ranks: _Ranks, probability: Scores) -> tuple[Scores, Scores]:
    """Return average precision and AUC, lines of one probability taken together.

    Only runs of equal probability that hold a failing line add to either.
    """
    ends = np.flatnonzero(np.append(np.diff(probability) != 0, True))
    begins = np.concatenate([[0], ends[:-1] + 1])
    holding = ranks.failures[ends + 1] > ranks.failures[begins]
    ends, begins = ends[holding], begins[holding]
    above = ranks.found[:, ranks.failures[begins]]
    found = ranks.found[:, ranks.failures[ends + 1]]
    seen = ranks.seen[:, ends]
    gained = found - above
    area = (gained * np.where(seen > 0, found / seen, 0.0)).sum(axis=1)
    passed_above = ranks.seen[:, begins] - ranks.count[:, begins] - above
    passed = ranks.found[:, -1] - ranks.seen[:, -1]  # less all that passed
    below = -passed[:, None] - (passed_above + seen - found) / 2
    right = (gained * below).sum(axis=1)
    return area / ranks.found[:, -1], right / (ranks.found[:, -1] * -passed)


def _capacities(ranks: _Ranks) -> Draws:
    """Return precision, recall and lift of each draw at each capacity."""
    whole, failing = ranks.seen[:, -1], ranks.found[:, -1]
    row = np.arange(len(whole))
    told: Draws = {}
    for capacity in CAPACITIES:
        size = np.maximum(1.0, np.floor(capacity * whole + 1e-9))
        last = _place(ranks.seen, size)
        fails = ranks.failures[last + 1] - ranks.failures[last]
        found = ranks.found[row, ranks.failures[last + 1]] - fails * (ranks.seen[row, last] - size)
        told[at("precision", capacity)] = found / size
        told[at("recall", capacity)] = found / failing
        told[at("lift", capacity)] = found / size / (failing / whole)
    return told


def _place(seen: Scores, bound: Scores) -> Places:
    """Return the line within which each draw has seen so many."""
    found = [np.searchsorted(line, most) for line, most in zip(seen, bound, strict=True)]
    place: Places = np.minimum(found, seen.shape[1] - 1)
    return place


def _upto(seen: Scores, sums: Scores, *, bound: Scores, value: Scores) -> Scores:
    """Return the sum of a value over the first so many lines of each draw."""
    place, row = _place(seen, bound), np.arange(len(bound))
    summed: Scores = sums[row, place] - (seen[row, place] - bound) * value[place]
    return np.where(bound > 0, summed, 0.0)
