"""The command that watches the champion in use, mounted among the others by ``pipelines.cli``."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from features import moments
from models.monitoring import drift_words, feed_words
from models.monitoring.answers import Answers
from models.monitoring.finding import Finding
from models.monitoring.findings import LEVELS, METRICS
from models.monitoring.report import SEVERITIES
from models.risk import matrix as matrices
from models.wording import percent
from pipelines import arguments, clock, options, show
from pipelines import monitor as monitoring
from pipelines.monitor import Monitored
from pipelines.options import STORE, TRACKING

COLOURS = {"ok": "green", "watch": "yellow", "act": "bold red"}
TOLD = 5  # features that are shown when none alarms
app = typer.Typer()


@app.command()
def monitor(
    store: options.StoreUrl = STORE,
    tracking_uri: options.TrackingUri = TRACKING,
    as_of: options.AsOf = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=365, help="how many days before are watched")
    ] = 30,
    matrix: options.MatrixName = "port",
    seed: options.Seed = 0,
    as_json: options.AsJson = False,
) -> None:
    """Watch the champion risk model: drift, calibration, performance, feeds; log what was found."""
    tracking = arguments.registry(tracking_uri)
    found = monitoring.monitor(
        arguments.opened(store),
        monitoring.watched(tracking, matrices.load(matrix)),
        asked=monitoring.Asked(clock.moment(as_of), days, seed),
    )
    run = monitoring.log(found, tracking)
    shown(show.console(), found)
    if as_json:
        print(show.json_line({"run": run, **found.plain()}))  # noqa: T201 (for programs)


def shown(console: Console, found: Monitored) -> None:
    """Print the findings, then what they rest on."""
    console.print(_findings(found.title, found.findings))
    for table in _tables(found.answers):
        console.print(table)


def _findings(title: str, findings: Sequence[Finding]) -> Table:
    table = Table(title=f"模型监测 monitoring · {escape(title)}", show_lines=True)
    for heading in ("程度", "发现 what changed", "怎么办 what to do"):
        table.add_column(heading, overflow="fold")
    for one in findings:
        colour = COLOURS[one.severity]
        table.add_row(
            f"[{colour}]{SEVERITIES[one.severity]}[/]",
            escape(f"{one.zh}\n{one.en}"),
            escape(f"{one.todo_zh}\n{one.todo_en}"),
        )
    return table


def _tables(answers: Answers) -> Iterator[Table]:
    if answers.drift.rank is not None:
        yield _drift(answers)
    if answers.outcomes.tests:
        yield _calibration(answers)
    if answers.promised or answers.outcomes.kept:
        yield _performance(answers)
    if answers.feeds:
        yield _feeds(answers)


def _drift(answers: Answers) -> Table:
    drift = answers.drift
    assert drift.rank is not None, "only a ranked drift is shown"
    days, periods = drift.sampled.days, len(drift.sampled.periods)
    title = (
        f"漂移 drift · {periods} × {days} 天 days · p {drift.rank.p:.2f} · "
        f"误报 by chance {drift.rank.alpha:.0%}"
    )
    table = _headed(title, "特征 feature", "变化 change", "离平常 standing", "报警 alarm")
    for i in drift.order[: max(TOLD, len(drift.named))]:
        told = drift_words.change(drift.columns[i], answers.features, language=0)
        alarms = "[red]●[/]" if drift.rank.named[i] else ""
        cells = (escape(drift.columns[i].name), escape(told))
        table.add_row(*cells, f"{drift.rank.standing[i]:.1f} / {drift.rank.bound:.1f}", alarms)
    return table


def _calibration(answers: Answers) -> Table:
    outcomes = answers.outcomes
    title = f"校准 calibration · {outcomes.lines} 项 lines · {outcomes.failures} 不合格 failed"
    table = _headed(title, "", "项 lines", "实际 observed", "预测 expected", "偶然 chance", "p")
    for test in outcomes.tests:
        is_share = test.name in LEVELS
        label = " ".join(LEVELS[test.name]) if is_share else "斜率 slope"
        words = [percent(v) if is_share else f"{v:.2f}" for v in (test.observed, test.expected)]
        around = [percent(v) if is_share else f"{v:.2f}" for v in (test.low, test.high)]
        table.add_row(label, str(test.lines), *words, "–".join(around), f"{test.p:.3f}")
    return table


def _performance(answers: Answers) -> Table:
    title = "效果 performance：概率所允诺的与实际的 promised and realised"
    headings = ("", "近期预期 expected now", "成熟预期 matured", "实际 realised", "p")
    table = _headed(title, *headings)
    kept = {promise.name: promise for promise in answers.outcomes.kept}
    promised = {promise.name: promise for promise in answers.promised}
    for name in dict.fromkeys((*promised, *kept)):
        cells = ["", "", "", ""]
        if (now := promised.get(name)) is not None:
            cells[0] = f"{now.expected:.3f} ({now.low:.3f}–{now.high:.3f})"
        if (then := kept.get(name)) is not None:
            around = f"{then.expected:.3f} ({then.low:.3f}–{then.high:.3f})"
            cells[1:] = [around, f"{then.realised:.3f}", f"{then.p:.3f}"]
        table.add_row(" · ".join(METRICS[name]), *cells)
    return table


def _feeds(answers: Answers) -> Table:
    days = answers.thinning.days
    headings = ("来源 feed", "最近 last", "静默天数 silent", "界限 bound", f"各{days}天 counts")
    table = _headed("来源 feeds", *headings)
    counts = dict(zip(answers.thinning.names, answers.thinning.counts.T, strict=True))
    for feed in answers.feeds:
        recent = [f"{count:.0f}" for count in counts[feed.name][-3:]]
        bound = "—" if feed.bound != feed.bound else f"{feed.bound:.1f}"
        colour = "[red]" if feed.is_silent else ""
        table.add_row(
            " ".join(dict.fromkeys(feed_words.name(feed.name, language) for language in (0, 1))),
            f"{feed.last_at.astimezone(moments.CIVIL):%Y-%m-%d %H:%M}",
            f"{colour}{feed.silent:.1f}",
            bound,
            " → ".join(recent),
        )
    return table


def _headed(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
