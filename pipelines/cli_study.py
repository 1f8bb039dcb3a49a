"""The commands of studies: ``yujing study NAME``, mounted by ``pipelines.cli``."""

from collections.abc import Callable
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from models.risk.search import TRIALS
from models.risk.training import Recipe
from pipelines import arguments, clock, options, show, task_options
from pipelines.backtest import Asked
from pipelines.keep import keep
from pipelines.options import SHARED, TRACKING
from pipelines.report import report
from pipelines.studies import biosecurity as samples
from pipelines.studies import chicago, complaints, customs
from pipelines.studies import text as texts
from pipelines.studies import world as worlds
from pipelines.studies.study import Study

app = typer.Typer(help="Run a benchmark through the ordinary steps.", no_args_is_help=True)


def benchmark(published: Study) -> Callable[..., None]:
    """Return the command of a study: its own protocol, unless the options say otherwise."""

    def command(
        data: options.DataFolder = None,
        data_root: options.DataRoot = SHARED,
        test_from: options.TestFrom = None,
        test_until: options.TestUntil = None,
        train_from: options.TrainFrom = None,
        freeze: options.Freeze = True,
        custom: options.Keys = None,
        without: options.Without = None,
        seed: options.Seed = 0,
        trials: options.Trials = TRIALS,
        ablate: options.Ablate = False,
        tracking_uri: options.KeptAt = TRACKING,
        as_json: options.AsJson = False,
    ) -> None:
        tracking = arguments.tracked(tracking_uri)
        loaded = published.load(
            data or arguments.shared(data_root, published.folder), now=clock.now()
        )
        show.ingested(Console(stderr=True), loaded.ingested)
        asked = Asked(
            test_from, test_until, train_from, freeze, custom, without, seed, 1, trials, ablate
        )
        found = report(
            loaded,
            published.protocol(asked),
            zone=ZoneInfo(published.zone),
            published=published,
            tracking=tracking,
        )
        if as_json:
            print(show.json_line(found))  # noqa: T201 (the last line is for programs)

    return command


for each in (chicago.STUDY, customs.STUDY):
    app.command(each.name, help=each.doc)(benchmark(each))


@app.command("world")
def study_world(
    declarations: Annotated[int, typer.Option(min=20_000, help="how many goods lines")] = 60_000,
    seed: options.Seed = 0,
    trials: options.Trials = TRIALS,
    tracking_uri: options.KeptAt = TRACKING,
    as_json: options.AsJson = False,
) -> None:
    """A simulated world with a known truth: honest likelihoods, honest intervals."""
    tracking = arguments.tracked(tracking_uri)
    found, rows = worlds.world(declarations=declarations, recipe=Recipe(seed, trials))
    title = "模拟世界：谁说得准 simulated: whose interval holds the truth"
    show.results(show.console(), title, rows=worlds.plain(rows), columns=worlds.COLUMNS)
    show.mapping(show.console(), "模拟数据 simulated", values=found)
    if tracking is not None:
        asked = {"declarations": declarations, "seed": seed, "trials": trials}
        save = partial(worlds.save, rows=rows)
        keep(tracking, "study_world", params=asked, metrics=found, save=save)
    if as_json:
        print(show.json_line(found))  # noqa: T201 (the last line is for programs)


@app.command("biosecurity")
def study_biosecurity(
    data: options.DataFolder = None,
    data_root: options.DataRoot = SHARED,
    budget: Annotated[
        int | None,
        typer.Option("--budget", min=0, help="units in all; as many as were drawn by default"),
    ] = None,
    tracking_uri: options.KeptAt = TRACKING,
    as_json: options.AsJson = False,
) -> None:
    """Consignments at a border: sizes of samples that leak least, beside the published optimum."""
    tracking = arguments.tracked(tracking_uri)
    path = data or arguments.shared(data_root, samples.FOLDER)
    found = samples.biosecurity(path, budget=budget)
    title = "抽样件数：同样的样本总数漏过多少 sizes of samples: what slips through"
    show.results(show.console(), title, rows=samples.table(found), columns=samples.SHOWN)
    by_pathway = samples.by_pathway(found)
    show.results(
        show.console(), "各途径平均 by pathway", rows=by_pathway, columns=samples.BY_PATHWAY
    )
    if tracking is not None:
        asked = {"data": str(path), "budget": budget}
        save = partial(samples.save, found=found)
        keep(tracking, "study_biosecurity", params=asked, metrics=found.numbers, save=save)
    if as_json:
        print(show.json_line(found.numbers))  # noqa: T201 (the last line is for programs)


@app.command("complaints")
def study_complaints(
    data: options.DataFolder = None,
    data_root: options.DataRoot = SHARED,
    as_json: options.AsJson = False,
) -> None:
    """Real hotline tickets and car complaints: what the text models read in them."""
    complaints.report(data or arguments.shared(data_root, "text"), show.console(), as_json=as_json)


@app.command("text")
def study_text(
    data: options.DataFolder = None,
    data_root: options.DataRoot = SHARED,
    model: task_options.StudiedModel = None,
    only: options.Only = None,
    seed: options.Seed = 0,
    as_json: options.AsJson = False,
) -> None:
    """Text models on published Chinese sets, beside the published rows."""
    found = texts.text(
        data or arguments.shared(data_root, "text"),
        model=model,
        only=arguments.words(only),
        seed=seed,
    )
    texts.report(found, show.console(), as_json=as_json)
