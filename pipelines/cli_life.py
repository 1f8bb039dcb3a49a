"""The commands of a model's life: compare, promote, roll back, look up its versions."""

from typing import Annotated

import typer

from models import gates
from pipelines import arguments, clock, options, person, show, show_life
from pipelines import compare as comparing
from pipelines import promote as promoting
from pipelines import rollback as rolling_back
from pipelines import versions as listing
from pipelines.options import STORE, TRACKING

app = typer.Typer()


@app.command()
def promote(
    model: options.Model = "risk",
    version: Annotated[
        str | None,
        typer.Option(help="a version; the newest by default", callback=options.told),
    ] = None,
    approved_by: options.ApprovedBy = None,
    why: Annotated[
        str | None,
        typer.Option(help="what else speaks for it, kept with it", callback=options.told),
    ] = None,
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
) -> None:
    """Make a version the champion if it passes the gates and a second person approves it."""
    tracking = arguments.registry(tracking_uri)
    by = person.named(approved_by, "--approved-by")
    asked = promoting.Asked(model, version, by=by, at=clock.now(), why=why)
    kept = arguments.opened(store)
    done = promoting.promote(tracking, asked, store=kept, rules=gates.load())
    show.promotion(show.console(), done)
    if not done.promoted:
        raise typer.Exit(1)


@app.command()
def compare(
    champion: Annotated[
        str | None,
        typer.Argument(help="a version or alias; the champion by default", callback=options.told),
    ] = None,
    challenger: Annotated[
        str | None,
        typer.Argument(
            help="a version or alias; the challenger by default, or else the newest",
            callback=options.told,
        ),
    ] = None,
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    as_of: options.AsOf = None,
    seed: options.Seed = 0,
    as_json: options.AsJson = False,
) -> None:
    """Compare two risk models on the same past lines, of which neither has learned; log it."""
    tracking = arguments.registry(tracking_uri)
    asked = comparing.Asked(champion, challenger, clock.moment(as_of), seed)
    kept = arguments.opened(store)
    found = comparing.compare(kept, tracking, asked=asked, rules=gates.load())
    run = comparing.log(found, tracking)
    show_life.comparison(show.console(), found)
    if as_json:
        print(show.json_line({**found.plain(), "run": run}))  # noqa: T201 (for programs)


@app.command()
def rollback(
    by: Annotated[str, typer.Option(help="who wants it")],
    why: Annotated[str, typer.Option(help="why the champion must go")],
    model: options.WhichModel = "risk",
    to: Annotated[
        str | None,
        typer.Option(help="an earlier champion; the last one by default", callback=options.told),
    ] = None,
    tracking_uri: options.TrackingUri = TRACKING,
) -> None:
    """Let the version that was champion before decide again; who and why is kept."""
    asked = rolling_back.Asked(model, to, by=person.named(by, "--by"), why=why, at=clock.now())
    show_life.returned(
        show.console(), rolling_back.rollback(arguments.registry(tracking_uri), asked)
    )


@app.command()
def versions(
    model: options.WhichModel = "risk",
    tracking_uri: options.TrackingUri = TRACKING,
    as_json: options.AsJson = False,
) -> None:
    """List the versions of a model: who trained and who approved them, how they did, and why."""
    found = listing.versions(arguments.registry(tracking_uri), model)
    show_life.versions(show.console(), model, found=found)
    if as_json:
        print(show.json_line({"model": model, "versions": found}))  # noqa: T201 (for programs)
