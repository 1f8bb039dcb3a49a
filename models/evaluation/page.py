"""Page: an evaluation as one HTML file that needs nothing else, its charts within."""

from collections.abc import Mapping
from html import escape
from io import StringIO

import altair as alt
import pandas as pd

STYLE = (
    "body{font:15px/1.5 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;max-width:1000px;"
    "margin:2em auto;padding:0 1em;color:#222}table{border-collapse:collapse;margin:1em 0;"
    "font-size:13px}td,th{border:1px solid #ccc;padding:.2em .6em;text-align:right;"
    "white-space:nowrap}div{overflow-x:auto}figure{margin:2em 0}"
    "th:first-child,td:first-child{text-align:left}svg{max-width:100%;height:auto}"
)
ROWS = 60  # of a table; the CSV beside the page has all


def page(
    title: str,
    *,
    said: Mapping[str, str],
    tables: Mapping[str, pd.DataFrame],
    charts: Mapping[str, alt.TopLevelMixin],
) -> str:
    """Return the page: sentences by heading, then every chart, then tables by heading."""
    parts = [
        f"<!doctype html><html lang='zh'><meta charset='utf-8'><title>{escape(title)}</title>",
        f"<style>{STYLE}</style><h1>{escape(title)}</h1>",
        *(f"<h2>{escape(name)}</h2><p>{escape(text)}</p>" for name, text in said.items()),
        *(f"<figure>{svg(chart)}</figure>" for chart in charts.values()),
        *(f"<h2>{escape(name)}</h2>{_table(frame)}" for name, frame in tables.items()),
    ]
    return "\n".join(parts) + "</html>\n"


def svg(chart: alt.TopLevelMixin) -> str:
    """Return a chart drawn as SVG."""
    drawn = StringIO()
    chart.save(drawn, format="svg")
    return drawn.getvalue()


def _table(frame: pd.DataFrame) -> str:
    more = f"<p>… {len(frame) - ROWS} more</p>" if len(frame) > ROWS else ""
    shown: str = frame.head(ROWS).to_html(index=False, float_format="{:.3f}".format, na_rep="")
    return f"<div>{shown}</div>{more}"
