"""Chart of two models on the same lines, in Altair: the differences, and both lift curves."""

import altair as alt
import pandas as pd

from models import charts
from models.colours import BLUE, GREEN, GREY, RED
from models.comparison import ERRORS, NAMES, Comparison

VERDICTS = {1: "更好 better", 0: "看不出差别 no difference shown", -1: "更差 worse"}
DIFFERENCES = "候选减现役，95% 区间 · challenger less champion, 95 % intervals"
LIFTS = "按风险排序查验，发现多少不合格 · failures found by capacity"
HEIGHT = 320


def chart(found: Comparison, names: tuple[str, str]) -> alt.HConcatChart:
    """Return both charts side by side. names: of the champion and the challenger."""
    both = alt.hconcat(differences(found), lifts(found, names), spacing=40)
    shown: alt.HConcatChart = both.resolve_scale(color="independent")
    return shown


def differences(found: Comparison) -> alt.LayerChart:
    """Return each metric's difference with its interval; errors are better where smaller."""
    rows = [
        {
            "metric": " ".join(dict.fromkeys(NAMES[name])) + ("（越小越好）" * (name in ERRORS)),
            "difference": d.difference,
            "low": d.low,
            "high": d.high,
            "verdict": VERDICTS[d.verdict],
        }
        for name, d in found.differences.items()
    ]
    base = alt.Chart(pd.DataFrame(rows), title=DIFFERENCES).encode(
        y=alt.Y("metric", sort=None, title=None, axis=alt.Axis(labelLimit=300)),
        color=alt.Color(
            "verdict",
            title=None,
            scale=alt.Scale(domain=list(VERDICTS.values()), range=[GREEN, GREY, RED]),
            legend=alt.Legend(orient="bottom", labelLimit=250),
        ),
    )
    title = "差 · difference"
    bars = base.mark_rule(strokeWidth=3).encode(x=alt.X("low", title=title), x2="high")
    dots = base.mark_point(filled=True, size=80).encode(x=alt.X("difference", title=title))
    zero = alt.Chart().mark_rule(color=GREY, strokeDash=[4, 4]).encode(x=alt.datum(0))
    layers: alt.LayerChart = (bars + dots + zero).properties(width=360, height=HEIGHT)
    return layers


def lifts(found: Comparison, names: tuple[str, str]) -> alt.LayerChart:
    """Return the share of failures found against the share inspected, for both and for chance."""
    curves = pd.concat(
        charts.curve(found.lines.failed, said).assign(model=name)
        for name, said in zip(names, (found.champion, found.challenger), strict=True)
    )
    base = alt.Chart(curves, title=LIFTS)
    lines = base.mark_line().encode(
        x=alt.X("inspected", title="查验比例 · share inspected", axis=alt.Axis(format="%")),
        y=alt.Y("found", title="发现比例 · share of failures found", axis=alt.Axis(format="%")),
        color=alt.Color(
            "model",
            title=None,
            scale=alt.Scale(domain=list(names), range=[BLUE, RED]),
            legend=alt.Legend(orient="bottom"),
        ),
    )
    chance = base.mark_line(color=GREY, strokeDash=[4, 4]).encode(x="inspected", y="inspected")
    layers: alt.LayerChart = (lines + chance).properties(width=420, height=HEIGHT)
    return layers
