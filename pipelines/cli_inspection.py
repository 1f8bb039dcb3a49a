"""The commands of inspection: plan a day, decide on its lines."""

from typing import Annotated

import typer

from pipelines import arguments, champions, clock, options, show
from pipelines import plan as planning
from pipelines import score as scoring
from pipelines.options import STORE, TRACKING

app = typer.Typer()


@app.command()
def plan(
    secret: options.Secret,
    day: Annotated[str | None, typer.Option(help="the day to plan; today by default")] = None,
    hours: options.Hours = "40",
    units: options.Units = None,
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    policy: options.PolicyFile = None,
    matrix: options.MatrixName = "port",
    rules: options.RulesFile = None,
    as_of: options.AsOf = None,
) -> None:
    """Publish each port's price for a day and the commitment to its draw."""
    at = clock.moment(as_of)
    planned = planning.Day(arguments.day(day, at), at, *planning.capacities(hours, units or ""))
    agency = arguments.agency(secret, policy=policy, matrix=matrix, rules=rules)
    champion = champions.risk(arguments.registry(tracking_uri))
    made = planning.plan(arguments.opened(store), champion, agency=agency, day=planned)
    show.plans(show.console(), made)


@app.command()
def score(
    secret: options.Secret,
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    policy: options.PolicyFile = None,
    matrix: options.MatrixName = "port",
    rules: options.RulesFile = None,
    as_of: options.AsOf = None,
) -> None:
    """Decide on every open declaration; print what to inspect, how and why."""
    at, kept = clock.moment(as_of), arguments.opened(store)
    agency = arguments.agency(secret, policy=policy, matrix=matrix, rules=rules)
    champion = champions.risk(arguments.registry(tracking_uri))
    decided = scoring.score(kept, champion, agency=agency, as_of=at)
    show.decisions(show.console(), decided, lines=scoring.lines(kept, decided))
