"""Metrics of a risk ranking: how well it orders, how honest its probabilities are.

Every metric takes arrays of one row per inspected declaration: ``failed`` (bool) and a score or
probability. A metric that has no meaning for the rows given (one class only, no rows) is NaN.
"""

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

Scores = npt.NDArray[np.float64]
Failed = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
CAPACITIES = (0.01, 0.05, 0.10, 0.20)  # shares of the lines that could be inspected


def at(metric: str, capacity: float) -> str:
    """Return the name of a metric at a capacity.

    >>> at("precision", 0.05)
    'precision_at_5pct'
    """
    return f"{metric}_at_{100 * capacity:g}pct"


def auc(failed: Failed, scores: Scores) -> float:
    """Return the area under the ROC curve; NaN where only one outcome occurs."""
    return float(roc_auc_score(failed, scores)) if 0 < failed.sum() < len(failed) else np.nan


def average_precision(failed: Failed, scores: Scores, *, weight: Scores | None = None) -> float:
    """Return the average precision, each row weighed by what it speaks for; NaN without failure."""
    if not failed.any():
        return np.nan
    return float(average_precision_score(failed, scores, sample_weight=weight))


def precision_at(failed: Failed, scores: Scores, *, share: float) -> float:
    """Return the share of failures among the highest scores: what a capacity would have found.

    The capacity is ``floor(share * n)``, at least one; ties keep the order of the rows.
    """
    if not len(scores):
        return np.nan
    return float(failed[ranked(scores)[: capacity(len(scores), share=share)]].mean())


def recall_at(failed: Failed, scores: Scores, *, share: float) -> float:
    """Return the share of all failures that a capacity would have found; NaN without failure."""
    if not failed.any():
        return np.nan
    return float(failed[ranked(scores)[: capacity(len(scores), share=share)]].sum() / failed.sum())


def lift_at(failed: Failed, scores: Scores, *, share: float) -> float:
    """Return how many times as many failures a capacity finds as chance; NaN without failure."""
    if not failed.any():
        return np.nan
    return precision_at(failed, scores, share=share) / float(failed.mean())


def capacity(lines: int, *, share: float) -> int:
    """Return how many lines a share of them is: ``floor(share * n)``, at least one."""
    return max(1, int(share * lines + 1e-9))


def brier(failed: Failed, probability: Scores, *, weight: Scores | None = None) -> float:
    """Return the mean squared error of the probabilities, weighed by row; NaN without rows."""
    return float(np.average((probability - failed) ** 2, weights=weight)) if len(failed) else np.nan


def ece(
    failed: Failed, probability: Scores, *, weight: Scores | None = None, bins: int = 10
) -> float:
    """Return the expected calibration error over bins of equal numbers of rows.

    weight: what each row speaks for, one by default. With inverse propensities the error is that
    over all lines, not over those that were chosen because they looked bad. Source: Naeini et al.,
    AAAI 2015, with equal-mass bins (Nguyen and O'Connor, EMNLP 2015).
    """
    if not len(failed):
        return np.nan
    w = np.ones(len(failed)) if weight is None else weight
    parts = np.array_split(np.argsort(probability, kind="stable"), min(bins, len(failed)))
    errors = [abs(np.dot(w[p], failed[p] - probability[p])) for p in parts]
    return float(sum(errors) / w.sum())


def ece_by_chance(probability: Scores, *, weight: Scores | None = None, bins: int = 10) -> float:
    """Return the calibration error to expect by chance if every probability were exactly right.

    The sum of a bin strays by sqrt(2/pi * sum of w^2 p(1-p)) on average, so few rows show an error
    where there is none.
    """
    if not len(probability):
        return np.nan
    w = np.ones(len(probability)) if weight is None else weight
    parts = np.array_split(np.argsort(probability, kind="stable"), min(bins, len(probability)))
    variances = [np.dot(w[p] ** 2, probability[p] * (1 - probability[p])) for p in parts]
    return float(np.sqrt(2 / np.pi * np.array(variances)).sum() / w.sum())


def days_earlier(failed: Failed, scores: Scores, *, days: Days) -> float:
    """Return how many days earlier, on average, failures are found when visits follow the scores.

    The visits keep their dates; the i-th ranked row gets the i-th date. Source: the protocol of
    the City of Chicago's food inspection model (2015).
    """
    if not failed.any():
        return np.nan
    gained = (days - simulated_days(scores, days)) / np.timedelta64(1, "D")
    return float(gained[failed].mean())


def first_half_share(failed: Failed, days: Days) -> float:
    """Return the share of failures on the days in which the first half of the visits is made.

    The first half are the days whose cumulative number of visits is strictly below half of all.
    """
    if not failed.any():
        return np.nan
    unique, counts = np.unique(days, return_counts=True)
    first = unique[np.cumsum(counts) < len(days) / 2]
    return float(np.isin(days[failed], first).mean())


def simulated_days(scores: Scores, days: Days) -> Days:
    """Return the day each row would have, were the visits made in order of the scores."""
    simulated = np.empty_like(days)
    simulated[ranked(scores)] = np.sort(days)
    return simulated


def ranked(scores: Scores) -> npt.NDArray[np.intp]:
    """Return the rows from the highest score down; ties keep their order."""
    return np.argsort(-scores, kind="stable")


def summary(
    failed: Failed, probability: Scores, *, days: Days, weight: Scores | None = None
) -> dict[str, float]:
    """Return the metrics that every backtest prints, by name.

    ``ece_excess`` is the error over all lines (weighted by ``weight``) beyond what chance makes of
    so few rows; the other metrics take the inspected rows as they are.
    """
    return {
        "n": len(failed),
        "positives": int(failed.sum()),
        "auc": auc(failed, probability),
        "average_precision": average_precision(failed, probability),
        **at_capacities(failed, probability),
        "days_earlier": days_earlier(failed, probability, days=days),
        "first_half_share": first_half_share(failed, simulated_days(probability, days)),
        "business_as_usual_share": first_half_share(failed, days),
        "ece": ece(failed, probability),
        "ece_excess": ece(failed, probability, weight=weight)
        - ece_by_chance(probability, weight=weight),
        "brier": brier(failed, probability),
    }


def at_capacities(failed: Failed, scores: Scores) -> dict[str, float]:
    """Return precision, recall and lift at each capacity, by name."""
    of = {"precision": precision_at, "recall": recall_at, "lift": lift_at}
    return {
        at(name, share): metric(failed, scores, share=share)
        for name, metric in of.items()
        for share in CAPACITIES
    }
