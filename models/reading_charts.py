"""Charts of what a risk model has learned, in Altair."""

import altair as alt
import pandas as pd

from features.aggregates import KIND_LABELS
from features.feature_set import DECLARED
from models.colours import BLUE, GREY, RED

LABELS = alt.Axis(labelLimit=420)
ROW = 36  # pixels of a feature's dots
GOLDEN = 0.6180339887  # its multiples spread evenly between 0 and 1, without chance
MOVED = "对数几率 · log-odds"
FAMILIES = {
    DECLARED: "申报内容 declared",
    **{kind: f"{zh} {en}" for kind, (zh, en) in KIND_LABELS.items()},
}


def importance(frame: pd.DataFrame, *, most: int = 15) -> alt.Chart:
    """Return the features that move the likelihood most, by meaning; frame: ``importance``'s."""
    bars = alt.Chart(_named(frame.head(most)), title="哪些特征最起作用 · what moves it most")
    chart: alt.Chart = (
        bars.mark_bar()
        .encode(
            x=alt.X("moved", title=f"平均移动 · mean move, {MOVED}"),
            y=alt.Y("zh", sort=None, title=None, axis=LABELS),
            color=alt.Color("family", title=None),
            tooltip=["feature", "en"],
        )
        .properties(width=420)
    )
    return chart


def families(frame: pd.DataFrame) -> alt.Chart:
    """Return what share of all moves each family of features makes; frame: ``importance``'s."""
    shares = frame.groupby("family", sort=False)["moved"].sum() / (frame["moved"].sum() or 1.0)
    rows = _named(shares.sort_values(ascending=False).rename("share").reset_index())
    bars = alt.Chart(rows, title="各类特征的分量 · by family").mark_bar(color=BLUE)
    chart: alt.Chart = bars.encode(
        x=alt.X("share", title="占全部移动 · share of all moves", axis=alt.Axis(format="%")),
        y=alt.Y("family", sort=None, title=None, axis=LABELS),
    ).properties(width=420)
    return chart


def dependence(frame: pd.DataFrame, title: str) -> alt.LayerChart:
    """Return every line's curve and, red, their mean; frame: ``dependence``'s.

    title: what the feature means.
    """
    base = alt.Chart(frame, title=alt.Title(title, fontSize=12, limit=380))
    share = alt.Axis(format="%")
    each = base.mark_line(color=BLUE, opacity=0.2, strokeWidth=1).encode(
        x=alt.X("value", title="取值，对数刻度 · value, log", scale=alt.Scale(type="symlog")),
        y=alt.Y("likelihood", title="不合格概率 · likelihood", axis=share),
        detail="line",
    )
    mean = base.mark_line(color=RED, strokeWidth=3).encode(x="value", y="mean(likelihood)")
    chart: alt.LayerChart = (each + mean).properties(width=340, height=200)
    return chart


def swarm(frame: pd.DataFrame) -> alt.Chart:
    """Return a dot for each line and feature, red where the value is high; frame: ``swarm``'s.

    A grey dot has no value.
    """
    spread = frame.assign(beside=(frame["line"] * GOLDEN) % 1)
    dots = alt.Chart(spread, title="每个点是一个申报商品项 · each dot is a line")
    color = alt.Color(
        "rank:Q",
        title=["取值", "low – high"],
        scale=alt.Scale(range=[BLUE, RED], domain=[0, 1]),
        legend=alt.Legend(format="%"),
    )
    chart: alt.Chart = (
        dots.mark_circle(size=14, opacity=0.7, invalid="show")
        .encode(
            x=alt.X("moved", title=f"移动 · moves, {MOVED}"),
            y=alt.Y("zh", sort=None, title=None, axis=LABELS),
            yOffset=alt.YOffset("beside", scale=alt.Scale(domain=[-0.3, 1.3])),
            color=alt.condition("!isValid(datum.rank)", alt.value(GREY), color),
            tooltip=["feature", "value", "moved"],
        )
        .properties(width=420, height=ROW * frame["feature"].nunique())
    )
    return chart


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(family=frame["family"].map(lambda name: FAMILIES.get(name, name)))
