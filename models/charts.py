"""Charts of how a risk model did, in Altair: for runs, notebooks and pages alike."""

import altair as alt
import numpy as np
import pandas as pd

from models.colours import BLUE, GREY, RED
from models.metrics import Failed, Scores, ranked

BINS = 10


def lift(failed: Failed, scores: Scores) -> alt.LayerChart:
    """Return the share of failures found against the share of lines inspected."""
    base = alt.Chart(
        curve(failed, scores), title="按风险排序查验，发现多少不合格 · failures found by capacity"
    )
    line = base.mark_line(color=RED).encode(
        x=alt.X("inspected", title="查验比例 · share inspected", axis=alt.Axis(format="%")),
        y=alt.Y("found", title="发现比例 · share of failures found", axis=alt.Axis(format="%")),
    )
    chance = base.mark_line(color=GREY, strokeDash=[4, 4]).encode(x="inspected", y="inspected")
    chart: alt.LayerChart = (line + chance).properties(width=420, height=320)
    return chart


def curve(failed: Failed, scores: Scores) -> pd.DataFrame:
    """Return the points of a lift, at most two hundred: ``inspected`` and ``found`` shares."""
    found = np.cumsum(failed[ranked(scores)]) / max(1, failed.sum())
    inspected = np.arange(1, len(found) + 1) / len(found)
    shown = np.unique(np.linspace(0, len(found) - 1, 200).astype(int))
    return pd.DataFrame({"inspected": inspected[shown], "found": found[shown]})


def reliability(failed: Failed, probability: Scores) -> alt.LayerChart:
    """Return how often lines failed against how likely they were said to; both axes are alike."""
    parts = np.array_split(np.argsort(probability, kind="stable"), min(BINS, len(failed)))
    points = pd.DataFrame(
        {
            "said": [probability[p].mean() for p in parts],
            "was": [failed[p].mean() for p in parts],
            "lines": [len(p) for p in parts],
        }
    )
    top = points[["said", "was"]].to_numpy().max() or 1.0
    axis, scale = alt.Axis(format="%"), alt.Scale(domain=[0, top])
    base = alt.Chart(points, title="说的概率与实际 · said and observed")
    dots = base.mark_line(point=True, color=BLUE).encode(
        x=alt.X("said", title="预测概率 · said", axis=axis, scale=scale),
        y=alt.Y("was", title="实际比例 · observed", axis=axis, scale=scale),
        tooltip=["lines"],
    )
    honest = base.mark_rule(color=GREY, strokeDash=[4, 4]).encode(
        x=alt.datum(0), y=alt.datum(0), x2=alt.datum(top), y2=alt.datum(top)
    )
    chart: alt.LayerChart = (dots + honest).properties(width=420, height=320)
    return chart


def importance(gains: dict[str, float], *, most: int = 20) -> alt.Chart:
    """Return the features that a booster gained most by."""
    top = sorted(gains.items(), key=lambda pair: -pair[1])[:most]
    frame = pd.DataFrame(top, columns=["feature", "gain"])
    bars = alt.Chart(frame, title="特征贡献 · gain by feature").mark_bar(color=BLUE)
    chart: alt.Chart = bars.encode(
        x=alt.X("gain", title="增益 · gain"),
        y=alt.Y("feature", sort=None, title=None, axis=alt.Axis(labelLimit=0)),
    ).properties(width=420)
    return chart
