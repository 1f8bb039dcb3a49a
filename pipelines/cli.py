"""The command line: one command for each step. A door: it asks the clock and prints for people."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from features import catalog, moments
from models.risk.search import TRIALS
from models.risk.training import Recipe
from pipelines import (
    arguments,
    champions,
    cli_draw,
    cli_entities,
    cli_inspection,
    cli_labels,
    cli_life,
    cli_monitor,
    cli_policy,
    cli_rules,
    cli_study,
    cli_text,
    clock,
    options,
    person,
    show,
)
from pipelines import demo as demonstrating
from pipelines import ingest as ingesting
from pipelines import sample as sampling
from pipelines import table as tabling
from pipelines import train_risk as risk_training
from pipelines.backtest import Asked
from pipelines.load import load
from pipelines.options import STORE, TRACKING
from pipelines.report import report

app = typer.Typer(
    help="预警 yujing: early warning and risk scoring for imported and exported goods.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(cli_text.app)  # without a name: its commands are among these
app.add_typer(cli_entities.app)
app.add_typer(cli_labels.app)
app.add_typer(cli_life.app)
app.add_typer(cli_inspection.app)
app.add_typer(cli_draw.app)
app.add_typer(cli_monitor.app)
app.add_typer(cli_policy.app)
app.add_typer(cli_rules.app, name="rules")
app.add_typer(cli_study.app, name="study")


@app.command()
def sample(
    directory: Annotated[Path, typer.Argument(help="where the world is written")],
    declarations: Annotated[int, typer.Option(help="how many goods lines")] = 20_000,
    until: Annotated[str, typer.Option(help="the day the world ends")] = "2026-06-30",
    seed: options.Seed = 0,
    drift: Annotated[
        bool, typer.Option("--drift/--no-drift", help="late in it, other firms become bad")
    ] = False,
) -> None:
    """Write a simulated world with a known truth as exchange tables."""
    write = sampling.drifting if drift else sampling.sample
    made = write(directory, seed=seed, declarations=declarations, until=moments.end(until, "until"))
    show.mapping(show.console(), f"{made.directory}（模拟数据 simulated）", values=made.rows)


@app.command()
def ingest(
    directory: Annotated[Path, typer.Argument(help="a directory of exchange tables")],
    store: options.StoreUrl = STORE,
    time_zone: options.Zone = None,
    rejected: options.Rejected = None,
) -> None:
    """Load exchange tables; rejected rows are written beside them with their reasons."""
    found = ingesting.ingest(
        directory,
        arguments.opened(store),
        now=clock.now(),
        zone=arguments.zone(time_zone),
        rejected=Path(rejected) if rejected else None,
    )
    show.ingested(show.console(), found)
    if found.refused:
        raise typer.Exit(1)


@app.command()
def table(
    out: Annotated[Path, typer.Argument(help="the Parquet file to write")],
    store: options.StoreUrl = STORE,
    until: options.Until = None,
    custom: options.Keys = None,
) -> None:
    """Write the risk table: features as of each declaration, and its label."""
    tables = tabling.read(arguments.opened(store), known_before=clock.moment(until))
    features = catalog.standard(tables, custom=arguments.keys(custom))
    made = tabling.table(tables, features)
    tabling.write(made, out)
    show.mapping(show.console(), str(out), values=tabling.counts(made))


@app.command("train-risk")
def train_risk(
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    until: options.Until = None,
    custom: options.Keys = None,
    seed: options.Seed = 0,
    trials: options.Trials = TRIALS,
    by: options.TrainedBy = None,
) -> None:
    """Train the risk model on what is known; judge it on its last period; log and register."""
    tracking, trainer = arguments.registry(tracking_uri), person.named(by, "--by")
    trained = risk_training.train_risk(
        arguments.opened(store),
        until=clock.moment(until),
        custom=arguments.keys(custom),
        reader=champions.text(tracking),
        recipe=Recipe(seed, trials),
    )
    params = {"until": until, "keys": custom, "seed": seed, "trials": trials}
    version = risk_training.log(trained, tracking, params=params, by=trainer)
    show.measured(show.console(), f"risk/{version}", values=trained.metrics)


@app.command()
def backtest(
    directory: Annotated[Path, typer.Argument(help="a directory of exchange tables")],
    test_from: options.TestFrom = None,
    test_until: options.TestUntil = None,
    train_from: options.TrainFrom = None,
    freeze: options.Freeze = False,
    custom: options.Keys = None,
    without: options.Without = None,
    time_zone: options.Zone = None,
    folds: options.Folds = 1,
    seed: options.Seed = 0,
    trials: options.Trials = TRIALS,
    ablate: options.Ablate = False,
    tracking_uri: options.KeptAt = TRACKING,
    as_json: options.AsJson = False,
) -> None:
    """Backtest exchange tables: train on what was known, judge on a window that came next."""
    zone, tracking = arguments.zone(time_zone), arguments.tracked(tracking_uri)
    loaded = load(directory, now=clock.now(), zone=zone)
    show.ingested(Console(stderr=True), loaded.ingested)
    asked = Asked(
        test_from, test_until, train_from, freeze, custom, without, seed, folds, trials, ablate
    )
    found = report(loaded, asked, zone=zone or moments.CIVIL, tracking=tracking)
    if as_json:
        print(show.json_line(found))  # noqa: T201 (the last line is for programs)


@app.command()
def features(
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    custom: options.Keys = None,
) -> None:
    """List every feature that the store can feed: its family, its meaning, its importance."""
    made = catalog.standard(tabling.read(arguments.opened(store)), custom=arguments.keys(custom))
    gains = champions.gains(arguments.registry(tracking_uri))
    show.features(show.console(), made, gains=gains)


@app.command()
def demo(
    secret: options.Secret,
    directory: Annotated[Path, typer.Option(help="where everything is kept")] = Path("data/demo"),
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    declarations: Annotated[int, typer.Option(help="how many goods lines")] = 60_000,
    seed: options.Seed = 0,
) -> None:
    """Go through every step on a simulated world that ends today, and print the decisions."""
    demonstrating.demo(
        demonstrating.Place(directory, store=store, tracking_uri=tracking_uri),
        secret=arguments.secret(secret),
        now=clock.now(),
        declarations=declarations,
        seed=seed,
    )
