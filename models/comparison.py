"""Comparison: champion and challenger on the same lines, and how sure the difference is."""

import math
from dataclasses import dataclass

import numpy as np

from models import resampling
from models.metrics import Scores
from models.resampling import DRAWS, Lines

NAMES = {
    "average_precision": ("平均精确率", "average precision"),
    "auc": ("AUC", "AUC"),
    "precision_at_5pct": ("查验 5% 的命中率", "precision at 5 %"),
    "precision_at_10pct": ("查验 10% 的命中率", "precision at 10 %"),
    "brier": ("Brier 分数", "Brier score"),
    "ece": ("校准误差", "calibration error"),
}
ERRORS = ("brier", "ece")  # the smaller the better
FEW = 30  # enterprises, below which the intervals are too narrow


@dataclass(frozen=True)
class Difference:
    """One metric of both, and the interval of challenger less champion."""

    name: str
    champion: float
    challenger: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Challenger less champion."""
        return self.challenger - self.champion

    @property
    def verdict(self) -> int:
        """1 where the challenger is surely better, -1 where surely worse, 0 where neither."""
        sign = -1 if self.name in ERRORS else 1
        return sign * (int(self.low > 0) - int(self.high < 0))


@dataclass(frozen=True)
class Comparison:
    """Both models on n lines: the lines, what each said of them, and the differences."""

    lines: Lines
    champion: Scores
    challenger: Scores
    differences: dict[str, Difference]

    @property
    def failures(self) -> int:
        """How many of the lines failed."""
        return int(self.lines.failed.sum())

    @property
    def enterprises(self) -> int:
        """Of how many enterprises the lines are."""
        return len(np.unique(self.lines.group))

    def plain(self) -> dict[str, object]:
        """Return everything but the lines as plain values; what is no number is ``None``."""
        return {
            "lines": len(self.lines),
            "failures": self.failures,
            "enterprises": self.enterprises,
            "metrics": {
                d.name: {
                    "champion": _told(d.champion),
                    "challenger": _told(d.challenger),
                    "difference": _told(d.difference),
                    "low": _told(d.low),
                    "high": _told(d.high),
                }
                for d in self.differences.values()
            },
        }


def compare(
    lines: Lines, champion: Scores, *, challenger: Scores, seed: int, draws: int = DRAWS
) -> Comparison:
    """Return the differences with their paired intervals: 95 % of draws of enterprises.

    Enterprises are drawn, not lines, since the outcomes of one depend on each other, and both
    models are judged on each draw. The sources are told in ``models.resampling``.
    """
    once = np.ones((1, len(lines)))
    both = [resampling.metrics(lines, said, count=once) for said in (champion, challenger)]
    chunks = [
        _differences(lines, champion, challenger=challenger, count=count)
        for count in resampling.counts(lines, seed=seed, draws=draws)
    ]
    made = {}
    for name in NAMES:
        low, high = resampling.interval(np.concatenate([chunk[name] for chunk in chunks]))
        first, second = (float(metrics[name][0]) for metrics in both)
        made[name] = Difference(name, first, second, low, high)
    return Comparison(lines, champion, challenger, made)


def _differences(
    lines: Lines, champion: Scores, *, challenger: Scores, count: Scores
) -> resampling.Draws:
    first = resampling.metrics(lines, champion, count=count)
    second = resampling.metrics(lines, challenger, count=count)
    return {name: second[name] - first[name] for name in NAMES}


def conclusion(found: Comparison) -> tuple[str, str]:
    """Return what follows, in Chinese and English."""
    difference = found.differences["average_precision"]
    zh, en = CONCLUSIONS[difference.verdict]
    low, high = f"{difference.low:+.3f}", f"{difference.high:+.3f}"
    told = [n for n in ("ece", "brier") if found.differences[n].verdict < 0]
    worse_zh = "、".join(NAMES[n][0] for n in told)
    worse_en = " and ".join(NAMES[n][1] for n in told)
    few = found.enterprises < FEW
    return (
        f"平均精确率差 {difference.difference:+.3f}（95% 区间 {low} 至 {high}）：{zh}"
        + (f"但其{worse_zh}更大，概率不如现役可信。" if told else "")
        + (f"只有 {found.enterprises} 家企业，区间偏窄。" if few else ""),
        f"average precision differs by {difference.difference:+.3f} (95 % interval {low} to "
        f"{high}): {en}"
        + (f" But by its {worse_en} its probabilities are less honest." if told else "")
        + (f" With {found.enterprises} enterprises the interval is too narrow." if few else ""),
    )


CONCLUSIONS = {
    1: (
        "候选模型在同样的商品项上确实更好，可以提请晋级。",
        "the challenger is surely better on the same lines; propose it for promotion.",
    ),
    0: (
        "看不出差别，保留现役模型，等更多查验结果回来再比。",
        "no difference is shown; keep the champion and compare again when more outcomes are back.",
    ),
    -1: (
        "候选模型在同样的商品项上确实更差，不应晋级。",
        "the challenger is surely worse on the same lines; do not promote it.",
    ),
}


def _told(number: float) -> float | None:
    return number if math.isfinite(number) else None
