"""The command that tells what to label next, mounted among the others by ``pipelines.cli``."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pipelines import arguments, champions, options, show
from pipelines import label_queue as queueing
from pipelines.options import STORE, TRACKING

app = typer.Typer()


@app.command("label-queue")
def label_queue(
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    limit: Annotated[int, typer.Option(help="how many reports", min=1, max=1000)] = 20,
    as_json: options.AsJson = False,
) -> None:
    """Rank the reports that a person should judge next: uncertain, disagreeing, suspect, novel."""
    reader = champions.text(arguments.registry(tracking_uri))
    found = queueing.label_queue(
        arguments.opened(store), reader.annotator, suspects=reader.suspects, limit=limit
    )
    table = Table(title=f"待复核 what to label next · {escape(reader.version)}", show_lines=True)
    for heading in ("风险信息 report", "渠道 channel", "理由 why", "原文（已脱敏） text"):
        table.add_column(heading, overflow="fold")
    for one in found:
        why = "\n".join(one.reasons)
        table.add_row(*map(escape, (one.report_id, one.channel, why, one.text)))
    console = show.console()
    console.print(table if found else "没有待复核的风险信息 nothing is left to label")
    if as_json:
        told = {"version": reader.version, "queue": [one._asdict() for one in found]}
        print(show.json_line(told))  # noqa: T201 (the last line is for programs)
