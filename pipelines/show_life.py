"""Show the life of a model at a terminal: comparisons, versions, a rollback."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from features.moments import CIVIL
from models import comparison as comparing
from models.comparison import NAMES
from pipelines.compare import Compared
from pipelines.rollback import Returned

COLOURS = {1: "green", 0: "dim", -1: "red"}
UNKNOWN = "未知 unknown"


def comparison(console: Console, compared: Compared) -> None:
    """Print both models' metrics, the differences with their intervals, and what follows."""
    found = compared.found
    table = Table(title=escape(f"比较 compare · {compared.title}"))
    for heading in ("指标 metric", "现役 champion", "候选 challenger", "差 difference", "95%"):
        table.add_column(heading, justify="left" if heading.endswith("metric") else "right")
    for d in found.differences.values():
        colour = COLOURS[d.verdict]
        table.add_row(
            " ".join(dict.fromkeys(NAMES[d.name])),
            f"{d.champion:.3f}",
            f"{d.challenger:.3f}",
            f"[{colour}]{d.difference:+.4f}[/]",
            f"[{colour}]{d.low:+.4f} – {d.high:+.4f}[/]",
        )
    console.print(table)
    console.print(
        f"共同 in common：{len(found.lines)} 项 lines，{found.failures} 项不合格 failures，"
        f"{found.enterprises} 家企业 enterprises（区间按企业抽样 enterprises are drawn）"
    )
    for sentence in comparing.conclusion(found):
        console.print(sentence)


def versions(console: Console, model: str, *, found: Sequence[Mapping[str, Any]]) -> None:
    """Print a row for each version."""
    table = Table(title=f"{model} 的版本 versions", show_lines=True)
    for heading in ("版本", "训练 trained", "批准 approved", "表现 metrics", "为什么 why"):
        table.add_column(heading, overflow="fold")
    for one in found:
        metrics = (f"{name} {value:.3g}" for name, value in one["metrics"].items())
        table.add_row(
            escape("\n".join((one["version"], *one["aliases"]))),
            escape(_trained(one)),
            escape(_approved(one)),
            "\n".join(metrics),
            escape(one["why"] or "—"),
        )
    console.print(table)


def returned(console: Console, done: Returned) -> None:
    """Print which version decides again."""
    console.print(
        f"[green]已回退 rolled back[/]: {done.model}/{escape(done.version)} 当值 decides again, "
        f"{done.model}/{escape(done.left)} 离任 left"
    )


def _trained(one: Mapping[str, Any]) -> str:
    signed = _signed(one["trained_by"], one["trained_at"], none=UNKNOWN)
    return f"{signed}\n截至 as of {_day(one['as_of']) if one['as_of'] else UNKNOWN}"


def _approved(one: Mapping[str, Any]) -> str:
    signed = _signed(one["approved_by"], one["approved_at"], none="—")
    again = _signed(one["restored_by"], one["restored_at"], none="")
    return f"{signed}\n回退 restored\n{again}" if again else signed


def _signed(by: str | None, at: str | None, *, none: str) -> str:
    return f"{by or none}\n{_day(at)}" if at else by or none


def _day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(CIVIL):%Y-%m-%d %H:%M}"
