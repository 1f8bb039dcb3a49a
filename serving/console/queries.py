"""Queries: what the queue shows of the board, and the records behind its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from features import moments
from features.errors import Invalid
from features.judgements import Decision, Review
from features.moments import CIVIL
from features.reasons import Lane, RiskLevel
from features.records import Declaration
from features.store import Store

PAGE = 30  # rows
CHART_DAYS = 14
Order = Literal["newest", "risk"]


@dataclass(frozen=True)
class Wanted:
    """What the reader wants to see; empty means all."""

    level: str = ""
    lane: str = ""
    port: str = ""
    days: int = 0
    order: str = "newest"
    page: int = 1

    def address(self, changed: Mapping[str, str | int]) -> str:
        """Return the address of the queue with some wishes changed; back to its first page."""
        wishes = {**vars(self), "page": 1, **changed}
        told = {name: wish for name, wish in wishes.items() if wish != getattr(Wanted, name)}
        return f"/?{urlencode(told)}" if told else "/"


@dataclass(frozen=True)
class Row:
    """One decision in the queue, with its line and what a supervisor said."""

    decision: Decision
    declaration: Declaration | None
    review: Review | None


def wanted(told: Mapping[str, str]) -> Wanted:
    """Return the wishes of an address; what makes no sense is left out."""
    return Wanted(
        level=_one_of(told.get("level", ""), get_args(RiskLevel)),
        lane=_one_of(told.get("lane", ""), get_args(Lane)),
        port=told.get("port", "")[:256],
        days=_whole(told.get("days", ""), least=0, most=3650),
        order=_one_of(told.get("order", ""), get_args(Order)) or "newest",
        page=_whole(told.get("page", ""), least=1, most=10**7),
    )


def limit(told: Mapping[str, str], *, usual: int, most: int) -> int:
    """Return how many rows an address asks for; ``Invalid`` for what is no number of them.

    >>> limit({"limit": "50"}, usual=20, most=100)
    50
    """
    asked = told.get("limit", str(usual))
    if not asked.isdecimal() or len(asked) > 8 or not 1 <= int(asked) <= most:
        raise Invalid(f"limit 为 {asked!r}；请给 1 至 {most} 的整数")
    return int(asked)


def matching(board: pd.DataFrame, wishes: Wanted, *, now: datetime) -> pd.DataFrame:
    """Return the decisions that are wanted, whatever their level."""
    kept = pd.Series(True, index=board.index)
    if wishes.lane:
        kept &= board["lane"] == wishes.lane
    if wishes.port:
        kept &= board["port"] == wishes.port
    if wishes.days:
        kept &= board["decided_at"] >= pd.Timestamp(now) - timedelta(days=wishes.days)
    return board if bool(kept.all()) else board[kept]


def ordered(found: pd.DataFrame, wishes: Wanted) -> pd.DataFrame:
    """Return one page of the wanted level in the wanted order, ties newest first."""
    if wishes.level:
        found = found[found["level"] == wishes.level]
    newest = found.iloc[::-1]
    if wishes.order == "risk":
        newest = newest.sort_values(["level", "likelihood"], ascending=False, kind="stable")
    first = (wishes.page - 1) * PAGE
    return newest.iloc[first : first + PAGE]


def counts(found: pd.DataFrame) -> dict[str, int]:
    """Return how many decisions each level has, the gravest first."""
    tally = found["level"].value_counts()
    return {level: int(tally.get(level, 0)) for level in get_args(RiskLevel)}


def by_day(found: pd.DataFrame, *, now: datetime, days: int = CHART_DAYS) -> pd.DataFrame:
    """Return day, level and count for the last days, in Asia/Shanghai; days without are 0."""
    today = pd.Timestamp(moments.civil_day(now))
    first = today - timedelta(days=days - 1)
    since = found["decided_at"] - first.tz_localize(CIVIL)
    back = np.floor(since.to_numpy() / np.timedelta64(1, "D")).astype(np.int64)
    recent = (back >= 0) & (back < days)
    width = len(found["level"].cat.categories)
    cells = back[recent] * width + found["level"].cat.codes.to_numpy()[recent]
    tally = np.bincount(cells, minlength=days * width).reshape(days, width)
    names = [f"{day:%m-%d}" for day in pd.date_range(first, today)]
    whole = pd.DataFrame(tally, index=names, columns=found["level"].cat.categories)
    shown = whole[list(get_args(RiskLevel))].rename_axis("day").reset_index()
    return shown.melt("day", var_name="level", value_name="count")


def rows(store: Store, page: pd.DataFrame) -> list[Row]:
    """Return the records behind one page of the board, in its order."""
    ids, names = page["fact_id"].tolist(), page["declaration_id"].tolist()
    decisions = {d.fact_id: d for d in store.select("decisions", "decision_id", values=ids)}
    lines = {d.fact_id: d for d in store.select("declarations", "declaration_id", values=names)}
    said = store.select("reviews", "subject_id", values=ids)
    verdicts = {r.subject_id: r for r in said if isinstance(r, Review)}
    return [
        Row(decision, line if isinstance(line, Declaration) else None, verdicts.get(name))
        for name in ids
        if isinstance(decision := decisions.get(name), Decision)
        for line in [lines.get(decision.declaration_id)]
    ]


def _one_of(told: str, known: tuple[str, ...]) -> str:
    return told if told in known else ""


def _whole(told: str, *, least: int, most: int) -> int:
    return min(max(int(told), least), most) if told.isdecimal() and len(told) < 9 else least
