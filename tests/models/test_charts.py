"""The charts show the numbers that they claim to, also for a single line."""

import json
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import charts

Chart = alt.LayerChart | alt.Chart


def points(chart: Chart) -> list[dict[str, Any]]:
    """The rows that a chart draws."""
    (rows,) = json.loads(chart.to_json())["datasets"].values()
    found: list[dict[str, Any]] = rows
    return found


def test_the_lift_of_a_perfect_ranking_finds_all_failures_first() -> None:
    failed = np.array([False, True, False, True])
    rows = points(charts.lift(failed, failed.astype(float)))
    assert [(row["inspected"], row["found"]) for row in rows] == [
        (0.25, 0.5),
        (0.5, 1),
        (0.75, 1),
        (1, 1),
    ]


@given(st.lists(st.booleans(), min_size=1, max_size=500))
def test_a_lift_rises_to_one_in_at_most_two_hundred_points(outcomes: list[bool]) -> None:
    failed = np.array(outcomes)
    rows = points(charts.lift(failed, np.linspace(0, 1, len(failed))))
    found = [row["found"] for row in rows]
    assert found == sorted(found)
    assert found[-1] == (1 if failed.any() else 0)
    assert len(rows) <= 200


def test_reliability_compares_what_was_said_with_what_was() -> None:
    said = np.repeat([0.1, 0.9], 50)
    failed = np.arange(100) % 10 == 0
    rows = points(charts.reliability(failed, said))
    assert sum(row["lines"] for row in rows) == 100
    assert {round(row["said"], 3) for row in rows} == {0.1, 0.9}
    assert {row["was"] for row in rows} == {0.1}


@pytest.mark.parametrize(("failures", "most"), [(0, 0.04), (1, 0.2), (5, 1.0)])
def test_both_axes_of_reliability_go_from_nothing_to_the_most(failures: int, most: float) -> None:
    """Of five lines as likely so many failed; the surer half was said to fail at .04."""
    failed = np.arange(50) % 5 < failures
    drawn = charts.reliability(failed, np.repeat([0.02, 0.04], 25)).to_dict()
    dots, honest = (layer["encoding"] for layer in drawn["layer"])
    assert dots["x"]["scale"] == dots["y"]["scale"] == {"domain": [0, most]}
    assert honest["x2"] == honest["y2"] == {"datum": most}


def test_where_nothing_was_said_and_nothing_failed_the_axes_are_whole() -> None:
    drawn = charts.reliability(np.array([False]), np.array([0.0])).to_dict()
    assert drawn["layer"][0]["encoding"]["x"]["scale"] == {"domain": [0, 1]}


def test_a_single_line_can_be_drawn() -> None:
    one = np.array([True])
    assert len(points(charts.reliability(one, np.array([0.5])))) == 1
    assert len(points(charts.lift(one, np.array([0.5])))) == 1


def test_importance_shows_the_greatest_gains_first() -> None:
    rows = points(charts.importance({"a": 1.0, "b": 3.0, "c": 2.0}, most=2))
    assert rows == [{"feature": "b", "gain": 3.0}, {"feature": "c", "gain": 2.0}]


@pytest.mark.parametrize("name", ["lift", "reliability"])
def test_a_chart_is_drawn_as_svg_without_a_network(tmp_path: Path, name: str) -> None:
    drawn = getattr(charts, name)(np.array([True, False]), np.array([0.7, 0.2]))
    drawn.save(tmp_path / "chart.svg")
    assert "查验" in (tmp_path / "chart.svg").read_text() or name == "reliability"
    assert (tmp_path / "chart.svg").read_text().startswith("<svg")
