"""The case: one line to give reasons for, with what it declares and what was known then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from features import evidence, keys
from features.aggregates import Aggregate
from features.build import Questions, Rows
from features.evidence import Asked
from features.index import Found, Index
from features.keys import Key
from features.moments import DAY_MS
from features.plans import Numbers
from features.windows import Integers
from models.risk.grounds.ground import Member


class Said(NamedTuple):
    """A sentence about a case in Chinese and in English, and the facts that it speaks of."""

    zh: str
    en: str
    facts: Found | None = None


@dataclass(frozen=True)
class Case:
    """One row of some questions. typical: the training median of each feature."""

    typical: Mapping[str, float]
    rows: Rows
    questions: Questions
    index: Index
    row: int

    @property
    def numbers(self) -> Numbers:
        """Its features."""
        row: Numbers = self.rows.numbers[self.row]
        return row

    def number(self, member: Member) -> float | None:
        """Return a feature; ``None`` where it is missing."""
        told = float(self.numbers[member.column])
        return None if np.isnan(told) else told

    def declared(self, column: str) -> object:
        """Return what the line declares in an exchange column."""
        told = self.questions.columns.get(column)
        return None if told is None else told[self.row]

    def silent(self, key: Key) -> str | None:
        """Return the exchange column by which a key cannot be told, if there is one."""
        columns = {name: [self.declared(name)] for name in keys.needed([key])}
        silent = (keys.source(p)[0] for p in key if keys.values(columns, (p,))[0] is None)
        return next(silent, None)

    def lacking(self, columns: Iterable[str]) -> list[str]:
        """Return the exchange columns that the line does not declare."""
        return [name for name in columns if self.declared(name) is None]

    def tally(self, asked: Asked) -> Integers:
        """Return exact counts and sums; see ``evidence.tally``."""
        return evidence.tally(self.index, self.questions, asked=asked, row=self.row)

    def facts(self, aggregate: Aggregate) -> Found:
        """Return the latest facts that an aggregate counts, latest first."""
        return evidence.behind(self.index, self.questions, aggregate=aggregate, row=self.row)

    def history(self, kind: str) -> float:
        """Return for how many days facts of a kind have been known; below zero without any."""
        return (int(self.questions.as_of[self.row]) - evidence.since(self.index, kind)) / DAY_MS


def count(aggregate: Aggregate, *, window: int | None) -> Aggregate:
    """Return the count of the same facts over another window."""
    if aggregate.how == "count" and aggregate.window == window:
        return aggregate
    return replace(aggregate, how="count", window=window)
