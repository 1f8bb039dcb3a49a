"""The commands of text mining, mounted among the others by ``pipelines.cli``."""

import typer

from models.text import taxonomy
from pipelines import annotate as annotating
from pipelines import arguments, champions, clock, options, show
from pipelines import train_text as text_training
from pipelines.options import STORE, TRACKING

app = typer.Typer()


@app.command("train-text")
def train_text(
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    until: options.Until = None,
    seed: options.Seed = 0,
) -> None:
    """Train the text classifiers on labelled reports known before a moment; log and register."""
    trained = text_training.train_text(
        arguments.opened(store).frame("reports"),
        taxonomy=taxonomy.load(),
        until=clock.moment(until),
        seed=seed,
    )
    version = text_training.log(
        trained, arguments.registry(tracking_uri), params={"until": until, "seed": seed}
    )
    show.mapping(show.console(), f"text/{version}", values=trained.metrics)


@app.command()
def annotate(store: options.StoreUrl = STORE, tracking_uri: options.TrackingUri = TRACKING) -> None:
    """Annotate the reports that the promoted text model has not read yet."""
    done = annotating.annotate(
        arguments.opened(store), champions.text(arguments.registry(tracking_uri)).annotator
    )
    show.mapping(show.console(), "annotate", values=vars(done))
