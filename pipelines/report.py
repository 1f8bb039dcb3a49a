"""Report: a backtest as asked for at the door, printed for people and for programs."""

from datetime import tzinfo

from rich.console import Console
from rich.progress import track

from models.risk.training import Recipe
from pipelines import arguments, show
from pipelines.backtest import Asked, backtest, origins, window
from pipelines.load import Loaded
from pipelines.studies.study import Study


def report(
    loaded: Loaded,
    asked: Asked,
    *,
    zone: tzinfo,
    as_json: bool,
    published: Study | None = None,
) -> None:
    """Backtest loaded tables as asked; print the result, and as JSON on the last line.

    With more than one fold each period is judged by a model of its own past; the JSON is of the
    last.
    """
    chosen = window(asked, loaded.tables, zone=zone)
    custom, without = arguments.keys(asked.keys), arguments.words(asked.without)
    recipe = Recipe(asked.seed, asked.trials)
    windows = origins(chosen, folds=asked.folds)
    found = [
        backtest(loaded.tables, each, custom=custom, without=without, recipe=recipe)
        for each in track(windows, "backtest", console=Console(stderr=True))
    ]
    last = found[-1].metrics
    if asked.folds > 1:
        show.folds(show.console(), windows, found=[b.metrics for b in found])
    show.backtest(show.console(), chosen, found=last, published=published)
    if as_json:
        print(show.json_line(last))  # noqa: T201 (the last line is for programs)
