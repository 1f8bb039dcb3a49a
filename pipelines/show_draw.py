"""Show what was drawn: who inspects what, and whether a published day is right."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from features.judgements import Assignment
from models.inspection.draws.published import Check
from models.inspection.draws.roster import Roster

SHOWN = 5  # lines for which nobody was found


def assigned(console: Console, made: Sequence[Assignment], *, staff: Roster) -> None:
    """Print what each inspector was given, and for which lines nobody was found."""
    table = Table(title=f"派员 inspectors · 花名册 roster {staff.version}")
    for heading in ("工号 inspector", "口岸 port", "项 lines", "工时 hours", "可用 available"):
        table.add_column(heading)
    for who in staff.inspectors:
        given = [one.hours for one in made if one.inspector_id == who.inspector_id]
        cells = (str(len(given)), f"{sum(given):g}", f"{who.hours:g}")
        table.add_row(who.inspector_id, escape(who.port), *cells)
    console.print(table)
    nobody = [one for one in made if one.inspector_id is None]
    console.print(f"共 {len(made)} 项 lines，无人可派 nobody {len(nobody)}")
    for one in nobody[:SHOWN]:
        console.print(f"[yellow]{escape(one.declaration_id)}[/]: {escape(one.reason or '')}")


def verified(console: Console, found: Sequence[Check], *, title: str) -> None:
    """Print each check with its count, and the first faults of those that fail."""
    table = Table(title=f"核对抽签 verify the draw · {escape(title)}")
    for heading in ("核对 check", "数 checked", "不符 failed", "结果 result"):
        table.add_column(heading, overflow="fold")
    for one in found:
        passed = "[green]相符 right" if one.count else "[dim]未查 nothing to check"
        result = "[bold red]不符 wrong" if one.failed else passed
        table.add_row(f"{one.zh} {one.en}", f"{one.count:,}", f"{one.failed:,}", result)
    console.print(table)
    for one in (one for one in found if one.failed):
        console.print(f"[red]{one.zh} {one.en}[/]：{one.failed:,}")
        for fault in one.faults:
            console.print(f"  {escape(fault)}", soft_wrap=True)
