"""Contrasts: what a line's windows say beside what is usual, declared as data like aggregates.

A contrast takes a few aggregates of the same row, and at most one declared number, to one number:
a failure rate leant on coarser goods, a trend, a first time. A formula is applied to all of its
contrasts at once, so a million rows and one row take the same path.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from features import aggregates, declared, keys
from features.aggregates import Aggregate
from features.declared import Numbers
from features.errors import Invalid
from features.keys import Key

Cells = npt.NDArray[np.intp]
Formula = Literal["shrunk_rate", "trend", "per_declaration", "share", "deviation", "first", "age"]
RATES: tuple[int | None, ...] = (60, 180, 730, None)  # windows of failure rates, in days
STRENGTH = 1.0  # facts that a coarser rate counts as, where a key has few of its own
BLOCK = 50_000  # rows that are worked on together, so that a million need little memory
FEW = 10.0  # declarations without reports that a rate of reports starts from


@dataclass(frozen=True, order=True)
class Contrast:
    """One number from what windows say.

    formula: how. inputs: the aggregates it takes, in the order of the formula; the first is what a
    reason points to. own: the declared number that is compared, if any.
    """

    formula: Formula
    inputs: tuple[Aggregate, ...]
    own: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is not computed."""
        if self.formula not in FORMULAS:
            raise Invalid(f"unknown contrast {self.formula!r}; use one of {', '.join(FORMULAS)}")
        if self.own is not None and self.own not in declared.NUMERIC:
            raise Invalid(f"a contrast compares {self.own!r}, which is no declared number")

    @cached_property
    def name(self) -> str:
        """The column: ``origin_hs4_inspection_fail_shrunk_rate_730d``."""
        first = self.inputs[0]
        kind = () if first.key == (first.kind,) else (first.kind,)
        measure = () if first.measure is None else (first.measure,)
        other = () if self.formula != "share" else ("of", keys.name(self.inputs[1].key))
        periods = (a.period for a in self.inputs[: PERIODS.get(self.formula, 1)])
        return "_".join((keys.name(first.key), *other, *kind, *measure, self.formula, *periods))

    def meaning(self, language: int) -> str:
        """Return what the column means, in Chinese (0) or English (1)."""
        own = "" if self.own is None else declared.meaning(self.own, language)
        told = [a.meaning(language) for a in self.inputs]
        return MEANINGS[self.formula][language].format(
            *told, own=own, key=keys.label(self.inputs[0].key, language)
        )

    @property
    def ratio(self) -> float:
        """The first window over the second one; one where there is no other."""
        windows = [a.window or 1 for a in self.inputs[:2]]
        return windows[0] / windows[-1]

    def to_json(self) -> dict[str, object]:
        """Return a contrast as plain values."""
        plain = [aggregates.to_json(a) for a in self.inputs]
        return {"formula": self.formula, "inputs": plain, "own": self.own}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Rebuild a contrast; ``Invalid`` when this version does not compute it."""
        inputs = tuple(aggregates.from_json(a) for a in plain["inputs"])
        return cls(plain["formula"], inputs, plain["own"])


@dataclass(frozen=True)
class Group:
    """n contrasts of one formula and as many inputs, answered by one call, however many rows.

    places: where they stand among the contrasts. inputs: (inputs, n) columns among the aggregates
    that are read. ratios: as of each contrast. own: the declared number of each, or none.
    """

    formula: Formula
    places: Cells
    inputs: Cells
    ratios: Numbers
    own: tuple[str, ...]


def groups(contrasts: Sequence[Contrast], read: Sequence[Aggregate]) -> list[Group]:
    """Return contrasts in groups; ``read`` are the aggregates in the order of their columns."""
    column = {aggregate: place for place, aggregate in enumerate(read)}
    alike: dict[tuple[Formula, int], list[int]] = {}
    for place, one in enumerate(contrasts):
        alike.setdefault((one.formula, len(one.inputs)), []).append(place)
    return [
        Group(
            formula,
            np.array(places, np.intp),
            np.array([[column[a] for a in contrasts[p].inputs] for p in places], np.intp).T,
            np.array([contrasts[p].ratio for p in places]),
            tuple(own for p in places if (own := contrasts[p].own) is not None),
        )
        for (formula, _), places in alike.items()
    ]


def fill(
    matrix: Numbers, group_list: Sequence[Group], *, read: Numbers, own: Callable[[str], Numbers]
) -> None:
    """Write the contrasts (q, contrasts) into a matrix that the caller made.

    read: (q, aggregates). own: what reads a declared number (q,) by its name.
    """
    for group in group_list:
        compared = [np.column_stack([own(name) for name in group.own])] if group.own else []
        for start in range(0, len(matrix), BLOCK):
            some = slice(start, start + BLOCK)
            columns = [read[some, one] for one in group.inputs] + [c[some] for c in compared]
            matrix[some, group.places] = FORMULAS[group.formula](columns, group.ratios)


def _shrunk_rate(columns: Sequence[Numbers], _: Numbers) -> Numbers:
    """Return a rate that leans on those of coarser keys, the more the fewer facts there are.

    columns: hits and facts of the key, of the coarser key, …, of all; of the user's own columns
    over longer windows too (``spans``). Each level counts for ``STRENGTH`` facts of the level below
    (a beta-binomial mean with a fixed, weak strength: the counts stand beside it); a level whose
    key is not told says nothing. Missing where the key is not told or nothing is known.
    """
    levels = [*zip(columns[0::2], columns[1::2], strict=True)]
    hits, facts = levels[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = hits / facts
    for hits, facts in reversed(levels[:-1]):
        told = ~np.isnan(facts)
        known, hit = np.where(told, facts, 0), np.where(told, hits, 0)
        rate = (hit + STRENGTH * rate) / (known + STRENGTH)
    return np.where(np.isnan(columns[1]), np.nan, rate)


def _trend(columns: Sequence[Numbers], ratios: Numbers) -> Numbers:
    """Return the logarithm of a short window's count over what the long one lets expect."""
    short, long = columns
    return np.log((short + 1) / (long * ratios + 1))


