"""The commands of the draw (双随机): send inspectors, publish a day's draw, verify what was."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from features.judgements import Assignment
from models.inspection import draw, roster
from models.inspection import policy as policies
from models.inspection.inspectors import Duty
from models.inspection.published import Check
from models.inspection.roster import Roster
from pipelines import arguments, bars, clock, options, show
from pipelines import assign as assigning
from pipelines import publish_draw as publishing
from pipelines import verify_draw as verifying
from pipelines.options import STORE

DayOf = Annotated[
    str | None, typer.Option("--day", help="the civil day; today by default", callback=options.told)
]
SHOWN = 5  # lines for which nobody was found
app = typer.Typer()


@app.command()
def assign(
    secret: options.Secret,
    roster_file: Annotated[
        Path, typer.Option("--roster", help="who may be sent that day: YAML or CSV")
    ],
    day: DayOf = None,
    store: options.StoreUrl = STORE,
    policy: options.PolicyFile = None,
) -> None:
    """Draw an inspector for each drawn line of a day that has none yet."""
    now, staff = clock.now(), roster.load(roster_file)
    which = arguments.day(day, now)
    own = draw.day_secret(arguments.secret(secret), which)
    effort = policies.load(Path(policy) if policy else policies.FILE).effort
    duty = Duty(which, staff, effort, own)
    made = assigning.assign(arguments.opened(store), duty=duty, as_of=now)
    assigned(show.console(), made, staff=staff)


@app.command("publish-draw")
def publish_draw(
    secret: options.Secret,
    out: Annotated[Path, typer.Option("--out", help="the JSON file to write")],
    day: DayOf = None,
    rosters: Annotated[
        list[Path] | None,
        typer.Option("--roster", help="publish this roster too, so that chances can be checked"),
    ] = None,
    store: options.StoreUrl = STORE,
) -> None:
    """Write the commitment to a day's draw; once the day is over, its secret and every number."""
    now = clock.now()
    told = publishing.publish_draw(
        arguments.opened(store),
        day=arguments.day(day, now),
        secret=arguments.secret(secret),
        rosters=[roster.load(path) for path in rosters or ()],
        now=now,
    )
    publishing.write(told, out)
    show.mapping(show.console(), str(out), values=publishing.summary(told))


@app.command("verify-draw")
def verify_draw(
    file: Annotated[Path, typer.Argument(help="what was published of a day")],
    commitment: Annotated[
        str | None,
        typer.Option(help="the commitment that you noted before the day", callback=options.told),
    ] = None,
    roster_sha256: Annotated[
        str | None,
        typer.Option(
            "--roster-sha256",
            help="the hash of the roster that you noted before the day",
            callback=options.told,
        ),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Recompute every draw of a published day; exit status 1 where anything differs."""
    noted = verifying.noted(commitment, roster_sha256)
    with bars.bar("核对 verify") as tell:
        found = verifying.verify_draw(file, noted, tell=tell)
    verified(show.console(), found, title=str(file))
    if as_json:
        print(show.json_line({"checks": [vars(one) for one in found]}))  # noqa: T201 (for programs)
    if any(one.failed for one in found):
        raise typer.Exit(1)


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
