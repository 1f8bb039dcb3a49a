"""Report: a backtest as asked for at the door, printed for people and for programs."""

from collections.abc import Mapping
from datetime import tzinfo

from rich.console import Console
from rich.progress import track

from features.facts import Tables
from models.risk.training import Recipe
from pipelines import arguments, show
from pipelines.backtest import Asked, Backtest, Window, backtest, origins, window
from pipelines.load import Loaded
from pipelines.studies.study import Study

MORE = "with_unplanned_"  # before the metrics of a model that also knows what no plan can


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
    last. Where a study has columns that a plan cannot know, a second row and metrics after
    ``with_unplanned_`` tell what they would add.
    """
    chosen = window(asked, loaded.tables, zone=zone)
    windows = origins(chosen, folds=asked.folds)
    tables = loaded.tables if published is None else published.planned(loaded.tables)
    found = [
        _backtest(tables, each, asked=asked)
        for each in track(windows, "backtest", console=Console(stderr=True))
    ]
    last = found[-1].metrics
    more: Mapping[str, float] = {}
    if published is not None and published.tells_more(loaded.tables):
        more = _backtest(loaded.tables, chosen, asked=asked).metrics
    if asked.folds > 1:
        show.folds(show.console(), windows, found=[b.metrics for b in found])
    rows = [{"model": "yujing", **last}]
    if published is not None and more:
        rows.append({"model": f"yujing, with {', '.join(published.unplanned)}", **more})
    show.backtest(show.console(), chosen, found=rows, published=published)
    if as_json:
        told = {**last, **{MORE + name: value for name, value in more.items()}}
        print(show.json_line(told))  # noqa: T201 (the last line is for programs)


def _backtest(tables: Tables, chosen: Window, *, asked: Asked) -> Backtest:
    return backtest(
        tables,
        chosen,
        custom=arguments.keys(asked.keys),
        without=arguments.words(asked.without),
        recipe=Recipe(asked.seed, asked.trials),
    )
