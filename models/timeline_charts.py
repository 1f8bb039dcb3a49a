"""Charts of one enterprise through time, in Altair: what was known when, and what was believed."""

import altair as alt
import pandas as pd

from models.colours import BLUE, RED
from models.reading_charts import FAMILIES

WIDTH = 620
KINDS = {
    "declaration": "申报 declared",
    "inspection": "查验 inspected",
    "report": "风险信息 reports",
    "credit": "信用 credit",
    "warning": "预警 warnings",
}


def facts(history: pd.DataFrame) -> alt.LayerChart:
    """Return facts where they became known, each with a line back to when it happened.

    history: ``kind``, ``happened_at``, ``known_at``, ``told``. Failed inspections are red.
    """
    named = history.assign(
        kind=history["kind"].map(KINDS),
        failed=(history["kind"] == "inspection") & (history["told"] == "fail"),
    )
    title = "何时发生（线的起点），何时得知（点）· when it happened (line), when it was known (dot)"
    base = alt.Chart(named, title=title).encode(
        y=alt.Y("kind:N", sort=list(KINDS.values()), title=None),
        color=alt.condition("datum.failed", alt.value(RED), alt.value(BLUE)),
    )
    late = base.mark_rule(opacity=0.5).encode(x="happened_at:T", x2="known_at:T")
    dots = base.mark_circle(size=45, opacity=0.7).encode(
        x=alt.X("known_at:T", title=None), tooltip=["told", "happened_at", "known_at"]
    )
    chart: alt.LayerChart = (late + dots).properties(width=WIDTH, height=150)
    return chart


def course(believed: pd.DataFrame, marks: pd.Series) -> alt.LayerChart:
    """Return the likelihood through time, with moments marked by their names.

    believed: ``at``, ``likelihood``. marks: moments by name; a missing one is left out.
    """
    base = alt.Chart(believed, title="不合格概率的变化 · likelihood through time")
    line = base.mark_line(color=RED, interpolate="step-after").encode(
        x=alt.X("at:T", title=None),
        y=alt.Y("likelihood", title="不合格概率 · likelihood", axis=alt.Axis(format="%")),
    )
    told = marks.dropna().rename("at").rename_axis("name").reset_index()
    rules = (
        alt.Chart(told)
        .mark_rule(strokeDash=[4, 4], strokeWidth=2)
        .encode(
            x="at:T",
            color=alt.Color(
                "name:N",
                sort=None,
                title=None,
                scale=alt.Scale(scheme="dark2"),
                legend=alt.Legend(orient="bottom", labelLimit=300),
            ),
        )
    )
    chart: alt.LayerChart = (rules + line).properties(width=WIDTH, height=240)
    return chart


def moves(moved: pd.DataFrame) -> alt.Chart:
    """Return what each family of features moved through time, above and below the usual line.

    moved: a column of log-odds for each family, indexed by moment.
    """
    long = moved.rename_axis("at").rename(columns=FAMILIES).reset_index()
    rows = long.melt("at", var_name="family", value_name="moved")
    bars = alt.Chart(rows, title="由哪类特征推动 · moved by which features")
    chart: alt.Chart = (
        bars.mark_bar(size=9)
        .encode(
            x=alt.X("at:T", title=None),
            y=alt.Y("moved", title="对数几率 · log-odds"),
            color=alt.Color("family:N", title=None),
            tooltip=["family", "moved"],
        )
        .properties(width=WIDTH, height=240)
    )
    return chart
