"""Evidence: the facts behind one answer, from which a reason can be followed to its source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from features import keys, windows
from features.aggregates import HALF_LIVES, Aggregate
from features.build import Questions
from features.facts import Kind
from features.index import Found, Index, Line
from features.keys import Key
from features.moments import DAY_MS
from features.plans import COUNT, Plan
from features.reasons import Evidence
from features.windows import NEVER, Integers

SHOWN = 5
UNKNOWN = -1  # a count that nobody knows
FILTERED = ("count", "rate", "days_since", "mean")  # statistics of the facts with a measure
REFERRED: dict[str, Literal["report", "inspection", "warning", "declaration"]] = {
    "annotation": "report",
    "report": "report",
    "inspection": "inspection",
    "warning": "warning",
    "declaration": "declaration",
}


def behind(index: Index, questions: Questions, *, aggregate: Aggregate, row: int) -> Found:
    """Return the facts that an aggregate counted for one question, latest first.

    A rate shows the facts it counts above the line; an age the fact it was measured from.
    """
    found = index.behind(
        aggregate.kind,
        _columns(questions, [aggregate.key], row=row),
        key=aggregate.key,
        as_of=int(questions.as_of[row]),
        window=_window(aggregate),
    )
    if aggregate.measure is not None and aggregate.how in FILTERED:
        found = found.only(aggregate.measure)
    return found.latest() if aggregate.how in ("days_since", "last") else found


@dataclass(frozen=True)
class Asked:
    """Counts and sums to be told: each key over each window (days; ``None`` is all the past).

    measures: what is summed; ``None`` counts the facts.
    """

    kind: str
    keys: Sequence[Key]
    windows: Sequence[int | None]
    measures: Sequence[str | None] = (None,)


def tally(index: Index, questions: Questions, *, asked: Asked, row: int) -> Integers:
    """Return counts and sums for one question, (keys, windows, measures), however many facts.

    They need not be features. ``UNKNOWN`` where the question does not tell the key, or the index
    does not hold the facts by it or by the measure.
    """
    told = np.full((len(asked.keys), len(asked.windows), len(asked.measures)), UNKNOWN)
    plan = next((p for p in index.plans if p.kind == asked.kind), None)
    if plan is None:
        return told
    columns = _columns(questions, asked.keys, row=row)
    codes = [
        index.codes.of_questions(columns, key)[0] if key in plan.keys else windows.MISSING
        for key in asked.keys
    ]
    sums = _sums(index, plan, codes=np.array(codes), as_of=int(questions.as_of[row]), asked=asked)
    for place, measure in enumerate(asked.measures):
        if (measure or COUNT) in plan.values:
            told[..., place] = sums[..., plan.values.index(measure or COUNT)].T
    told[[code == windows.MISSING for code in codes]] = UNKNOWN
    return told


def _sums(index: Index, plan: Plan, *, codes: Integers, as_of: int, asked: Asked) -> Integers:
    """Return the sums of all values of a plan, (windows, keys, values)."""
    moments = np.full(len(codes), as_of)
    spans = np.array([NEVER if days is None else days * DAY_MS for days in asked.windows])
    sums = np.zeros((len(spans), len(codes), len(plan.values)), np.int64)
    for line in _lines(index, plan.kind):
        sums += windows.sums(line.timeline, codes, as_of=moments, windows=spans)
    return sums


def _lines(index: Index, kind: str) -> list[Line]:
    lines = (level.lines[kind] for level in index.levels if kind in level.lines)
    return [line for line in lines if len(line.timeline.packed)]


def since(index: Index, kind: str) -> int:
    """Return when the first fact of a kind was learned, in milliseconds; ``NEVER`` without one."""
    return min((line.timeline.start for line in _lines(index, kind)), default=NEVER)


def references(found: Found) -> tuple[Evidence, ...]:
    """Return what a reason points to: the latest few facts, each once."""
    referred = REFERRED.get(found.kind)
    if referred is None:
        return ()
    ids: dict[str, None] = {}
    for fact in found:
        ids[fact.id] = None
        if len(ids) == SHOWN:
            break
    return tuple(Evidence(kind=referred, id=name) for name in ids)


def every(
    index: Index, questions: Questions, *, kind: str, key: Key, days: int
) -> list[tuple[Kind, Integers]]:
    """Return the facts behind the first question under a key, however many, by level of the index.

    Each level's facts of the kind, and the rows that count; none where the index lacks the key.
    """
    held = any(plan.kind == kind and key in plan.keys for plan in index.plans)
    columns = _columns(questions, [key], row=0)
    code = int(index.codes.of_questions(columns, key)[0]) if held else windows.MISSING
    as_of = int(questions.as_of[0])
    found = []
    for level in (level for level in index.levels if kind in level.lines):
        line = level.lines[kind]
        entries = windows.behind(
            line.timeline,
            code,
            as_of=as_of,
            window=days * DAY_MS,
            limit=len(line.timeline.order),
        )
        found.append((level.kinds[kind], line.rows[entries]))
    return found


def _columns(questions: Questions, key_list: Sequence[Key], *, row: int) -> dict[str, list[object]]:
    """Return what one question tells of some keys."""
    names = keys.needed(key_list) or list(questions.columns)[:1]  # one row also for no key at all
    return {name: [questions.columns[name][row]] for name in names if name in questions.columns}


def _window(aggregate: Aggregate) -> int:
    if aggregate.how in ("days_since", "last") or aggregate.window is None:
        return NEVER
    halves = HALF_LIVES if aggregate.how == "decayed_sum" else 1
    return aggregate.window * halves * DAY_MS
