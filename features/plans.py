"""Plans: which window sums each aggregate is made of, as index arrays.

All aggregates over one kind of fact are answered together: one read of the kernel for every key,
window and measure, and then one gather for each kind of statistic, however many columns there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from features.aggregates import HALF_LIVES, Aggregate
from features.keys import Key
from features.measures import present_name, scale
from features.moments import DAY_MS
from features.windows import NEVER, NO_FACT, Integers

COUNT = "count"  # the measure that every fact has once
SUMS = ("count", "sum", "decayed_sum", "active")
Numbers = npt.NDArray[np.float64]
Cells = npt.NDArray[np.intp]
T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """How to answer the aggregates over one kind of fact.

    keys, windows (milliseconds), values and flags (measures) say what is read; the rest are rows of
    indices into that reading. sums: (column, key, window, value) with weights, a column's rows
    together. ratios: (column, key, window, above, below). since: (column, key, flag). last:
    (column, key, flag, value, told).
    """

    kind: str
    keys: tuple[Key, ...]
    windows: Integers
    values: tuple[str, ...]
    flags: tuple[str, ...]
    columns: Cells
    column_keys: Cells
    sums: Cells
    weights: Numbers
    ratios: Cells
    scales: Numbers
    since: Cells
    last: Cells


@dataclass(frozen=True)
class Reading:
    """What the kernel read for q questions.

    sums: (windows, keys, q, values). latest: (flags, keys, q) milliseconds, or ``NO_FACT``.
    last: (flags, keys, q, values), the measures of the latest facts. missing: (keys, q).
    """

    sums: Integers
    latest: Integers
    last: Integers
    missing: npt.NDArray[np.bool_]
    as_of: Integers


def plans(aggregates: Sequence[Aggregate], *, by_key: bool = False) -> list[Plan]:
    """Return one plan for each kind of fact, or for each kind and key.

    Columns are numbered as the aggregates stand. By key, a timeline at a time is enough in memory.
    """
    grouped: dict[tuple[str, Key | None], list[int]] = {}
    for column, aggregate in enumerate(aggregates):
        group = (aggregate.kind, aggregate.key if by_key else None)
        grouped.setdefault(group, []).append(column)
    return [_plan(aggregates, columns) for columns in grouped.values()]


def _plan(aggregates: Sequence[Aggregate], columns: list[int]) -> Plan:
    members = [aggregates[column] for column in columns]
    keys = _each(a.key for a in members)
    values = _each(m for a in members for m in _summed(a))
    lengths = _each(w for a in members for w, _ in _periods(a))
    flags = _each(_flag(a) for a in members if a.how in ("days_since", "last"))
    at = [(column, keys.index(a.key), a) for column, a in zip(columns, members, strict=True)]
    summed = [(c, k, a) for c, k, a in at if a.how in SUMS]
    divided = [(c, k, a) for c, k, a in at if a.how in ("mean", "rate")]
    sums = [
        (c, k, lengths.index(length), values.index(_summed(a)[0]))
        for c, k, a in summed
        for length, _ in _periods(a)
    ]
    ratios = [
        (c, k, lengths.index(_periods(a)[0][0]), *(values.index(m) for m in _summed(a)))
        for c, k, a in divided
    ]
    return Plan(
        kind=members[0].kind,
        keys=tuple(keys),
        windows=np.array(lengths, np.int64),
        values=tuple(values),
        flags=tuple(flags),
        columns=np.array(columns, np.intp),
        column_keys=np.array([k for _, k, _ in at], np.intp),
        sums=_cells(sums, 4),
        weights=np.array([w / scale(a.measure) for _, _, a in summed for _, w in _periods(a)]),
        ratios=_cells(ratios, 5),
        scales=np.array([float(scale(a.measure)) for _, _, a in divided]),
        since=_cells([(c, k, flags.index(_flag(a))) for c, k, a in at if a.how == "days_since"], 3),
        last=_cells(
            [
                (c, k, flags.index(COUNT), *(values.index(m) for m in _summed(a)))
                for c, k, a in at
                if a.how == "last"
            ],
            5,
        ),
    )


def _each(values: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _cells(rows: Sequence[tuple[int, ...]], width: int) -> Cells:
    return np.array(rows, np.intp).reshape(-1, width).T


def _summed(a: Aggregate) -> tuple[str, ...]:
    """Return the measures whose sums an aggregate needs."""
    if a.how == "days_since":
        return ()
    if a.how in ("mean", "last"):
        return (str(a.measure), present_name(str(a.measure)))
    if a.how == "rate":
        return (str(a.measure), COUNT)
    return (a.measure or COUNT,)


def _flag(a: Aggregate) -> str:
    return COUNT if a.how == "last" else a.measure or COUNT


def _periods(a: Aggregate) -> list[tuple[int, float]]:
    """Return the windows an aggregate reads in milliseconds, each with its weight.

    A decayed sum halves at every half-life: the k-th half-life back weighs 2^-k. As a sum of whole
    windows, each shorter one adds what the longer one already counted at the next lower weight.
    """
    if a.how in ("days_since", "last"):
        return []
    if a.how != "decayed_sum":
        return [(NEVER if a.window is None else a.window * DAY_MS, 1.0)]
    half_life = (a.window or 0) * DAY_MS
    weights = [2.0**-k for k in range(HALF_LIVES)] + [0.0]
    return [(half_life * (k + 1), weights[k] - weights[k + 1]) for k in range(HALF_LIVES)]


def fill(matrix: Numbers, plan: Plan, *, reading: Reading) -> None:
    """Write the plan's columns of a matrix (q, aggregates) that the caller made.

    A count or sum over nothing is zero; a ratio, an age or a latest value of nothing is missing;
    everything is missing where the question does not tell the key, or the latest fact no value.
    """
    _fill_sums(matrix, plan, reading=reading)
    _fill_ratios(matrix, plan, reading=reading)
    _fill_latest(matrix, plan, reading=reading)
    blank = reading.missing[plan.column_keys].T
    if blank.any():
        matrix[:, plan.columns] = np.where(blank, np.nan, matrix[:, plan.columns])


def _fill_sums(matrix: Numbers, plan: Plan, *, reading: Reading) -> None:
    column, key, window, value = plan.sums
    if len(column):
        parts = reading.sums[window, key, :, value] * plan.weights[:, None]
        first = np.flatnonzero(np.append(True, column[1:] != column[:-1]))
        matrix[:, column[first]] = np.add.reduceat(parts, first, axis=0).T


def _fill_ratios(matrix: Numbers, plan: Plan, *, reading: Reading) -> None:
    column, key, window, above, below = plan.ratios
    if len(column):
        divisor = reading.sums[window, key, :, below]
        quotient = reading.sums[window, key, :, above] / np.where(divisor, divisor, 1)
        quotient = quotient / plan.scales[:, None]
        matrix[:, column] = np.where(divisor, quotient, np.nan).T


def _fill_latest(matrix: Numbers, plan: Plan, *, reading: Reading) -> None:
    if len(plan.since[0]):
        column, key, flag = plan.since
        found = reading.latest[flag, key]
        days = (reading.as_of - found) / DAY_MS
        matrix[:, column] = np.where(found == NO_FACT, np.nan, days).T
    if len(plan.last[0]):
        column, key, flag, value, told = plan.last
        known = (reading.latest[flag, key] != NO_FACT) & (reading.last[flag, key, :, told] > 0)
        matrix[:, column] = np.where(known, reading.last[flag, key, :, value], np.nan).T
