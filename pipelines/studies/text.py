"""Study: how well the text models read real Chinese texts, beside what was published.

Each set goes through the step that anyone's labelled file goes through. Texts that are tested are
never trained on, whichever row they stand in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pandas as pd
from rich.console import Console
from rich.table import Table

from features.errors import Invalid
from models.text import recipes
from pipelines import labelled
from pipelines.labelled import Columns, Labelled
from pipelines.studies import entities
from pipelines.studies.entities import Row
from pipelines.studies.text_sets import FOLDS, SETS, TextSet
from pipelines.task_result import result
from pipelines.train_task import Task, TrainedTask, cross_validate, train_task

LINKED = {
    "entities_ecommerce": entities.ecommerce,
    "entities_cluener": entities.cluener,
    "car_models": entities.car_models,
}
NAMES = (*(one.name for one in SETS), *LINKED)


def text(
    directory: Path, *, model: recipes.Model | None, only: Sequence[str] = (), seed: int = 0
) -> Iterable[Row]:
    """Yield the rows of one set after the other; ``only`` names some of ``NAMES``.

    model: the encoder where it is built and none is named.
    ``NotFound`` where a set is not in the folder; ``Invalid`` for an unknown name.
    """
    unknown = sorted(set(only) - set(NAMES))
    if unknown:
        raise Invalid(f"no text set is called {', '.join(unknown)}; choose of {', '.join(NAMES)}")
    for one in SETS:
        if not only or one.name in only:
            own = _model(one, asked=model)
            task = Task(one.name, own, one.columns.many, seed, explained=False)
            yield from rows(one, directory, task=task)
    for name, measured in LINKED.items():
        if not only or name in only:
            yield from measured(directory)


def _model(one: TextSet, *, asked: recipes.Model | None) -> recipes.Model:
    """Return the model for a set; tuning serves one label of a text."""
    model = asked or recipes.best_there()
    return "encoder" if model == "tuned" and one.columns.many else model


def rows(one: TextSet, directory: Path, *, task: Task) -> list[Row]:
    """Return a row for each metric of a set."""
    trained = judged(one, directory, task=task)
    found = result(trained)
    speed = f"{found['texts_per_second']:.0f} texts/s" if found["texts_per_second"] else ""
    note = f"{task.model}; {one.note}; ece {found['ece']:.3f}, {speed}"
    tested = len(trained.tested)
    bounds = zip(one.metrics, one.baseline, one.must, one.aim, strict=True)
    return [
        Row(one.name, metric, float(str(found[metric])), was, must, aim, tested, note)
        for metric, was, must, aim in bounds
    ]


def judged(one: TextSet, directory: Path, *, task: Task) -> TrainedTask:
    """Train and judge a set as its files would be, from the command line."""
    columns = one.columns
    train = _read(one.train(directory), columns)
    hints = _read(one.hints(directory), columns) if one.hints else None
    texts = one.unlabelled
    unlabelled = _read(texts(directory), columns.unlabelled) if texts else None
    asked = replace(task, hints=hints, unlabelled=unlabelled)
    if one.test is None:
        return cross_validate(asked, train, folds=FOLDS)
    return train_task(asked, train, test=_read(one.test(directory), columns))


def _read(frame: pd.DataFrame, columns: Columns) -> Labelled:
    """Return a table as it would be read from a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        frame.to_parquet(path, index=False)
        return labelled.read(path, columns)


def report(found: Iterable[Row], console: Console, *, as_json: bool) -> None:
    """Print the table as it grows, and as JSON on the last line."""
    kept = []
    for row in found:
        kept.append(row)
        console.print(_line(row))
    console.print(table(kept))
    if as_json:
        print(orjson.dumps([asdict(row) for row in kept]).decode())  # noqa: T201 (for programs)


def _line(row: Row) -> str:
    return f"{row.set} {row.metric} {row.value:.4f}"


def table(found: Sequence[Row]) -> Table:
    """Return the measures beside what was published and what they must reach."""
    shown = Table("set", "metric", "ours", "baseline", "must", "aim", "reached", "rows", "note")
    for row in found:
        bounds = ("-" if b is None else f"{b:.3f}" for b in (row.baseline, row.must, row.aim))
        shown.add_row(
            row.set, row.metric, f"{row.value:.3f}", *bounds, _reached(row), f"{row.rows}", row.note
        )
    return shown


def _reached(row: Row) -> str:
    if row.aim is not None and row.value >= row.aim:
        return "aim"
    return "must" if row.must is not None and row.value >= row.must else "no"
