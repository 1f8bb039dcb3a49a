"""Evidence: the facts behind one answer, from which a reason can be followed to its source."""

from collections import Counter

from features.aggregates import HALF_LIVES, Aggregate
from features.build import Questions
from features.index import Fact, Index
from features.judgements import Evidence
from features.keys import Key
from features.moments import DAY_MS
from features.windows import NEVER

SHOWN = 5
REFERRED = {
    "annotation": "report",
    "report": "report",
    "inspection": "inspection",
    "warning": "warning",
    "declaration": "declaration",
}


def behind(index: Index, questions: Questions, *, aggregate: Aggregate, row: int) -> list[Fact]:
    """Return the facts that an aggregate counted for one question, latest first.

    A rate shows the facts it counts above the line; an age the fact it was measured from.
    """
    columns = {name: [values[row]] for name, values in questions.columns.items()}
    found = index.behind(
        aggregate.kind,
        columns,
        key=aggregate.key,
        as_of=int(questions.as_of[row]),
        window=_window(aggregate),
    )
    if aggregate.measure is not None and aggregate.how in ("count", "rate", "days_since", "mean"):
        found = [fact for fact in found if fact.measure(aggregate.measure)]
    return found[:1] if aggregate.how in ("days_since", "last") else found


def references(aggregate: Aggregate, facts: list[Fact]) -> tuple[Evidence, ...]:
    """Return what a reason points to: the latest few facts, each once."""
    kind = REFERRED.get(aggregate.kind)
    if kind is None:
        return ()
    ids = list(dict.fromkeys(fact.id for fact in facts))
    return tuple(Evidence(kind=kind, id=i) for i in ids[:SHOWN])


def hazards(index: Index, questions: Questions, *, row: int, key: Key, days: int) -> list[str]:
    """Return the hazards that recent inspections and reports name under a key, commonest first."""
    named = Counter(
        hazard
        for kind in ("inspection", "annotation")
        for fact in behind(
            index, questions, aggregate=Aggregate(kind, key, "count", None, days), row=row
        )
        for hazard in fact.hazards
    )
    return sorted(named, key=lambda hazard: (-named[hazard], hazard))


def _window(aggregate: Aggregate) -> int:
    if aggregate.how in ("days_since", "last") or aggregate.window is None:
        return NEVER
    halves = HALF_LIVES if aggregate.how == "decayed_sum" else 1
    return aggregate.window * halves * DAY_MS
