"""The command that simulates inspection policies, mounted among the others by ``pipelines.cli``."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines import arguments, clock, options, show
from pipelines.keep import keep
from pipelines.options import TRACKING
from pipelines.replay import simulate
from pipelines.replay.charts import ESTIMATORS, POLICIES, QUANTITIES
from pipelines.replay.offline import DRAWS
from pipelines.replay.simulate import Simulated, Wanted

ONLY_INSPECTED = (
    "没有真相：只有查验过的商品项可以重演。 "
    "Without a known truth only the inspected lines are replayed."
)
NOT_TOLD = (
    "未提供每次查验的抽中概率（propensity），无法估计没有执行过的策略。 "
    "The chance of each inspection is not told, so nothing is said of policies that were never run."
)
ASSUMED = (
    "假定每一项申报都有被查到的可能；“代表”一列接近 1 才站得住。 "
    "Every declared line is taken to have had some chance; that stands where represented is near 1."
)
HELD = (
    f"每格末行：{DRAWS} 次重新抽查中区间包含真相的比例。 "
    f"The last line of each cell: how often intervals of {DRAWS} new draws hold the truth."
)
app = typer.Typer()


@app.command("simulate-policy")
def simulate_policy(
    directory: Annotated[
        Path | None,
        typer.Argument(help="exchange tables; without them two worlds are simulated"),
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=156, help="the last so many weeks")] = 26,
    hours: Annotated[
        float | None,
        typer.Option(help="inspection hours of each week; a tenth of its lines by default"),
    ] = None,
    retrain: Annotated[int, typer.Option(min=1, help="weeks between two trainings")] = 4,
    declarations: Annotated[
        int, typer.Option(min=5_000, help="goods lines of a simulated world")
    ] = 20_000,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="how often it is replayed")] = 3,
    seed: options.Seed = 0,
    tracking_uri: options.KeptAt = TRACKING,
    as_json: options.AsJson = False,
) -> None:
    """Replay declarations under several policies, each seeing only what it selects."""
    tracking = arguments.tracked(tracking_uri)
    wanted = Wanted(weeks, hours, retrain, seed, seeds)
    if directory is None:
        made = simulate.worlds(wanted, declarations=declarations)
    else:
        name = directory.resolve().name
        made = [simulate.simulate(directory, wanted, now=clock.now(), name=name)]
    for each in made:
        shown(show.console(), each)
    numbers = {name: value for each in made for name, value in each.numbers().items()}
    if tracking is not None:
        asked = {**vars(wanted), "declarations": declarations, "directory": directory}
        save = partial(simulate.save, made=made)
        keep(tracking, "simulate_policy", params=asked, metrics=numbers, save=save)
    if as_json:
        print(show.json_line(numbers))  # noqa: T201 (the last line is for programs)


def shown(console: Console, made: Simulated) -> None:
    """Print what the policies found, how they differ from the price alone, and the estimates."""
    console.print(_policies(made))
    if not made.is_true:
        console.print(f"[yellow]{ONLY_INSPECTED}[/yellow]")
    console.print(_beside(made))
    if made.estimates is None:
        console.print(f"[dim]{NOT_TOLD}[/dim]")
        return
    for quantity in QUANTITIES:
        console.print(_estimates(made, made.estimates, quantity=quantity))
    if made.is_true:
        console.print(f"[dim]{HELD}[/dim]")
    else:
        console.print(f"[yellow]{ASSUMED}[/yellow]")


def _policies(made: Simulated) -> Table:
    """Return what each policy found, with its bounds."""
    title = (
        f"{made.course.title}：{made.lines:,} 项 lines，每周 {made.hours:.1f} 工时 hours a week，"
        "一项一小时 an hour each"
    )
    headings = (
        "查验 inspected",
        "命中率 hit rate",
        "不合格 failures found",
        "伤害 harm averted",
        "企业 enterprises",
        "遗憾 regret",
    )
    table = _headed(title, ("策略 policy", *headings))
    for row in made.summary.to_dict("records"):
        table.add_row(
            POLICIES[row["policy"]],
            f"{row['lines']:.0f}",
            *(_bounded(row, name) for name in ("hit_rate", "failures", "harm")),
            f"{row['enterprises']:.0%}",
            f"{row['regret']:.0f} ± {row['regret_se']:.0f}".replace(" ± nan", ""),
        )
    return table


def _beside(made: Simulated) -> Table:
    """Return how each policy differs from the price without floors, by period."""
    title = "比按价格多发现的份额 share found beyond the price without floors (95%)"
    told = made.beside
    periods = list(dict.fromkeys(told["period"]))
    table = _headed(title, ("策略 policy", "", *(PERIODS[period] for period in periods)))
    for key, rows in told.groupby(["policy", "what"], sort=False):
        policy, what = map(str, key)
        cells = [
            f"{row['difference']:+.1%} ({row['low']:+.1%} – {row['high']:+.1%})"
            for row in rows.to_dict("records")
        ]
        table.add_row(POLICIES[policy], WHAT[what], *cells)
    return table


PERIODS = {"all": "全部 all weeks", "before": "漂移前 before", "after": "漂移后 after"}
WHAT = {"harm": "伤害 harm", "failures": "不合格 failures"}


def _estimates(made: Simulated, found: pd.DataFrame, *, quantity: str) -> Table:
    """Return what policies that were never run would find, by estimator.

    Beside each interval, in a simulated world, how often such intervals hold the truth.
    """
    title = f"没有执行过的策略 policies that were never run：{QUANTITIES[quantity]} (95%)"
    truth = ("真相 truth",) if made.is_true else ()
    support = ("相当于 effective", "代表 represented", "范围外 outside")
    table = _headed(title, ("策略 policy", *truth, *ESTIMATORS.values(), *support))
    held = {} if made.coverage is None else _held(made.coverage, quantity)
    told = found[found["quantity"] == quantity]
    for policy, rows in told.groupby("policy", sort=False):
        cells = [
            _interval(row) + held.get((str(policy), row["estimator"]), "")
            for row in rows.to_dict("records")
        ]
        first = rows.iloc[0]
        table.add_row(
            POLICIES[str(policy)],
            *([f"{first['truth']:.3f}"] if made.is_true else []),
            *cells,
            f"{first['effective']:.0f}",
            f"{first['represented']:.2f}",
            f"{first['outside']:.0%}",
        )
    return table


def _held(coverage: pd.DataFrame, quantity: str) -> dict[tuple[str, str], str]:
    """Return how often the intervals of each policy and estimator hold the truth."""
    rows = coverage[coverage["quantity"] == quantity].to_dict("records")
    return {(r["policy"], r["estimator"]): f"\n[dim]{r['coverage']:.0%}[/dim]" for r in rows}


def _interval(row: Mapping[Any, Any]) -> str:
    return f"{row['value']:.3f}\n{row['low']:.2f}–{row['high']:.2f}"


def _headed(title: str, headings: Sequence[str]) -> Table:
    table = Table(title=escape(title))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _bounded(row: Mapping[Any, Any], name: str) -> str:
    return f"{row[name]:.1%} ({row[f'{name}_low']:.0%}–{row[f'{name}_high']:.0%})"
