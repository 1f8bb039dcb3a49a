"""Show: results as tables a person reads at a terminal."""

import json
import math
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from features.feature_set import FeatureSet
from features.judgements import Decision, Plan
from features.records import Declaration
from models.inspection.allocation import units
from models.inspection.allocation.allocate import LEAST
from models.risk.matrix import RANK
from models.wording import percent
from pipelines.backtest import Window
from pipelines.ingest import Ingested
from pipelines.promote import Promotion
from pipelines.studies.study import Study

LEVELS = {
    "serious": "[bold white on red]严重 serious",
    "high": "[red]高 high",
    "medium": "[yellow]中 medium",
    "low": "[green]低 low",
}
LANES = {"full": "彻底查验", "sampling": "抽样检验", "documents": "单证审核", "release": "放行"}
WIDTH = 120


def console() -> Console:
    """Return where results are printed: as wide as the terminal, or 120 without one."""
    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=WIDTH)


def decisions(
    console: Console,
    decided: Sequence[Decision],
    *,
    lines: Mapping[str, Declaration],
    most: int = 15,
) -> None:
    """Print what to inspect, how and why, the most serious first."""
    inspected = [d for d in decided if d.lane != "release"]
    order = sorted(inspected, key=lambda d: (-RANK[d.level], -d.likelihood))
    table = Table(title="布控指令 · what to inspect, how, and why", show_lines=True)
    for heading in ("申报商品项 line", "等级 level", "指令 what to do", "理由 why"):
        table.add_column(heading, overflow="fold")
    for decision in order[:most]:
        table.add_row(*_cells(decision, lines[decision.declaration_id]))
    console.print(table)
    released = len(decided) - len(inspected)
    console.print(
        f"共 {len(decided)} 项 lines：查验 inspected {len(inspected)}，放行 released {released}"
        + (f"；只显示前 {most} 项 first {most} shown" if len(inspected) > most else "")
    )


def _cells(decision: Decision, line: Declaration) -> list[str]:
    goods = f"{line.goods_name or ''} {line.hs_code or ''} {line.origin or ''}".strip()
    tests = "、".join(item.zh for item in decision.items)
    return [
        escape(f"{decision.declaration_id}\n{goods}\n{line.port or ''}"),
        f"{LEVELS[decision.level]}[/]\n{percent(decision.likelihood)}",
        f"[bold]{LANES[decision.lane]}[/]\n{tests}",
        escape("\n".join(f"· {reason.zh}" for reason in decision.reasons[:3])),
    ]


def mapping(console: Console, title: str, *, values: Mapping[str, object]) -> None:
    """Print names and values."""
    table = Table(title=escape(title), show_header=False)
    for name, value in values.items():
        table.add_row(name, escape(_number(value)))
    console.print(table)


def measured(console: Console, title: str, *, values: Mapping[str, float]) -> None:
    """Print numbers by name; one whose ``_low`` and ``_high`` are told has its bounds beside it."""
    table = Table(title=escape(title), show_header=False)
    for name, value in values.items():
        if name.endswith(("_low", "_high")):
            continue
        ends = [_number(values.get(f"{name}_{end}")) for end in ("low", "high")]
        table.add_row(name, _number(value), "–".join(ends) if all(ends) else "")
    console.print(table)


def listed(value: object, *, most: int = 8) -> object:
    """Return the first of several values, and how many more there are; another value as it is."""
    if not isinstance(value, Mapping | list):
        return value
    told = [f"{k} {n}" for k, n in value.items()] if isinstance(value, Mapping) else value
    more = f", … {len(told) - most} more" if len(told) > most else ""
    return ", ".join(map(str, told[:most])) + more


def ingested(console: Console, found: Ingested) -> None:
    """Print what became of the rows of each table, and where the rejected ones are."""
    table = Table(title="载入 ingest")
    for heading in ("表 table", "读 read", "新增 added", "未变 unchanged", "拒绝 rejected"):
        table.add_column(heading, justify="left" if heading.endswith("table") else "right")
    for name, c in found.tables.items():
        table.add_row(name, *(f"{n:,}" for n in (c.read, c.added, c.unchanged, c.rejected)))
    console.print(table)
    unread(console, found)


def unread(console: Console, found: Ingested) -> None:
    """Print where rejected rows are, and which files were not read and why."""
    for path in found.rejected:
        console.print(f"[yellow]rejected rows and their reasons:[/yellow] {escape(str(path))}")
    for path in found.overlooked:
        console.print(f"[yellow]not read:[/yellow] {escape(str(path))} has no table's name")
    for reason in found.refused:
        console.print(f"[red]refused:[/red] {escape(reason)}")


