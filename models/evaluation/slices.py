"""Slices: does a model keep its word of every group of lines, not only of all together?

Of each value of each dimension: how many lines failed against how many were said to, and how well
the model orders them. A slice is flagged where its failures are surely off: of all flags one in
twenty is false on average, however many slices there are (Benjamini and Hochberg 1995). Slices
overlap, which keeps that bound (Benjamini and Yekutieli 2001, positive dependence). What is tested
is calibration within groups, which is what equal treatment of equal risk needs (Kleinberg,
Mullainathan and Raghavan, ITCS 2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.stats import false_discovery_control, rankdata

from models import metrics
from models.evaluation import ratios
from models.evaluation.dimensions import Dimension, Words
from models.evaluation.judged import Judged
from models.evaluation.ratios import UNKNOWN, Interval
from models.splits import Mask

FALSE = 0.05  # share of the flags that may be false
FEWEST = 5.0  # failures that were expected, and passes, below which nothing is tested
FEWEST_FIRMS = 4.0  # enterprises of equal size, likewise
POOLED = 10  # lines, below which a value is one of the others
MOST_OTHERS = 0.5  # of the lines: a dimension with more tells one line from another, not groups
OTHERS = "其余 others"


@dataclass(frozen=True)
class Slice:
    """One group of lines.

    fail_rate, expected: the share that failed and the mean likelihood, both of what the lines
    speak for. ratio: failures over expected ones. precision, recall: at the capacity of all lines.
    p: the chance of being as far off as that; NaN where there is too little to tell.
    """

    dimension: str
    words: Words
    value: str
    lines: int
    failures: int
    enterprises: int
    fail_rate: Interval
    expected: float
    ratio: Interval
    auc: Interval
    average_precision: float
    precision: Interval
    recall: Interval
    p: float
    is_off: bool = False

    @property
    def few(self) -> bool:
        """Whether there is too little to tell."""
        return bool(np.isnan(self.p))


def slices(judged: Judged, dimensions: Sequence[Dimension]) -> list[Slice]:
    """Return every slice, the largest of each dimension first; those surely off are flagged."""
    made = [
        one(judged, chosen, dimension=dimension, value=value)
        for dimension in dimensions
        for value, chosen in groups(dimension)
    ]
    flags = discoveries([one.p for one in made])
    return [replace(one, is_off=bool(off)) for one, off in zip(made, flags, strict=True)]


def groups(dimension: Dimension) -> list[tuple[str, Mask]]:
    """Return the values of a dimension with their lines, the largest first.

    Values of few lines are pooled, unless there is only one. A dimension most of whose lines would
    be pooled has no groups.
    """
    told = np.array(dimension.values, object)
    names, sizes = np.unique([v for v in dimension.values if v is not None], return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    large = [str(names[i]) for i in order if sizes[i] >= POOLED]
    rest = ~np.isin(told.astype(str), large) & np.array([v is not None for v in told], bool)
    if not large or rest.mean() > MOST_OTHERS:
        return []
    small = sorted({str(value) for value in told[rest]})
    others = [(small[0] if len(small) == 1 else OTHERS, rest)] if small else []
    return [*((name, told == name) for name in large), *others]


def one(judged: Judged, chosen: Mask, *, dimension: Dimension, value: str) -> Slice:
    """Return how the model did on some of the lines."""
    selected = judged.selected[chosen].astype(float)
    part = judged.take(chosen)
    failed, w = part.failed.astype(float), part.weight
    expected = float(np.average(part.likelihood, weights=w)) if len(part) else np.nan
    ratio, p = calibration(part)
    return Slice(
        dimension=dimension.name,
        words=dimension.words,
        value=value,
        lines=len(part),
        failures=int(part.failed.sum()),
        enterprises=len(np.unique(part.group)),
        fail_rate=ratios.share(w * failed, w, group=part.group),
        expected=expected,
        ratio=ratio,
        auc=auc(part),
        average_precision=metrics.average_precision(part.failed, part.likelihood),
        precision=ratios.share(w * failed * selected, w * selected, group=part.group),
        recall=ratios.share(w * failed * selected, w * failed, group=part.group),
        p=p,
    )


def calibration(part: Judged) -> tuple[Interval, float]:
    """Return failures over expected ones, and the chance of being so far off if all were honest.

    The variance is the greater of what the likelihoods say and what the enterprises show. Unknown
    where fewer than five failures or passes were expected, or the lines are of too few firms.
    """
    w, likelihood = part.weight, part.likelihood
    said = float((w * likelihood).sum())
    own = w**2 * likelihood * (1 - likelihood)
    firms = ratios.effective(own, part.group)
    if min(likelihood.sum(), (1 - likelihood).sum()) < FEWEST or firms < FEWEST_FIRMS:
        observed = float((w * part.failed).sum())
        return Interval(observed / said if said else np.nan, np.nan, np.nan), np.nan
    error = max(float(own.sum()), ratios.clustered(w * part.missed, part.group)) ** 0.5
    off = float((w * part.missed).sum())
    reach = ratios.quantile(firms - 1) * error
    value = 1 + off / said
    found = Interval(value, max(0.0, value - reach / said), value + reach / said)
    return found, ratios.by_chance(off / error, firms - 1)


def discoveries(chances: Sequence[float]) -> Mask:
    """Return which of several findings hold, so that of all that do one in twenty is false.

    chances: of each, that it comes from chance alone; NaN is no finding.
    """
    p = np.array(chances, float)
    known = ~np.isnan(p)
    found = np.zeros(len(p), bool)
    if known.any():
        adjusted: npt.NDArray[np.float64] = false_discovery_control(p[known])
        found[known] = adjusted <= FALSE
    return found


def auc(part: Judged) -> Interval:
    """Return the AUC of some lines, of enterprises that are independent; unknown without both.

    Source: placement values summed by cluster (Obuchowski, Biometrics 53, 1997).
    """
    failed = part.failed
    fails, passes = int(failed.sum()), int((~failed).sum())
    if not fails or not passes:
        return UNKNOWN
    place = np.empty(len(part))  # of each line, the share of the other outcome that it beats
    ranks = rankdata(part.likelihood)
    place[failed] = (ranks[failed] - rankdata(part.likelihood[failed])) / passes
    place[~failed] = 1 - (ranks[~failed] - rankdata(part.likelihood[~failed])) / fails
    value = float(place[failed].mean())
    influence = (place - value) / np.where(failed, fails, passes)
    firms = ratios.effective(np.where(failed, 1 / fails, 1 / passes), part.group)
    reach = ratios.quantile(firms - 1) * ratios.clustered(influence, part.group) ** 0.5
    return Interval(value, max(0.0, value - reach), min(1.0, value + reach))
