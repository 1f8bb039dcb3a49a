"""Charts of numbers with their bounds, in Altair: slices, groups, estimates, families."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from models.colours import BLUE, GREY, RED
from models.evaluation.ablation import Ablation
from models.evaluation.fairness import Treated
from models.evaluation.ratios import Interval
from models.evaluation.slices import Slice

MOST = 40  # rows of a chart that stay readable
WIDEST = 5.0  # times as many, beyond which a chart of ratios is cut
LABEL = alt.Axis(labelLimit=0)  # nothing is cut
WIDTH = 420
PADDING = {"left": 5, "right": 25, "top": 5, "bottom": 5}  # so that the last number is whole


@dataclass(frozen=True)
class Shown:
    """How numbers with bounds are drawn.

    title: in Chinese and English. zero: where nothing is. words: of a number that is surely off,
    and of another one. most: what is more is cut. format: of the axis.
    """

    title: tuple[str, str]
    axis: str
    zero: float
    words: tuple[str, str]
    most: float = np.inf
    format: str = ""


SLICES = Shown(
    (
        f"各组不合格数是预测的多少倍，95% 区间（至多 {MOST} 组）",
        "failures for each expected one, by slice, 95 % intervals",
    ),
    "实际 ÷ 预测 · observed ÷ expected",
    1.0,
    ("偏离 off", "看不出偏离 not surely off"),
    WIDEST,
)
FAIRNESS = Shown(
    (
        "同等风险下，各组查验数是应查的多少倍，95% 区间",
        "inspected for each that equal risk calls for, 95 % intervals",
    ),
    "实查 ÷ 同等风险下应查 · inspected ÷ called for",
    1.0,
    ("不同 unlike", "看不出不同 not surely unlike"),
    WIDEST,
)
ABLATION = Shown(
    (
        "去掉一族特征，平均精确率损失多少，95% 区间",
        "average precision lost without a family of features, 95 % intervals",
    ),
    "损失 · lost",
    0.0,
    ("确有损益 surely changed", "看不出差别 no difference shown"),
)
ESTIMATES = Shown(
    (
        "不合格比例：只看查验过的，与代表全部申报的，95% 区间",
        "share that fails, of the inspected and of all declared lines, 95 % intervals",
    ),
    "不合格比例 · share that fails",
    0.0,
    ("只看查验过的 naive", "代表全部申报 of all declared lines"),
    format="%",
)
COVERAGE = Shown(
    (
        "95% 区间包含真值的比例，按问题和估计方法",
        "how often a 95 % interval holds the truth, by question and estimator",
    ),
    "包含真值的比例 · share that holds the truth",
    0.95,
    ("低于 90% below 90 %", "90% 以上 90 % or more"),
    format="%",
)
LEAST_COVERAGE = 0.9


def slices(found: Sequence[Slice]) -> alt.LayerChart:
    """Return failures over expected ones: slices that are off first, then the largest."""
    told = [one for one in found if not one.few]
    chosen = sorted(told, key=lambda one: (not one.is_off, -one.lines))[:MOST]
    rows = [(_label(one), one.ratio, one.is_off) for one in chosen]
    return bounded(rows, SLICES)


def fairness(found: Sequence[Treated]) -> alt.LayerChart:
    """Return how many of each group are inspected for each that equal risk calls for."""
    told = [one for one in found if not one.few]
    chosen = sorted(told, key=lambda one: (not one.is_unlike, -one.lines))[:MOST]
    rows = [(_label(one), one.equal_risk, one.is_unlike) for one in chosen]
    return bounded(rows, FAIRNESS)


def _label(one: Slice | Treated) -> str:
    return f"{one.words[0]}：{one.value}（{one.lines} 项）"


def estimates(found: pd.DataFrame) -> alt.LayerChart:
    """Return the share of failures by question and estimator; ``models.evaluation.estimates``."""
    rows = [
        (
            _asked(row),
            Interval(row["value"], row["low"], row["high"]),
            row["estimator"] == "naive",
        )
        for row in found.to_dict("records")
    ]
    return bounded(rows, ESTIMATES)


def _asked(row: Mapping[Hashable, Any]) -> str:
    """Return which question a row answers, and by which estimator."""
    return f"{QUESTIONS.get(row['question'], row['question'])} · {ESTIMATED[row['estimator']]}"


QUESTIONS = {
    "all lines": "全部申报 all lines",
    "top 5%": "最可能的 5% top 5%",
    "top 10%": "最可能的 10% top 10%",
    "lower half": "较低的一半 lower half",
}
ESTIMATED = {
    "naive": "只看查验过的 naive",
    "inverse_propensity": "逆概率加权 inverse propensity",
    "doubly_robust": "双重稳健 doubly robust",
}


def ablation(found: Sequence[Ablation]) -> alt.LayerChart:
    """Return what average precision is lost without each family, the greatest loss first."""
    told = [(one, one.lost("average_precision")) for one in found]
    rows = [
        (
            f"{one.words[0]} {one.words[1]}",
            Interval(lost.difference, lost.low, lost.high),
            lost.verdict != 0,
        )
        for one, lost in sorted(told, key=lambda pair: -pair[1].difference)
    ]
    return bounded(rows, ABLATION)


def coverage(found: pd.DataFrame) -> alt.LayerChart:
    """Return how often intervals hold the truth: ``question``, ``estimator`` and ``coverage``."""
    rows = [
        (
            _asked(row),
            Interval(row["coverage"], row["coverage"], row["coverage"]),
            row["coverage"] < LEAST_COVERAGE,
        )
        for row in found.to_dict("records")
    ]
    return bounded(rows, COVERAGE)


def bounded(rows: Sequence[tuple[str, Interval, bool]], shown: Shown) -> alt.LayerChart:
    """Return numbers with their bounds, one below the other; what is surely off is red.

    rows: what each is called, its number, whether it is off. Beyond the most a bar is cut.
    """
    frame = pd.DataFrame(
        [
            {
                "name": name,
                "value": min(told.value, shown.most),
                "low": min(told.low, shown.most),
                "high": min(told.high, shown.most),
                "off": shown.words[0 if off else 1],
            }
            for name, told, off in rows
        ],
        columns=["name", "value", "low", "high", "off"],
    )
    base = alt.Chart(frame, title=title(shown.title)).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=LABEL),
        color=colours("off", dict(zip(shown.words, (RED, BLUE), strict=True))),
    )
    axis = alt.Axis(format=shown.format)
    bars = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("low:Q", title=shown.axis, axis=axis), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=alt.X("value:Q", title=shown.axis, axis=axis)
    )
    zero = alt.Chart().mark_rule(color=GREY, strokeDash=[4, 4]).encode(x=alt.datum(shown.zero))
    layers = zero + bars + dots
    chart: alt.LayerChart = layers.properties(width=WIDTH, padding=PADDING)
    return chart


def title(words: tuple[str, str]) -> alt.TitleParams:
    """Return a title in Chinese with the English one below it."""
    return alt.TitleParams(words[0], subtitle=words[1], anchor="start")


def colours(field: str, names: dict[str, str]) -> alt.Color:
    """Return the colour of each name of a field, told below the chart."""
    return alt.Color(
        f"{field}:N",
        title=None,
        scale=alt.Scale(domain=list(names), range=list(names.values())),
        legend=alt.Legend(orient="bottom", labelLimit=0, columns=1),
    )
