"""The command that trains the entity tagger, mounted among the others by ``pipelines.cli``."""

from pathlib import Path
from typing import Annotated

import typer

from models.text.entities import gazetteers
from pipelines import arguments, options, show, tagged
from pipelines import train_entities as entity_training
from pipelines.options import TRACKING
from pipelines.train_entities import TrainedEntities

app = typer.Typer()
COLUMNS = ("kind", "precision", "recall", "f1", "entities")


@app.command("train-entities")
def train_entities(
    train: Annotated[str, typer.Option("--train", help="tagged characters, or JSON lines")],
    test: Annotated[str, typer.Option("--test", help="such a file, to judge by")],
    gazetteer: Annotated[
        str | None,
        typer.Option(
            "--gazetteer", help="a folder of word lists, *.dic or *.txt", callback=options.told
        ),
    ] = None,
    tracking_uri: options.TrackingUri = TRACKING,
    as_json: options.AsJson = False,
) -> None:
    """Train the entity tagger on a tagged file, judge it on another; log and register."""
    registry = arguments.registry(tracking_uri)
    made = entity_training.train_entities(
        tagged.read(Path(train)),
        tagged.read(Path(test)),
        words=gazetteers.load(Path(gazetteer)) if gazetteer else {},
    )
    params = {"train": train, "test": test, "gazetteer": gazetteer}
    version = entity_training.log(made, registry, params=params)
    _print(made, f"{entity_training.MODEL}/{version}")
    if as_json:
        print(show.json_line(made.summary))  # noqa: T201 (the last line is for programs)


def _print(made: TrainedEntities, title: str) -> None:
    console = show.console()
    rows = [{**vars(one), "kind": one.label} for one in made.found]
    show.results(console, "实体 entities of the test", rows=rows, columns=COLUMNS)
    show.mapping(console, title, values=made.metrics)
    if made.left_out:
        console.print(
            f"{made.left_out} training texts stand in the test as well; they were left out of "
            "training."
        )
