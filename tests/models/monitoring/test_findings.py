"""What changed is said in two languages with what to do; what did not is not spoken of."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.feature_set import FeatureSet
from models.monitoring import charts, drift, findings, report
from models.monitoring.answers import Answers, Outcomes
from models.monitoring.calibration import Comparison
from models.monitoring.drift import Drift
from models.monitoring.expected import Promise
from models.monitoring.freshness import Feed, Thinning
from models.monitoring.periods import NEEDED, Sampled
from models.splits import Period

AS_OF = datetime(2025, 6, 30, tzinfo=UTC)
MONTH = timedelta(days=30)
FEATURES = FeatureSet(("declaration_value_log", "x_age"), (), ("origin",))
LINES = 60


def drifted(shift: float) -> Drift:
    """Two numbers over months, the first of them shifted in the last."""
    rng = np.random.default_rng(61)
    ends = [AS_OF - i * MONTH for i in reversed(range(NEEDED))]
    sampled = Sampled(
        30,
        tuple(Period(end - MONTH, end) for end in ends),
        np.arange(NEEDED * LINES).reshape(NEEDED, LINES),
    )
    values = rng.normal(size=(2, NEEDED, LINES))
    values[0, -1] += shift
    columns = [drift.number(n, v) for n, v in zip(FEATURES.numeric, values, strict=True)]
    return drift.judged(sampled, columns, left_out=())


FEED = Feed("laboratory", 400, AS_OF - timedelta(days=2), 2.0, 3.0, 9.0)
RIGHT = Comparison("all", 500, 0.10, 0.11, 0.08, 0.14, 0.6)
OUTCOMES = Outcomes(
    learned=AS_OF - timedelta(days=200),
    as_of=AS_OF,
    ripe=timedelta(days=7),
    lines=500,
    failures=50,
    tests=[RIGHT, Comparison("slope", 500, 1.1, 1.0, 0.7, 1.3, 0.8)],
    kept=[Promise("auc", 0.80, 0.74, 0.86, 0.79, 0.7)],
    months=pd.DataFrame(
        {"month": ["2025-05"], "observed": [0.1], "expected": [0.11], "low": [0.05], "high": [0.2]}
    ).assign(lines=[500]),
)
QUIET = Answers(
    features=FEATURES,
    drift=drifted(0.0),
    outcomes=OUTCOMES,
    promised=[Promise("auc", 0.81, 0.7, 0.9)],
    confusion={"hit": 0.02},
    feeds=[FEED],
    thinning=Thinning(("laboratory",), 30, np.full((3, 1), 5.0), None),
)


def test_where_nothing_changed_nothing_but_that_is_said() -> None:
    (said,) = findings.findings(QUIET)
    assert (said.question, said.severity, said.zh) == ("all", "ok", "没有超出偶然的变化")


CHANGED: dict[str, tuple[Answers, str, str, str]] = {
    "drift": (
        replace(QUIET, drift=drifted(8.0)),
        "act",
        "申报货值（分）的对数：中位数",
        "check the declaration feed",
    ),
    "too low": (
        replace(QUIET, outcomes=replace(OUTCOMES, tests=[replace(RIGHT, observed=0.2, p=0.001)])),
        "act",
        "全部：不合格概率偏低。500项已出结果，实际不合格20%，预测11%",
        "retrain",
    ),
    "a little too high": (
        replace(QUIET, outcomes=replace(OUTCOMES, tests=[replace(RIGHT, observed=0.09, p=0.01)])),
        "watch",
        "全部：不合格概率偏高",
        "retrain",
    ),
    "slope": (
        replace(
            QUIET,
            outcomes=replace(OUTCOMES, tests=[Comparison("slope", 9, 0.5, 1, 0.8, 1.2, 0.01)]),
        ),
        "watch",
        "拉得过开",
        "retrain",
    ),
    "performance": (
        replace(
            QUIET, outcomes=replace(OUTCOMES, kept=[Promise("auc", 0.8, 0.75, 0.85, 0.6, 0.001)])
        ),
        "act",
        "排序能力 AUC低于概率本身所允诺的：0.600 < 0.800",
        "retrain",
    ),
    "silent": (
        replace(QUIET, feeds=[replace(FEED, silent=12.0)]),
        "act",
        "实验室通报已12.0天没有新数据",
        "check the feed",
    ),
}


@pytest.mark.parametrize("what", CHANGED)
def test_each_change_is_said_with_what_to_do(what: str) -> None:
    answers, severity, zh, todo = CHANGED[what]
    (said,) = findings.findings(answers)
    assert said.severity == severity
    assert zh in said.zh
    assert todo in said.todo_en
    assert said.todo_zh
    assert said.en


def test_the_gravest_stands_first_and_what_cannot_be_judged_last() -> None:
    unripe = replace(OUTCOMES, tests=[], kept=[], lines=3, failures=1)
    told = findings.findings(
        replace(QUIET, outcomes=unripe, feeds=[replace(FEED, silent=12.0)], promised=[])
    )
    assert [(f.question, f.severity) for f in told] == [("freshness", "act"), ("calibration", "ok")]
    assert "只有3项，不合格1项" in told[1].zh
    first, *_ = findings.findings(replace(QUIET, outcomes=unripe))
    assert first.zh == "凡能判断的，没有超出偶然的变化"


def test_a_moment_before_the_model_learned_cannot_be_judged_by_its_outcomes() -> None:
    unripe = replace(OUTCOMES, tests=[], kept=[], learned=AS_OF)
    told = findings.findings(replace(QUIET, outcomes=unripe))
    assert "不早于所问时刻" in told[1].zh
    assert told[1].todo_en == "ask about a later moment"


def test_when_all_feeds_stop_that_is_one_finding() -> None:
    names = ("declarations", "12315", "12345", "media")
    stopped = [replace(FEED, name=name, silent=40.0) for name in names]
    (said,) = findings.findings(replace(QUIET, feeds=[*stopped, FEED]))
    assert said.severity == "act"
    assert said.zh.startswith("5个来源中有4个停止")
    assert "申报、12315 消费者投诉" in said.zh


def test_a_report_has_every_finding_and_says_how_often_chance_makes_one() -> None:
    answers = replace(QUIET, drift=drifted(8.0))
    told = findings.findings(answers)
    page = report.markdown(answers, told, title="risk/1")
    assert all(f.zh in page and f.todo_en in page for f in told)
    assert "误报率约5%" in page
    assert "![drift](drift.svg)" in page


def test_plain_values_are_json_without_what_is_no_number() -> None:
    told = report.plain(QUIET, findings.findings(QUIET))
    read = json.loads(json.dumps(told, allow_nan=False))
    assert read["performance"]["promised"][0]["realised"] is None
    assert read["drift"]["alpha"] == 0.05
    assert read["calibration"]["ripe_days"] == 7
    metrics = report.metrics(QUIET, findings.findings(QUIET))
    assert (metrics["findings_ok"], metrics["findings_act"], metrics["silent_feeds"]) == (1, 0, 0)
    assert metrics["ratio_all"] == pytest.approx(0.1 / 0.11)


def points(chart: Any, column: str) -> list[Any]:
    """What a chart draws of a column."""
    tables = json.loads(chart.to_json())["datasets"].values()
    return [row[column] for rows in tables for row in rows if column in row]


def test_charts_show_what_was_found(tmp_path: Path) -> None:
    answers = replace(QUIET, drift=drifted(8.0), feeds=[FEED, replace(FEED, bound=np.nan)])
    made = report.drawn(answers)
    assert set(made) == {"drift", "calibration", "freshness"}
    assert points(made["drift"], "alarms") == [True, False]
    assert points(made["freshness"], "share") == [pytest.approx(2 / 9)]
    assert points(made["calibration"], "observed") == [0.1]
    for name, chart in made.items():
        chart.save(tmp_path / f"{name}.svg")
        assert "<svg" in (tmp_path / f"{name}.svg").read_text()


def test_nothing_is_drawn_of_nothing() -> None:
    unripe = replace(OUTCOMES, months=OUTCOMES.months[:0])
    nothing = replace(QUIET.drift, rank=None)
    assert report.drawn(replace(QUIET, drift=nothing, outcomes=unripe, feeds=[])) == {}
    assert charts.freshness([]).to_json()
