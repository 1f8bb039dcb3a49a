"""The commands of fixed rules: ``yujing rules NAME``, mounted by ``pipelines.cli``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from features import moments
from models.inspection import policy as policies
from models.inspection.rules import rules as fixed
from models.inspection.rules.conditions import Check, Condition, label
from models.inspection.rules.rules import FILE, Action
from models.wording import percent
from pipelines import arguments, clock, options, show
from pipelines.load import load
from pipelines.try_rules import Found, Report, Tried, days, try_rules

app = typer.Typer(help="Fixed rules: check a file, or try it on the past.", no_args_is_help=True)
SAID = {
    "is": ("为", " is "),
    "begins": ("开头为", " begins with "),
    "contains": ("含", " contains "),
    "at_least": (" ≥ ", " ≥ "),
    "at_most": (" ≤ ", " ≤ "),
    "above": (" > ", " > "),
    "below": (" < ", " < "),
}


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(help="a file of rules; by default the shipped one")
    ] = FILE,
) -> None:
    """Check a file of rules and print what each does, when, and from which day until which."""
    rules = fixed.load(file)
    fixed.check_items(rules, policies.load())
    table = Table(title=f"固定规则 rules · {escape(rules.name)} {rules.version}", show_lines=True)
    for heading in ("规则 rule", "做什么 what", "条件 when", "有效期 since – until"):
        table.add_column(heading, overflow="fold")
    for rule in rules.rules:
        since, until = (day.isoformat() if day else "" for day in (rule.since, rule.until))
        period = f"{since} – {until}".strip() if since or until else "一直 always"
        told = "\n".join(words(rule.when, language) for language in (0, 1))
        reason = "\n".join(filter(None, (rule.zh, rule.en, rule.basis)))
        name = f"[bold]{rule.id}[/]\n{escape(reason)}"
        table.add_row(name, what(rule.then), escape(told), period)
    show.console().print(table)


@app.command("test")
def past(
    directory: Annotated[Path, typer.Argument(help="a directory of exchange tables")],
    rules: Annotated[Path, typer.Option("--rules", help="a file of rules")] = FILE,
    start: Annotated[
        str | None, typer.Option("--from", help="first day", callback=options.told)
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="last day", callback=options.told)
    ] = None,
    undated: Annotated[
        bool, typer.Option("--undated", help="as if each rule had always been in force")
    ] = False,
    time_zone: options.Zone = None,
    as_json: options.AsJson = False,
) -> None:
    """Try rules on the past: what each would have hit, the hours it takes, and what that found."""
    chosen, policy = fixed.load(rules), policies.load()
    fixed.check_items(chosen, policy)
    zone = arguments.zone(time_zone)
    loaded = load(directory, now=clock.now(), zone=zone)
    show.ingested(Console(stderr=True), loaded.ingested)
    period = days(loaded.tables, start=start, until=until, zone=zone or moments.CIVIL)
    chosen = chosen.undated() if undated else chosen
    report = try_rules(loaded.tables, chosen, policy=policy, period=period)
    shown(show.console(), report)
    if as_json:
        print(show.json_line(report.plain()))  # noqa: T201 (the last line is for programs)


def shown(console: Console, report: Report) -> None:
    """Print what each rule would have done, then all together, then those that never fire."""
    first, last = (
        end.astimezone(moments.CIVIL) for end in (report.period.start, report.period.end)
    )
    table = Table(
        title=f"规则回测 rules on the past · {report.version} · {first:%Y-%m-%d %H:%M} – "
        f"{last:%Y-%m-%d %H:%M} · {report.lines:,} 项 lines",
        show_lines=True,
    )
    table.add_column("规则 rule", overflow="fold", min_width=22)
    for heading in HEADINGS:
        table.add_column(heading, justify="right", overflow="fold")
    for one in report.tried:
        table.add_row(*_cells(one, report))
    console.print(table)
    console.print(
        f"合计 total: {report.hit:,} 项 lines ({percent(report.hit / report.lines)})，"
        f"{report.hours:,.1f} 工时 hours，每周 a week {report.hours / report.weeks:,.1f}"
    )
    for one in report.tried:
        if not one.lines:
            console.print(f"[yellow]从未命中 never fires:[/] {one.rule.id}{escape(_why(one))}")


HEADINGS = (
    "命中\nlines",
    "每周\na week",
    "工时\nhours",
    "前已决定\ndecided\nbefore",
    "已查/不合格\ninspected\n/failed",
    "不合格率\nrate (95%)",
    "其余\nothers (95%)",
)


def _cells(one: Tried, report: Report) -> list[str]:
    share = percent(one.lines / report.lines)
    return [
        f"[bold]{one.rule.id}[/]\n{what(one.rule.then)}",
        f"{one.lines:,}\n{share}",
        f"{one.lines / report.weeks:,.1f}",
        f"{one.hours:,.1f}",
        f"{one.decided:,}",
        f"{one.hit.inspected:,} / {one.hit.failed:,}",
        _rate(one.hit),
        _rate(one.others),
    ]


def _rate(found: Found) -> str:
    if not found.inspected:
        return "—"
    ends = (percent(end) for end in (found.rate.low, found.rate.high))
    return f"{percent(found.rate.value)}\n{'–'.join(ends)}"


def _why(one: Tried) -> str:
    if not one.in_force:
        return "，此期间未生效 not in force in this period; try --undated"
    if one.blank:
        return f"，数据中没有 no line tells {', '.join(one.blank)}"
    return "，没有符合条件的商品项 no line fits"


def what(action: Action) -> str:
    """Return what an action does, in Chinese and English."""
    told = []
    if action.prohibit:
        told.append("[red]禁止入境 prohibit[/]")
    if action.inspect is not None:
        told.append(f"必查 inspect：{show.LANES[action.inspect]} {action.inspect}")
    if action.at_least is not None:
        told.append(f"概率不低于 at least {percent(action.at_least)}")
    if action.exempt:
        told.append("[green]免检 exempt[/]")
    if action.items:
        told.append(f"检验项目 items：{escape(', '.join(action.items))}")
    return "\n".join(told)


def words(condition: Condition, language: int, *, inner: bool = False) -> str:
    """Return a condition in Chinese (0) or English (1)."""
    if isinstance(condition, Check):
        return _said(condition, language)
    if condition.how == "not":
        return ("非", "not ")[language] + words(condition.parts[0], language, inner=True)
    link = {"all": ("，且", " and "), "any": ("，或", " or ")}[condition.how][language]
    told = link.join(words(part, language, inner=True) for part in condition.parts)
    return ("（{}）", "({})")[language].format(told) if inner else told


def _said(test: Check, language: int) -> str:
    name = label(test.name, language)
    if test.how == "missing":
        return (
            name + (("有记录", " is told"), ("缺失", " is missing"))[bool(test.values[0])][language]
        )
    values = ("、", " or ")[language].join(map(_written, test.values))
    return f"{name}{SAID[test.how][language]}{values}"


def _written(value: str | float | bool) -> str:
    return f"{int(value):,}" if isinstance(value, float) and value.is_integer() else str(value)
