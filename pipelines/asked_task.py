"""Asked task: what was typed to train on a labelled file, checked, read and trained."""

from dataclasses import dataclass, fields
from pathlib import Path

from features.errors import Invalid
from models.text import recipes
from pipelines import arguments
from pipelines.labelled import Columns, Labelled, read
from pipelines.train_task import Task, TrainedTask, cross_validate, train_task

FILES = ("train", "test", "hints", "unlabelled")


@dataclass(frozen=True)
class AskedTask:
    """The options of a training on a labelled file, as they were typed; none was not given."""

    task: str | None
    train: str | None
    test: str | None
    text_columns: str | None
    label_column: str | None
    group_column: str | None
    label_separator: str | None
    hints: str | None = None
    unlabelled: str | None = None
    model: recipes.Model = "linear"
    folds: int = 0
    seed: int = 0

    @property
    def columns(self) -> Columns:
        """Which columns hold what; ``text`` and ``label`` where none was named."""
        return Columns(
            texts=arguments.words(self.text_columns) or ("text",),
            labels=arguments.words(self.label_column) or ("label",),
            group=self.group_column,
            separator=self.label_separator,
        )

    def params(self) -> dict[str, object]:
        """Return what was asked for, for the record; files by name."""
        told = {f.name: getattr(self, f.name) for f in fields(self)}
        files = {k: Path(told[k]).name for k in FILES if told[k]}
        return {k: v for k, v in (told | files).items() if v is not None}


def check_store(asked: AskedTask) -> None:
    """Refuse options that need a labelled file where none is given."""
    typed = {f.name: getattr(asked, f.name) for f in fields(asked) if f.name != "seed"}
    given = [name for name, value in typed.items() if value not in (None, 0, "linear")]
    if given:
        option = given[0].replace("_", "-")
        raise Invalid(
            f"--{option} is for a labelled file; give --train FILE, or leave it out to train on "
            "the store's reports"
        )


def trained(asked: AskedTask) -> TrainedTask:
    """Return a training on the labelled files that were asked for."""
    name = asked.task
    if not name:
        raise Invalid("a training on a labelled file has no name; give --task NAME")
    if (asked.test is None) == (asked.folds == 0):
        raise Invalid("give either --test FILE or --folds K, to judge by unseen texts")
    columns = asked.columns
    if asked.unlabelled and columns.many:
        raise Invalid("--unlabelled is for one label of a text; leave it out for several")
    recipes.classifier(asked.model, seed=asked.seed)  # an encoder that is not there: say so first
    task = Task(
        name,
        asked.model,
        many=columns.many,
        seed=asked.seed,
        hints=_given(asked.hints, columns),
        unlabelled=_given(asked.unlabelled, columns.unlabelled),
    )
    train = read(Path(str(asked.train)), columns)
    if asked.test is None:
        return cross_validate(task, train, folds=asked.folds)
    return train_task(task, train, test=read(Path(asked.test), columns))


def _given(path: str | None, columns: Columns) -> Labelled | None:
    return read(Path(path), columns) if path else None
