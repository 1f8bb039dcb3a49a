"""Task options: what ``train-text`` takes to train on any labelled file."""

from typing import Annotated

import typer

from models.text import recipes
from pipelines.options import told

TaskName = Annotated[str | None, typer.Option("--task", help="what is learned", callback=told)]
TrainFile = Annotated[
    str | None,
    typer.Option(
        "--train",
        help="labelled texts: CSV, TSV, JSON lines or Parquet; without it, the store's reports",
        callback=told,
    ),
]
TestFile = Annotated[
    str | None, typer.Option("--test", help="labelled texts to judge on", callback=told)
]
TextColumns = Annotated[
    str | None,
    typer.Option("--text-columns", help="title,text: joined, a line each [text]", callback=told),
]
LabelColumn = Annotated[
    str | None,
    typer.Option(
        "--label-column", help="the label; several columns make one label [label]", callback=told
    ),
]
GroupColumn = Annotated[
    str | None,
    typer.Option(
        "--group-column", help="rows alike in it are one text with several labels", callback=told
    ),
]
LabelSeparator = Annotated[
    str | None,
    typer.Option(
        "--label-separator", help="what stands between several labels of one cell", callback=told
    ),
]
Hints = Annotated[
    str | None,
    typer.Option(
        "--hints",
        help="further labelled texts that only train: descriptions of classes, weak labels",
        callback=told,
    ),
]
Unlabelled = Annotated[
    str | None,
    typer.Option(
        "--unlabelled",
        help="texts of the kind to be read; what the model is sure of trains it once more",
        callback=told,
    ),
]
TextModel = Annotated[recipes.Model, typer.Option("--model", help="which kind of model")]
StudiedModel = Annotated[
    recipes.Model | None,
    typer.Option(
        "--model",
        help="which text model; without it the encoder where it is built",
    ),
]
Folds = Annotated[
    int, typer.Option("--folds", min=0, help="without --test: judge on so many folds of --train")
]
