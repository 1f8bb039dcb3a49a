"""Charts of a model in use, in Altair: what drifted, calibration by month, how fresh feeds are."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from features.feature_set import FeatureSet
from models.colours import BLUE, GREY, RED
from models.monitoring import drift_words, feed_words
from models.monitoring.drift import Drift
from models.monitoring.freshness import Feed

SHOWN = 15
MONTHS = "实际（红）与预测（蓝，带为偶然范围）· observed (red), said (blue, and what chance leaves)"


def drift(found: Drift, features: FeatureSet) -> alt.LayerChart:
    """Return the columns that stand out most, with the bound above which they alarm.

    There must be a rank. Columns that alarm are red.
    """
    assert found.rank is not None, "nothing was ranked"
    rows = [
        {
            "feature": drift_words.meaning(found.columns[i].name, features, language=0),
            "name": found.columns[i].name,
            "standing": max(0.0, float(found.rank.standing[i])),
            "alarms": bool(found.rank.named[i]),
        }
        for i in found.order[:SHOWN]
    ]
    title = f"最近{found.sampled.days}天的漂移 · drift of the last {found.sampled.days} days"
    bars = (
        alt.Chart(pd.DataFrame(rows), title=title)
        .mark_bar()
        .encode(
            x=alt.X("standing", title="离平常多远（倍） · how far from usual"),
            y=alt.Y("feature", sort=None, title=None, axis=alt.Axis(labelLimit=420)),
            color=alt.condition("datum.alarms", alt.value(RED), alt.value(BLUE)),
            tooltip=["name"],
        )
    )
    chart: alt.LayerChart = (bars + _line(found.rank.bound)).properties(width=420)
    return chart


def calibration(months: pd.DataFrame) -> alt.LayerChart:
    """Return by month how many lines failed, how many were said to, and what chance leaves."""
    base = alt.Chart(months, title=MONTHS).encode(
        x=alt.X("month", title="申报月份 · month of declaration", axis=alt.Axis(labelAngle=-45))
    )
    share = alt.Axis(format="%")
    band = base.mark_bar(color=BLUE, opacity=0.25, width=14).encode(
        y=alt.Y("low", title="不合格比例 · share that failed", axis=share), y2="high"
    )
    said = base.mark_tick(color=BLUE, width=14, thickness=2).encode(y="expected")
    was = base.mark_point(color=RED, filled=True, size=50).encode(
        y="observed", tooltip=["month", "lines"]
    )
    chart: alt.LayerChart = (band + said + was).properties(width=420, height=280)
    return chart


def freshness(feeds: Sequence[Feed]) -> alt.LayerChart:
    """Return how long each feed has been silent as a share of the silence that alarms."""
    rows = [
        {
            "feed": feed_words.name(f.name, 0),
            "share": min(f.silent / f.bound, 2.0),
            "alarms": f.is_silent,
            "silent": round(f.silent, 1),
            "bound": round(f.bound, 1),
        }
        for f in feeds
        if not np.isnan(f.bound)
    ]
    title = "各来源多久没有数据 · how long each feed has been silent"
    bars = (
        alt.Chart(
            pd.DataFrame(rows, columns=["feed", "share", "alarms", "silent", "bound"]), title=title
        )
        .mark_bar()
        .encode(
            x=alt.X(
                "share:Q",
                title="占报警界限的比例 · share of the silence that alarms",
                axis=alt.Axis(format="%"),
            ),
            y=alt.Y("feed:N", sort=None, title=None),
            color=alt.condition("datum.alarms", alt.value(RED), alt.value(BLUE)),
            tooltip=["silent:Q", "bound:Q"],
        )
    )
    chart: alt.LayerChart = (bars + _line(1.0)).properties(width=420)
    return chart


def _line(at: float) -> alt.Chart:
    """Return the bound as a dashed line."""
    rule: alt.Chart = (
        alt.Chart(pd.DataFrame({"bound": [at]}))
        .mark_rule(color=GREY, strokeDash=[4, 4])
        .encode(x="bound")
    )
    return rule
