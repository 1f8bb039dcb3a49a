"""The charts of an enterprise through time draw both times of every fact, and every mark."""

import json

import pandas as pd

from models import colours, timeline_charts
from tests.models.drawn import rows_of, svg_of

WEEKS = pd.date_range("2026-01-05", periods=3, freq="W-MON", tz="UTC")


def test_facts_lead_from_when_they_happened_to_when_they_were_known() -> None:
    history = pd.DataFrame(
        {
            "kind": ["declaration", "inspection", "inspection"],
            "happened_at": WEEKS,
            "known_at": WEEKS + pd.Timedelta(days=3),
            "told": ["玩具", "fail", "pass"],
        }
    )
    chart = timeline_charts.facts(history)
    assert [row["failed"] for row in rows_of(chart)] == [False, True, False]
    assert rows_of(chart)[0]["kind"] == "申报 declared"
    assert svg_of(chart).count(colours.RED) == 2  # the line and the dot of the failure


def test_an_enterprise_without_facts_has_an_empty_chart() -> None:
    none = pd.DataFrame({"kind": [], "happened_at": WEEKS[:0], "known_at": WEEKS[:0], "told": []})
    assert colours.RED not in svg_of(timeline_charts.facts(none))


def test_a_mark_that_never_came_is_left_out() -> None:
    believed = pd.DataFrame({"at": WEEKS, "likelihood": [0.1, 0.4, 0.2]})
    marks = pd.Series({"风险高": WEEKS[1], "预警": pd.NaT})
    drawn = svg_of(timeline_charts.course(believed, marks))
    assert "风险高" in drawn
    assert "预警" not in drawn


def test_moves_draw_every_family_in_every_week() -> None:
    moved = pd.DataFrame({"inspection": [0.1, 0.2, -0.1], "report": [0.0, 0.3, 0.1]}, index=WEEKS)
    rows = next(iter(json.loads(timeline_charts.moves(moved).to_json())["datasets"].values()))
    assert len(rows) == 6
    assert {row["family"] for row in rows} == {"查验 inspections", "风险信息 reports"}
