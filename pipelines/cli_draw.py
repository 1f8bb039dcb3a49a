"""The commands of the draw (双随机): send inspectors, publish a day's draw, verify what was."""

from pathlib import Path
from typing import Annotated

import typer

from models.inspection import policy as policies
from models.inspection.draws import draw, roster
from models.inspection.draws.inspectors import Duty
from pipelines import arguments, bars, clock, options, show, show_draw
from pipelines import assign as assigning
from pipelines import publish_draw as publishing
from pipelines import verify_draw as verifying
from pipelines.options import STORE

DayOf = Annotated[
    str | None, typer.Option("--day", help="the civil day; today by default", callback=options.told)
]
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
    show_draw.assigned(show.console(), made, staff=staff)


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
    show_draw.verified(show.console(), found, title=str(file))
    if as_json:
        print(show.json_line({"checks": [vars(one) for one in found]}))  # noqa: T201 (for programs)
    if any(one.failed for one in found):
        raise typer.Exit(1)
