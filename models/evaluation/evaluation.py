"""Evaluation: everything that is said of a model on the lines that it was judged on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.evaluation import fairness_words
from models.evaluation.dimensions import Dimension
from models.evaluation.fairness import Treated, fairness
from models.evaluation.intervals import intervals
from models.evaluation.judged import Judged
from models.evaluation.ratios import Interval
from models.evaluation.slices import Slice, slices
from models.resampling import Lines

NAMES = {
    "auc": ("AUC", "AUC"),
    "average_precision": ("平均精确率", "average precision"),
    "precision": ("命中率，查验 {}", "precision at {}"),
    "recall": ("发现率，查验 {}", "recall at {}"),
    "lift": ("提升倍数，查验 {}", "lift at {}"),
    "brier": ("Brier 分数", "Brier score"),
    "ece_corrected": ("校准误差（已扣除偶然）", "calibration error less chance"),
}


@dataclass(frozen=True)
class Evaluation:
    """The metrics with their bounds, the slices, and how groups are treated.

    is_weighted: whether slices and groups speak for all declared lines, as the chance of each
    inspection is told; otherwise for the inspected ones alone.
    """

    judged: Judged
    metrics: Mapping[str, Interval]
    slices: Sequence[Slice]
    treated: Sequence[Treated]
    is_weighted: bool

    @property
    def off(self) -> list[Slice]:
        """The slices whose failures are surely off."""
        return [one for one in self.slices if one.is_off]

    @property
    def headline(self) -> tuple[str, str]:
        """Whether anyone is inspected more at equal risk, in Chinese and English."""
        return fairness_words.headline(self.treated, is_weighted=self.is_weighted)

    def numbers(self) -> dict[str, float]:
        """Return the numbers that a run keeps: of each metric its bounds, and what is flagged."""
        bounds = {
            f"{name}_{end}": value
            for name, told in self.metrics.items()
            for end, value in (("low", told.low), ("high", told.high))
        }
        return {
            "ece_corrected": self.metrics["ece_corrected"].value,
            **bounds,
            "slices": float(len(self.slices)),
            "slices_off": float(len(self.off)),
            "groups_unlike": float(sum(one.is_unlike for one in self.treated)),
        }


def evaluate(judged: Judged, dimensions: Sequence[Dimension], *, seed: int) -> Evaluation:
    """Return what is said of a model. seed: of the draws of enterprises."""
    lines = Lines(judged.failed, judged.group, np.ones(len(judged)))
    return Evaluation(
        judged,
        intervals(lines, judged.likelihood, seed=seed),
        slices(judged, dimensions),
        fairness(judged, dimensions),
        bool((judged.weight != 1).any()),
    )


def words(name: str) -> tuple[str, str]:
    """Return what a metric is called, in Chinese and English; another one keeps its name.

    >>> words("precision_at_5pct")
    ('命中率，查验 5%', 'precision at 5%')
    """
    kind, _, capacity = name.partition("_at_")
    zh, en = NAMES.get(kind, (name, name))
    share = capacity.replace("pct", "%")
    return zh.format(share), en.format(share)


def table(found: Sequence[Slice] | Sequence[Treated]) -> pd.DataFrame:
    """Return a row for each slice or group, intervals as three columns."""
    return pd.DataFrame([_flat(one) for one in found])


def _flat(one: Slice | Treated) -> dict[str, object]:
    """Return a row of plain values; of rates by their own names, and those of others after it."""
    told = dict(vars(one))
    zh, en = told.pop("words")
    inner = {} if "rates" not in told else {**vars(told.pop("rates"))}
    beside = {} if "others" not in told else vars(told.pop("others"))
    others = {f"others_{name}": value for name, value in beside.items()}
    row: dict[str, object] = {"dimension": told.pop("dimension"), "zh": zh, "en": en}
    for name, value in {**told, **inner, **others}.items():
        if isinstance(value, Interval):
            row |= {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}
        else:
            row[name] = value
    return row
