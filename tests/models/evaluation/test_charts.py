"""Charts show the numbers that they claim to, and are drawn without a network."""

import json
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

from models import metrics
from models.evaluation import bounded, charts, page
from models.evaluation.estimates import estimates
from models.evaluation.evaluation import Evaluation, evaluate
from models.evaluation.judged import Judged
from models.evaluation.ratios import Interval
from models.evaluation.selection import Lines
from tests.models.evaluation.simulated import misled, world

Chart = alt.LayerChart | alt.Chart


def points(chart: Chart) -> list[dict[str, Any]]:
    """The rows that a chart draws."""
    told: dict[str, list[dict[str, Any]]] = json.loads(chart.to_json())["datasets"]
    return max(told.values(), key=len)  # a mere line has none


@pytest.fixture(scope="module")
def found() -> Evaluation:
    judged, (port,) = world(2)
    return evaluate(misled(judged, port, by=1.5), [port], seed=0)


def test_reliability_has_ten_bins_with_bounds_around_them(found: Evaluation) -> None:
    rows = points(charts.reliability(found.judged))
    assert sum(row["lines"] for row in rows) == len(found.judged)
    assert all(row["low"] <= row["was"] <= row["high"] for row in rows)
    assert [row["said"] for row in rows] == sorted(row["said"] for row in rows)


def test_curves_pass_through_the_metrics(found: Evaluation) -> None:
    judged = found.judged
    rows = points(charts.lift(judged))
    assert rows[-1] == {"inspected": 1, "lift": pytest.approx(1)}
    near = min(rows, key=lambda row: abs(row["inspected"] - 0.1))
    assert near["lift"] == pytest.approx(
        metrics.lift_at(judged.failed, judged.likelihood, share=near["inspected"]), rel=1e-3
    )
    both = points(charts.capacity(judged))
    last = {row["of"]: row["share"] for row in both if row["inspected"] == 1}
    assert last["发现率 recall"] == 1
    assert last["命中率 precision"] == pytest.approx(judged.failed.mean())


def test_slices_that_are_off_stand_first_and_red(found: Evaluation) -> None:
    rows = points(bounded.slices(found.slices))
    assert rows[0]["name"].startswith("口岸：P3")
    assert rows[0]["off"] == "偏离 off"
    assert len(rows) == 12


def test_groups_beyond_the_widest_are_cut_not_lost(found: Evaluation) -> None:
    endless = Interval(np.inf, 2.0, np.inf)
    one = replace(found.treated[0], equal_risk=endless, is_unlike=True, p=0.001)
    (row,) = points(bounded.fairness([one]))
    assert (row["low"], row["value"], row["high"]) == (2, bounded.WIDEST, bounded.WIDEST)


def test_of_a_single_line_every_chart_can_be_drawn() -> None:
    one = Judged(np.array([True]), np.array([0.5]), np.array([0]), np.ones(1))
    for draw in (charts.reliability, charts.lift, charts.capacity):
        assert page.svg(draw(one)).startswith("<svg")
    assert page.svg(bounded.bounded([], bounded.SLICES)).startswith("<svg")


def test_estimates_and_coverage_have_words_for_every_question() -> None:
    likelihood = np.linspace(0.01, 0.5, 400)
    drawn = np.arange(400) % 2 == 0
    failed = np.where(drawn, np.arange(400) % 7 == 0, np.nan)
    told = estimates(Lines(likelihood, drawn, failed, np.full(400, 0.5)))
    names = [row["name"] for row in points(bounded.estimates(told))]
    assert len(set(names)) == 12
    assert names[0] == "全部申报 all lines · 只看查验过的 naive"
    rows = points(bounded.coverage(told.assign(coverage=0.8)))
    assert {row["off"] for row in rows} == {"低于 90% below 90 %"}


def test_a_page_holds_its_words_tables_and_charts(found: Evaluation) -> None:
    many = pd.DataFrame({"a": range(page.ROWS + 5), "b": "<x>"})
    said = page.page(
        "题目",
        said={"公平": found.headline[0]},
        tables={"表": many},
        charts={"lift": charts.lift(found.judged)},
    )
    assert said.startswith("<!doctype html>")
    assert "&lt;x&gt;" in said
    assert "… 5 more" in said
    assert said.count("<svg") == 1
    assert found.headline[0] in said
