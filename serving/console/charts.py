"""Charts as SVG, drawn on the server by Altair; they need no script and nothing from elsewhere."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from markupsafe import Markup

from features.reasons import Reason
from serving.console import words

COLOURS = {"serious": "#b3261e", "high": "#d97706", "medium": "#c9a400", "low": "#5b8a72"}
INK, FAINT = "#44515f", "#e3e7ec"
FONT = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
KEPT = 256  # drawings


def levels(by_day: pd.DataFrame) -> Markup:
    """Return decisions by day and level as stacked bars."""
    return _levels(tuple(by_day.itertuples(index=False, name=None)))


@lru_cache(maxsize=KEPT)
def _levels(rows: tuple[tuple[str, str, int], ...]) -> Markup:
    shown = [
        {"日期": day, "等级": words.LEVELS[level], "数量": count, "次序": place}
        for day, level, count in rows
        for place in [list(words.LEVELS).index(level)]
    ]
    colours = alt.Scale(domain=list(words.LEVELS.values()), range=list(COLOURS.values()))
    chart = (
        alt.Chart(pd.DataFrame(shown))
        .mark_bar(size=26, cornerRadiusTopLeft=1, cornerRadiusTopRight=1)
        .encode(
            x=alt.X("日期:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("数量:Q", title=None, axis=alt.Axis(tickCount=4, tickMinStep=1, format=",d")),
            color=alt.Color("等级:N", scale=colours, legend=None),
            order=alt.Order("次序:Q"),
        )
        .properties(width=1050, height=150)
    )
    return _drawn(chart)


def contributions(reasons: Sequence[Reason]) -> Markup:
    """Return how much each reason adds to the likelihood, as bars in log-odds."""
    return _contributions(tuple(reason.contribution for reason in reasons))


@lru_cache(maxsize=KEPT)
def _contributions(shares: tuple[float, ...]) -> Markup:
    shown = pd.DataFrame(
        [{"理由": f"理由 {place}", "贡献": share} for place, share in enumerate(shares, start=1)]
    )
    chart = alt.Chart(shown).encode(
        y=alt.Y("理由:N", title=None, sort=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("贡献:Q", title="推高不合格概率的力度（对数几率）", axis=alt.Axis(tickCount=4)),
    )
    bars = chart.mark_bar(size=16, color="#1f4e79", cornerRadiusEnd=2)
    numbers = chart.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(
        text=alt.Text("贡献:Q", format="+.2f")
    )
    return _drawn((bars + numbers).properties(width=270, height=34 * len(shares)))


def _drawn(chart: alt.Chart | alt.LayerChart) -> Markup:
    """Return a chart as SVG; its texts were escaped by the drawer."""
    styled: Any = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=FAINT,
            domainColor=FAINT,
            tickColor=FAINT,
        )
    )
    return Markup(vl_convert.vegalite_to_svg(styled.to_json(), allowed_base_urls=[]))
