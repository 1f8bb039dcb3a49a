"""What a chart draws: its rows, and the picture."""

import json
from typing import Any

import altair as alt
import vl_convert

Chart = alt.Chart | alt.LayerChart


def rows_of(chart: Chart) -> list[dict[str, Any]]:
    """The rows of the only table that a chart draws."""
    (rows,) = json.loads(chart.to_json())["datasets"].values()
    found: list[dict[str, Any]] = rows
    return found


def svg_of(chart: Chart) -> str:
    """The picture."""
    return str(vl_convert.vegalite_to_svg(chart.to_json()))
