"""Charts of a ranking, in Altair: honest likelihoods, lift, precision and recall by capacity."""

import altair as alt
import numpy as np
import pandas as pd

from models.colours import BLUE, GREY, RED
from models.evaluation import ratios
from models.evaluation.bounded import WIDTH, colours, title
from models.evaluation.judged import Judged
from models.metrics import Scores, ranked
from models.splits import Mask

BINS = 10
POINTS = 200  # of a curve
SHARE = alt.Axis(format="%", tickCount=6)
HEIGHT = 320


def reliability(judged: Judged) -> alt.LayerChart:
    """Return how often lines failed against how likely they were said to, with bounds.

    Lines in ten bins of equal number, weighed by what they speak for; bounds as of enterprises.
    """
    order = np.argsort(judged.likelihood, kind="stable")
    parts = np.array_split(order, min(BINS, len(order)))
    points = pd.DataFrame([_bin(judged, np.isin(np.arange(len(judged)), part)) for part in parts])
    top = float(points[["said", "high"]].to_numpy().max()) or 1.0
    scale = alt.Scale(domain=[0, min(1.0, top)])
    words = ("说的概率与实际，95% 区间", "likelihood said, and share that failed")
    base = alt.Chart(points, title=title(words)).encode(
        x=alt.X("said", title="预测概率 · said", axis=SHARE, scale=scale)
    )
    observed = "实际比例 · observed"
    bars = base.mark_rule(color=BLUE, strokeWidth=2).encode(
        y=alt.Y("low", title=observed, axis=SHARE, scale=scale), y2="high"
    )
    dots = base.mark_line(point=True, color=BLUE).encode(
        y=alt.Y("was", title=observed, axis=SHARE, scale=scale), tooltip=["lines"]
    )
    honest = base.mark_rule(color=GREY, strokeDash=[4, 4]).encode(
        x=alt.datum(0), y=alt.datum(0), x2=alt.datum(min(1.0, top)), y2=alt.datum(min(1.0, top))
    )
    chart: alt.LayerChart = (honest + bars + dots).properties(width=WIDTH, height=HEIGHT)
    return chart


def _bin(judged: Judged, rows: Mask) -> dict[str, float]:
    w = judged.weight[rows]
    was = ratios.share(w * judged.failed[rows], w, group=judged.group[rows])
    said = float(np.average(judged.likelihood[rows], weights=w))
    ends = {"was": was.value, "low": was.low, "high": was.high}
    return {"said": said, **ends, "lines": float(rows.sum())}


def capacity(judged: Judged) -> alt.Chart:
    """Return precision and recall against the share of the lines that is inspected.

    Lines as they are, in order of likelihood, from the first hundredth on.
    """
    found, shown = _found(judged)
    curves = {
        "命中率 precision": found / shown,
        "发现率 recall": found / max(1, found[-1]),
        "随机的命中率 precision of chance": np.full(len(shown), judged.failed.mean()),
    }
    frame = pd.concat(
        pd.DataFrame({"inspected": shown / len(judged), "share": values, "of": name})
        for name, values in curves.items()
    )
    words = ("查验多少，命中多少、发现多少", "precision and recall by capacity")
    lines = alt.Chart(frame, title=title(words)).mark_line()
    chart: alt.Chart = lines.encode(
        x=alt.X("inspected", title="查验比例 · share inspected", axis=SHARE),
        y=alt.Y("share", title="比例 · share", axis=SHARE, scale=alt.Scale(domain=[0, 1])),
        color=colours("of", dict(zip(curves, (BLUE, RED, GREY), strict=True))),
    ).properties(width=WIDTH, height=HEIGHT)
    return chart


def lift(judged: Judged) -> alt.LayerChart:
    """Return how many times as many failures are found as by chance, against the share inspected.

    From the first hundredth of the lines on; chance is one.
    """
    found, shown = _found(judged)
    rate = max(1, found[-1]) / len(judged)
    frame = pd.DataFrame({"inspected": shown / len(judged), "lift": found / shown / rate})
    words = ("按风险查验，发现的不合格是随机的多少倍", "lift by capacity")
    line = (
        alt.Chart(frame, title=title(words))
        .mark_line(color=RED)
        .encode(
            x=alt.X("inspected", title="查验比例 · share inspected", axis=SHARE),
            y=alt.Y("lift", title="提升倍数 · lift", scale=alt.Scale(domainMin=0)),
        )
    )
    chance = alt.Chart().mark_rule(color=GREY, strokeDash=[4, 4]).encode(y=alt.datum(1))
    chart: alt.LayerChart = (line + chance).properties(width=WIDTH, height=HEIGHT)
    return chart


def _found(judged: Judged) -> tuple[Scores, Scores]:
    """Return how many failures are among how many of the likeliest lines, at some points."""
    found = np.cumsum(judged.failed[ranked(judged.likelihood)])
    shown = np.unique(np.geomspace(max(1, len(found) // 100), len(found), POINTS).astype(int))
    return found[shown - 1].astype(float), shown.astype(float)
