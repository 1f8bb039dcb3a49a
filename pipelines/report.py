"""Report: a backtest as asked for at the door, printed for people, kept in a run, for programs."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from typing import TypeVar

import pandas as pd
from rich.console import Console
from rich.progress import track

from features.facts import Tables
from models.evaluation import bounded
from models.evaluation.ablation import Ablation
from models.registry import Registry, Tried
from models.risk.training import Recipe
from pipelines import arguments, evaluate, show, show_evaluation
from pipelines.ablate import ablate, families
from pipelines.backtest import Asked, Backtest, Window, backtest, origins, window
from pipelines.evaluate import Evaluated, evaluated
from pipelines.keep import keep
from pipelines.load import Loaded
from pipelines.studies.study import Study

MORE = "with_unplanned_"  # before the metrics of a model that also knows what no plan can
Work = TypeVar("Work")


@dataclass(frozen=True)
class Reported:
    """What was asked, and what was found: of each period, of the last one whole.

    more: the metrics of a model that also knows what no plan can; empty without such columns.
    """

    asked: Asked
    windows: list[Window]
    found: list[Backtest]
    last: Evaluated
    more: Mapping[str, float] = field(default_factory=dict)
    ablations: list[Ablation] = field(default_factory=list)

    def numbers(self) -> dict[str, float]:
        """Return every number by name: what ``--json`` prints and a run keeps."""
        lost = {
            f"{name}_of_{_plain(one.family)}": value
            for one in self.ablations
            for name, value in one.numbers().items()
            if name.startswith("average_precision_lost")
        }
        unplanned = {MORE + name: value for name, value in self.more.items()}
        return {**self.last.numbers(), **unplanned, **lost}

    def save(self, directory: Path) -> None:
        """Write the tables, the charts and the page."""
        if not self.ablations:
            evaluate.save(self.last, directory)
            return
        evaluate.save(self.last, directory, more={"ablation": bounded.ablation(self.ablations)})
        rows = pd.DataFrame([one.row() for one in self.ablations])
        rows.to_csv(directory / "ablation.csv", index=False)

    def tried(self) -> list[Tried]:
        """Return what is kept as runs below the run: each earlier period, each ablation."""
        periods = [
            Tried(f"fold_{n}", _days(each), {k: v for k, v in one.metrics.items() if v == v})
            for n, (each, one) in enumerate(zip(self.windows, self.found, strict=True), 1)
        ]
        lost = [
            Tried(f"without_{_plain(one.family)}", {"without": one.family}, one.numbers())
            for one in self.ablations
        ]
        return [*(periods if len(periods) > 1 else ()), *lost]


def report(
    loaded: Loaded,
    asked: Asked,
    *,
    zone: tzinfo,
    published: Study | None = None,
    tracking: Registry | None = None,
) -> dict[str, float]:
    """Backtest loaded tables as asked; print the result, keep it in a run, return its numbers.

    With more than one fold each period is judged by a model of its own past; the numbers are of the
    last. Where a study has columns that a plan cannot know, a second row and metrics after
    ``with_unplanned_`` tell what they would add. tracking: where the run is kept, if anywhere.
    """
    chosen = window(asked, loaded.tables, zone=zone)
    reported = _reported(loaded, asked, chosen=chosen, published=published)
    _show(reported, chosen, published=published)
    numbers = reported.numbers()
    if tracking is not None:
        step = "backtest" if published is None else f"study_{published.name}"
        params = {**asdict(asked), **_days(chosen)}
        run = keep(tracking, step, params=params, metrics=numbers, save=reported.save)
        if run is not None:
            tracking.below(run, tried=reported.tried())
    return numbers


def _reported(loaded: Loaded, asked: Asked, *, chosen: Window, published: Study | None) -> Reported:
    windows = origins(chosen, folds=asked.folds)
    tables = loaded.tables if published is None else published.planned(loaded.tables)
    found = [_backtest(tables, each, asked=asked) for each in _watched(windows, "backtest")]
    more: Mapping[str, float] = {}
    if published is not None and published.tells_more(loaded.tables):
        more = _backtest(loaded.tables, chosen, asked=asked).metrics
    last = evaluated(found[-1], seed=asked.seed, tables=tables, window=chosen)
    names = families(found[-1]) if asked.ablate else []
    worth = [
        ablate(name, found[-1], less=less, seed=asked.seed)
        for name in _watched(names, "ablate")
        for less in (_backtest(tables, chosen, asked=_without(asked, name)),)
    ]
    return Reported(asked, windows, found, last, more, worth)


def _backtest(tables: Tables, chosen: Window, *, asked: Asked) -> Backtest:
    return backtest(
        tables,
        chosen,
        custom=arguments.keys(asked.keys),
        without=arguments.words(asked.without),
        recipe=Recipe(asked.seed, asked.trials),
    )


def _without(asked: Asked, family: str) -> Asked:
    return replace(asked, without=",".join(filter(None, (asked.without, family))))


def _watched(work: list[Work], words: str) -> Iterable[Work]:
    """Yield work while a bar on the error stream tells how much is done."""
    return track(work, words, console=Console(stderr=True)) if work else work


def _show(reported: Reported, chosen: Window, *, published: Study | None) -> None:
    console = show.console()
    if reported.asked.folds > 1:
        show.folds(console, reported.windows, found=[b.metrics for b in reported.found])
    if published is not None:
        rows = _rows(reported, published)
        show.backtest(console, chosen, found=rows, published=published)
    show_evaluation.evaluation(console, reported.last, title=show.period(chosen))
    show_evaluation.ablations(console, reported.ablations)


def _rows(reported: Reported, published: Study) -> list[Mapping[str, object]]:
    """Return our rows: as planned, and where the tables tell it, with what no plan can know."""
    planned = {"model": "yujing", **reported.found[-1].metrics}
    if not reported.more:
        return [planned]
    more = f"yujing, with {', '.join(published.unplanned)}"
    return [planned, {"model": more, **reported.more}]


def _plain(family: str) -> str:
    return family.replace(",", "_")


def _days(each: Window) -> dict[str, object]:
    return {"from": each.test.start.isoformat(), "until": each.test.end.isoformat()}
