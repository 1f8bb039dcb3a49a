"""Charts of a replay, in Altair: week by week, and estimates beside the truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import altair as alt
import pandas as pd

from models.colours import BLUE, GREEN, GREY, RED

POLICIES = {
    "random": "随机 random",
    "agency": "口岸原有规则 the port's own rules",
    "threshold": "按概率 by likelihood",
    "price": "按价格 by price",
    "floors": "按价格，有下限 price with floors",
    "oracle": "全知 oracle",
}
COLOURS = (GREY, "#8a6d3b", GREEN, BLUE, RED, "#222222")
ESTIMATORS = {
    "naive": "只看查验过的 naive",
    "inverse_propensity": "逆概率加权 inverse propensity",
    "self_normalised": "自归一 self-normalised",
    "doubly_robust": "双重稳健 doubly robust",
}
QUANTITIES = {
    "hit_rate": "命中率 hit rate",
    "harm_per_hour": "每工时避免的伤害 harm averted per hour",
}
SMOOTH = 4  # weeks that a hit rate is taken over, as a week has few inspections
WIDTH, HEIGHT = 380, 260


@dataclass(frozen=True)
class Course:
    """The weeks of one replay: ``pipelines.replay.found.weekly``, and when its world drifts.

    title: what it was played on, in both languages.
    """

    title: str
    weeks: pd.DataFrame
    drifted_at: datetime | None = None


@dataclass(frozen=True)
class Drawn:
    """How one column of the weeks is drawn: its name, the axis, the format of its numbers."""

    column: str
    axis: str
    format: str = ""
    without: tuple[str, ...] = ()


DRAWN = {
    "harm": Drawn("harm_so_far", "累计避免的伤害 · harm averted so far", ",.0f"),
    "hit_rate": Drawn("hit_rate", f"命中率，{SMOOTH} 周平均 · hit rate over {SMOOTH} weeks", "%"),
    "enterprises": Drawn("enterprises", "已查到的企业 · enterprises inspected so far", "%"),
    "regret": Drawn(
        "regret_so_far",
        "累计遗憾：全知者多避免的伤害 · regret so far",
        ",.0f",
        without=("oracle",),
    ),
}


def weekly(courses: Sequence[Course]) -> dict[str, alt.HConcatChart]:
    """Return a chart by name for each of harm, hit rate, enterprises and regret, by week."""
    return {name: course(courses, drawn) for name, drawn in DRAWN.items()}


def course(courses: Sequence[Course], drawn: Drawn) -> alt.HConcatChart:
    """Return one number by week, a line for each policy; replays stand side by side."""
    both = alt.hconcat(*(_lines(each, drawn) for each in courses), spacing=30)
    chart: alt.HConcatChart = both.resolve_scale(y="shared")
    return chart


def means(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return the weeks of each policy as the mean of its repetitions, named in both languages.

    The hit rate is that of the last ``SMOOTH`` weeks.
    """
    each = weeks.groupby(["policy", "begins_at"], sort=False).mean(numeric_only=True).reset_index()
    lately = each.groupby("policy", sort=False)[["failures", "lines"]].rolling(SMOOTH, 1).sum()
    rate = (lately["failures"] / lately["lines"]).droplevel(0)
    return each.assign(hit_rate=rate, policy=each["policy"].map(POLICIES))


def _lines(told: Course, drawn: Drawn) -> alt.LayerChart | alt.FacetChart:
    shown = told.weeks[~told.weeks["policy"].isin(drawn.without)]
    named = [name for policy, name in POLICIES.items() if policy in set(shown["policy"])]
    colour = dict(zip(POLICIES.values(), COLOURS, strict=True))
    lines = alt.Chart(means(shown), title=told.title).mark_line(strokeWidth=2)
    layers = lines.encode(
        x=alt.X("begins_at:T", title=None, axis=alt.Axis(format="%Y-%m", tickCount="month")),
        y=alt.Y(f"{drawn.column}:Q", title=drawn.axis, axis=alt.Axis(format=drawn.format)),
        color=alt.Color(
            "policy:N",
            title=None,
            scale=alt.Scale(domain=named, range=[colour[name] for name in named]),
            legend=alt.Legend(orient="bottom", columns=3, labelLimit=0),
        ),
    )
    moments = pd.DataFrame({"at": [told.drifted_at] if told.drifted_at else []})
    moment = moments.assign(at=pd.to_datetime(moments["at"], utc=True))
    rule = alt.Chart(moment).mark_rule(strokeDash=[4, 4], color=GREY).encode(x="at:T")
    name = alt.Chart(moment).mark_text(text="漂移 drift", align="left", dx=4, color=GREY)
    placed = name.encode(x="at:T", y=alt.value(8))
    both = alt.layer(layers, rule, placed)
    return both.properties(width=WIDTH, height=HEIGHT)


def estimates(found: pd.DataFrame) -> alt.FacetChart:
    """Return each estimate's interval, and the truth in red where it is known.

    found: rows of ``models.evaluation.off_policy.compared``, with ``truth``.
    """
    told = found[found["quantity"].isin(QUANTITIES)].copy()
    for column, names in (
        ("policy", POLICIES),
        ("estimator", ESTIMATORS),
        ("quantity", QUANTITIES),
    ):
        told[column] = told[column].map(names)
    base = alt.Chart(told).encode(
        y=alt.Y(
            "estimator:N",
            sort=[*ESTIMATORS.values()],
            title=None,
            axis=alt.Axis(labelLimit=0),
        ),
        color=alt.condition(
            alt.datum.estimator == ESTIMATORS["naive"], alt.value(GREY), alt.value(BLUE)
        ),
    )
    bars = base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title=None), x2="high:Q")
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(x="value:Q")
    true = alt.Chart(told).mark_rule(color=RED, strokeDash=[4, 4]).encode(x="truth:Q")
    layers = alt.layer(bars, dots, true, data=told).properties(width=280, height=70)
    chart: alt.FacetChart = layers.facet(
        row=alt.Row("policy:N", sort=[*POLICIES.values()], title=None, header=SIDEWAYS),
        column=alt.Column("quantity:N", sort=[*QUANTITIES.values()], title=None),
        title=alt.TitleParams(
            "没有执行过的策略会查到什么：95% 区间与真相（红）",
            subtitle="what policies that were never run would find: 95 % intervals, truth in red",
            anchor="start",
        ),
    ).resolve_scale(x="independent")
    return chart


SIDEWAYS = alt.Header(labelAngle=0, labelAlign="left", labelLimit=0)