def _per_declaration(columns: Sequence[Numbers], _: Numbers) -> Numbers:
    """Return facts per declaration; few declarations count as ``FEW`` more without any."""
    return columns[0] / (columns[1] + FEW)


def _share(columns: Sequence[Numbers], _: Numbers) -> Numbers:
    """Return which part of the second count the first is; missing where there is none."""
    part, whole = columns
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


def _deviation(columns: Sequence[Numbers], _: Numbers) -> Numbers:
    """Return how far the declared number is above what the past says."""
    past, own = columns
    return own - past


def _first(columns: Sequence[Numbers], _: Numbers) -> Numbers:
    """Return 1 where nothing came before, 0 where something did."""
    return np.where(np.isnan(columns[0]), np.nan, columns[0] == 0)


FORMULAS: dict[str, Callable[[Sequence[Numbers], Numbers], Numbers]] = {
    "shrunk_rate": _shrunk_rate,
    "trend": _trend,
    "per_declaration": _per_declaration,
    "share": _share,
    "deviation": _deviation,
    "first": _first,
    "age": _deviation,
}
PERIODS = {"trend": 2, "first": 0, "age": 0}
MEANINGS: dict[str, tuple[str, str]] = {
    "shrunk_rate": (
        "{key}不合格率（记录少时向更广的记录靠拢；{1}）",
        "failure rate of the same {key}, leant on wider records where little is known ({1})",
    ),
    "trend": ("{0}与{1}相比的走势（对数）", "trend (log): {0}, against {1}"),
    "per_declaration": ("{0}，按申报量折算", "{0}, per declaration"),
    "share": ("{0}占{1}的比例", "share: {0}, of {1}"),
    "deviation": ("{own}与{0}之差", "{own}, less the {0}"),
    "first": ("首次出现（{key}）", "first time for the same {key}"),
    "age": ("企业注册至今天数", "days since the enterprise was registered"),
}


def parents(key: Key) -> tuple[Key, ...]:
    """Return a key and the coarser keys that it leans on, down to all facts together."""
    coarser = keys.parent(key)
    return (key,) if coarser is None else (key, *parents(coarser))


def shrunk_rate(key: Key, window: int | None) -> Contrast:
    """Return the failure rate of a key over a window, leant on coarser keys.

    Of the past only, so it is also a target encoding that no row's own outcome enters.
    """
    inputs = (
        Aggregate("inspection", level, "count", measure, days)
        for level in parents(key)
        for days in spans(level, window)
        for measure in ("fail", None)
    )
    return Contrast("shrunk_rate", tuple(inputs))


def spans(key: Key, window: int | None) -> tuple[int | None, ...]:
    """Return the windows by which a key's rate is told, the one that is asked for first.

    Columns of the user's own (``x_*``) tell of persons and places, which change slowly: where the
    window has few facts, their rate leans on that of longer ones before it leans on coarser keys.
    Goods and firms change with every defect, and their long past would hide it.
    """
    if not any(keys.is_extra(part) for part in key) or window not in RATES:
        return (window,)
    return RATES[RATES.index(window) :]


def trend(kind: str, key: Key, *, measure: str | None, short: int, long: int) -> Contrast:
    """Return how a short window's count stands to a long one's."""
    counts = (Aggregate(kind, key, "count", measure, days) for days in (short, long))
    return Contrast("trend", tuple(counts))


def per_declaration(key: Key, *, measure: str, window: int) -> Contrast:
    """Return reports as read per declaration of the same key."""
    reports = Aggregate("annotation", key, "count", measure, window)
    return Contrast(
        "per_declaration", (reports, Aggregate("declaration", key, "count", None, window))
    )


def share(joint: Key, whole: Key) -> Contrast:
    """Return which part of a key's declarations were of a joint key."""
    counts = (Aggregate("declaration", key, "count") for key in (joint, whole))
    return Contrast("share", tuple(counts))


def deviation(key: Key, *, measure: str, own: str, window: int) -> Contrast:
    """Return how far a declared number is above its mean for the same key."""
    return Contrast("deviation", (Aggregate("declaration", key, "mean", measure, window),), own)


def first(key: Key) -> Contrast:
    """Return whether no declaration of the same key came before."""
    return Contrast("first", (Aggregate("declaration", key, "count"),))


AGE = Contrast(
    "age", (Aggregate("enterprise", ("enterprise",), "last", "registered_day"),), "declaration_day"
)