def promotion(console: Console, done: Promotion) -> None:
    """Print whether a version was promoted, and why."""
    verdict = "[green]晋级 promoted" if done.promoted else "[red]未晋级 not promoted"
    console.print(f"{done.model}/{done.version} {verdict}[/]: {escape('; '.join(done.why))}")
    for note in done.notes:
        console.print(f"[yellow]{escape(note)}")


def plans(console: Console, made: Sequence[Plan]) -> None:
    """Print each port's price, what had to be cut, and the commitment to the day's draw."""
    table = Table(title="布控计划 plan of the day")
    table.add_column("口岸 port")
    table.add_column("日期 day")
    for heading in (
        "预计项 lines",
        "工时 hours",
        "价格 price",
        "随机抽查 by lot",
        "件 units",
        "件价 unit price",
    ):
        table.add_column(heading, justify="right")
    for p in made:
        table.add_row(escape(p.port), p.day, *_planned(p))
    console.print(table)
    short = [p.port for p in made if (p.floor_share or 1.0) < 1.0]
    if short:
        console.print(
            "[yellow]规则、预警和随机抽查已超过工时，随机抽查按比例缩减：[/yellow]"
            f"{escape('、'.join(short))} [yellow]rules, warnings and quotas take more than the "
            "hours there; quotas were cut[/yellow]"
        )
    if made:
        console.print(f"抽签承诺 commitment to the draw: {made[0].commitment}")


def _planned(p: Plan) -> list[str]:
    """Return a plan's numbers; hours to spend stand beside the capacity where they differ."""
    hours = p.capacity if p.hours is None else p.hours
    return [
        f"{p.expected_lines:.0f}",
        f"{p.capacity:g}" if hours == p.capacity else f"{hours:.3g} ({p.capacity:g})",
        "全查 all" if p.price <= LEAST else f"{p.price:.3g}",
        percent(1.0 if p.floor_share is None else p.floor_share),
        "" if p.units is None else f"{p.units:,}",
        "" if p.unit_price is None else _unit_price(p.unit_price),
    ]


def _unit_price(price: float) -> str:
    """Return the price of a unit; at its ends all units are taken, or the least of each level."""
    if price <= units.LEAST:
        return "全取 all"
    return "取下限 least" if price >= units.MOST else f"{price:.2g}"


def features(console: Console, made: FeatureSet, *, gains: Mapping[str, float]) -> None:
    """Print every feature with its family, its meaning and what the champion gains by it.

    gains: by name, in any unit; none where there is no champion. The most important come first.
    """
    table = Table(title=f"特征 {len(made.names)} features")
    for heading in ("族 family", "列 column", "含义", "meaning"):
        table.add_column(heading, overflow="fold")
    table.add_column("重要性 importance", justify="right")
    whole = sum(gains.values()) or 1.0
    for name in sorted(made.names, key=lambda name: -gains.get(name, 0.0)):
        meanings = (escape(made.meaning(name, language)) for language in (0, 1))
        share = f"{gains[name] / whole:.1%}" if name in gains else ""
        table.add_row(made.family(name), name, *meanings, share)
    console.print(table)


def backtest(
    console: Console,
    window: Window,
    *,
    found: Sequence[Mapping[str, object]],
    published: Study,
) -> None:
    """Print a study's published rows and ours below them."""
    columns = ("model", *published.shown)
    rows = [*published.published, *found]
    results(console, f"{published.name} {period(window)}", rows=rows, columns=columns)
    console.print(f"[dim]{published.caveat}[/dim]")


def period(window: Window) -> str:
    """Return what is tested, in words."""
    frozen = "，冻结 frozen" if window.freeze else ""
    return f"{window.test.start:%Y-%m-%d %H:%M} – {window.test.end:%Y-%m-%d %H:%M} UTC{frozen}"


def folds(
    console: Console, windows: Sequence[Window], *, found: Sequence[Mapping[str, object]]
) -> None:
    """Print a backtest on rolling origins, a row for each period."""
    periods = [f"{w.test.start:%Y-%m-%d} – {w.test.end:%Y-%m-%d}" for w in windows]
    rows = [{"period": p, **metrics} for p, metrics in zip(periods, found, strict=True)]
    columns = ("period", "n", "positives", "auc", "average_precision", "precision_at_10pct")
    results(console, "滚动回测 rolling origins", rows=rows, columns=columns)


def results(
    console: Console, title: str, *, rows: Sequence[Mapping[str, object]], columns: Sequence[str]
) -> None:
    """Print rows of results, one column for each name; what a row lacks stays empty."""
    table = Table(title=title)
    for name in columns:
        table.add_column(name, justify="left" if name in ("model", "period") else "right")
    for row in rows:
        table.add_row(*(_number(row.get(name)) for name in columns))
    console.print(table)


def _number(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def json_line(found: Mapping[str, object]) -> str:
    """Return one JSON object on one line; what is not a number becomes null."""
    plain = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in found.items()
    }
    return json.dumps(plain, ensure_ascii=False)
