"""Show an evaluation at a terminal: metrics with bounds, slices that are off, equal treatment."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from models.evaluation.ablation import Ablation, conclusion
from models.evaluation.bounded import ESTIMATED, QUESTIONS
from models.evaluation.evaluation import Evaluation, words
from models.evaluation.ratios import Interval
from models.evaluation.slices import Slice
from pipelines.evaluate import Evaluated

MOST = 12  # slices that are shown; the run has all
NOT_TOLD = (
    "未提供每次查验的抽中概率（propensity），无法估计全部申报。 "
    "The chance of each inspection is not told, so nothing is said of all declared lines."
)


def evaluation(console: Console, told: Evaluated, *, title: str) -> None:
    """Print what is said of a model."""
    metrics(console, told, title=title)
    slices(console, told.evaluation)
    for sentence in told.evaluation.headline:
        console.print(f"[bold]公平 fairness[/bold] {escape(sentence)}")
    if told.estimates is None:
        console.print(f"[dim]{NOT_TOLD}[/dim]")
    else:
        estimates(console, told.estimates)


def metrics(console: Console, told: Evaluated, *, title: str) -> None:
    """Print every metric with its bounds."""
    table = Table(title=escape(title))
    for heading in ("指标 metric", "", "值 value", "95%"):
        table.add_column(heading, justify="right" if heading[-1:] in ("e", "%") else "left")
    for name in ("n", "positives"):
        table.add_row(name, *COUNTED[name], f"{told.found.metrics[name]:,.0f}", "")
    for name, found in told.evaluation.metrics.items():
        table.add_row(name, words(name)[0], _number(found.value), _bounds(found))
    table.add_row("ece", "校准误差（含偶然）", _number(told.found.metrics["ece"]), "")
    table.add_row("seconds", "用时（秒）", _number(told.found.metrics["seconds"]), "")
    console.print(table)


def slices(console: Console, told: Evaluation) -> None:
    """Print the slices that are off, or that none is, and the largest besides."""
    known = [one for one in told.slices if not one.few]
    few = len(told.slices) - len(known)
    if not known:
        console.print(f"各组数据太少 too little to tell of any slice ({few})")
        return
    table = Table(
        title=f"各组 slices: {len(known)}，偏离 off: {len(told.off)}，太少 too few: {few}"
    )
    for heading in ("组 slice", "项 lines", "不合格 failed", "实际÷预测 observed÷said", "AUC", ""):
        table.add_column(heading, justify="left" if heading[:1] in ("组", "") else "right")
    for one in sorted(known, key=lambda one: (not one.is_off, -one.lines))[:MOST]:
        table.add_row(*_slice(one))
    console.print(table)


def _slice(one: Slice) -> list[str]:
    return [
        escape(f"{one.words[0]}：{one.value}"),
        f"{one.lines:,}",
        f"{one.failures:,}",
        f"{one.ratio.value:.2f} ({one.ratio.low:.2f}–{one.ratio.high:.2f})",
        f"{_number(one.auc.value)} ({_bounds(one.auc)})" if np.isfinite(one.auc.value) else "",
        "[bold red]偏离 off[/]" if one.is_off else "",
    ]


def estimates(console: Console, found: pd.DataFrame) -> None:
    """Print the share of failures as the inspected show it and as all declared lines would."""
    table = Table(
        title="不合格比例 share that fails: 只看查验过的 naive，与代表全部申报的 and of all"
    )
    table.add_column("问题 question")
    table.add_column("预测 said", justify="right")
    for heading in ESTIMATED.values():
        table.add_column(heading, justify="right")
    for question, rows in found.groupby("question", sort=False):
        cells = [Interval(*row) for row in rows[["value", "low", "high"]].to_numpy()]
        told = [f"{_number(one.value)} ({_bounds(one)})" for one in cells]
        name = str(question)
        table.add_row(QUESTIONS.get(name, name), _number(float(rows["said"].iloc[0])), *told)
    console.print(table)


def ablations(console: Console, found: Sequence[Ablation]) -> None:
    """Print what is lost without each family; nothing where none was left out."""
    if not found:
        return
    table = Table(title="去掉一族特征的损失 lost without a family (95%)")
    for heading in ("族 family", "平均精确率 average precision", "AUC"):
        table.add_column(heading, justify="left" if heading[0] == "族" else "right")
    for one in sorted(found, key=lambda one: -one.lost("average_precision").difference):
        lost = [one.lost(name) for name in ("average_precision", "auc")]
        cells = [f"{d.difference:+.3f} ({d.low:+.3f} – {d.high:+.3f})" for d in lost]
        table.add_row(f"{one.family} {one.words[0]}", *cells)
    console.print(table)
    for sentence in conclusion(found):
        console.print(escape(sentence))


COUNTED = {"n": ("商品项",), "positives": ("其中不合格",)}


def _bounds(found: Interval) -> str:
    return "" if np.isnan(found.low) else f"{_number(found.low)}–{_number(found.high)}"


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
