"""Report: a backtest as asked for at the door, printed for people and for programs."""

from datetime import tzinfo

from rich.console import Console

from pipelines import arguments, show
from pipelines.backtest import Asked, backtest, window
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
    """Backtest loaded tables as asked; print the result, and as JSON on the last line."""
    chosen = window(asked, loaded.tables, zone=zone)
    found = backtest(
        loaded.tables,
        chosen,
        custom=arguments.keys(asked.keys),
        without=arguments.words(asked.without),
        seed=asked.seed,
    )
    show.backtest(Console(), chosen, found=found.metrics, published=published)
    if as_json:
        print(show.json_line(found.metrics))  # noqa: T201 (the last line is for programs)
