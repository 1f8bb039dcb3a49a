"""What every aggregate means, computed fact by fact from the records: slow, and plain to read."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from features.aggregates import Aggregate
from features.contrasts import Contrast
from features.judgements import Annotation
from features.records import Record
from tests.worlds import VERSION, World

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TABLE = {
    "declaration": "declarations",
    "inspection": "inspections",
    "report": "reports",
    "annotation": "annotations",
    "enterprise": "enterprises",
    "warning": "warnings",
}
BEHIND = {"inspection": ("declarations", "declaration_id"), "annotation": ("reports", "report_id")}
FIELD = {"enterprise": "enterprise_id", "manufacturer": "manufacturer_id"}
PREFIX = {"hs2": 2, "hs4": 4, "hs6": 6, "hs8": 8}
PROFESSIONAL = {
    "laboratory",
    "overseas_notice",
    "injury",
    "food_borne_illness",
    "traffic_accident",
    "fire",
}
MEASURE: dict[str, dict[str, Callable[[Any], float | None]]] = {
    "declaration": {
        "value_fen": lambda d: d.value_fen or 0,
        "unit_value_log": lambda d: _log_ratio(d.value_fen, d.quantity),
        "kilogram_value_log": lambda d: _log_ratio(d.value_fen, d.net_weight_kg),
    },
    "inspection": {
        "fail": lambda i: i.outcome == "fail",
        "severe_fail": lambda i: i.outcome == "fail" and (i.severity or 0) >= 3,
        "severity": lambda i: i.severity if i.outcome == "fail" else None,
    },
    "report": {"grave": lambda r: r.channel in PROFESSIONAL},
    "annotation": {
        "relevant": lambda a: a.relevant,
        "severe": lambda a: a.relevant and (a.severity or 0) >= 3,
        "hazardous": lambda a: a.relevant and bool(a.hazards),
        "negative": lambda a: a.relevant and a.sentiment < 0,
        "severity": lambda a: a.severity if a.relevant else None,
        "relevant_once": lambda a: a.relevant and a.cluster_size == 1,
        "severe_once": lambda a: a.relevant and (a.severity or 0) >= 3 and a.cluster_size == 1,
        "hazardous_once": lambda a: a.relevant and bool(a.hazards) and a.cluster_size == 1,
        "negative_once": lambda a: None if a.cluster_size > 1 else a.relevant and a.sentiment < 0,
        "severity_once": lambda a: a.severity if a.relevant and a.cluster_size == 1 else None,
        "credibility_once": lambda a: (a.credibility or 0) * (a.relevant and a.cluster_size == 1),
        "repeated": lambda a: a.relevant and a.cluster_size > 1,
        "flood": lambda a: a.relevant and a.flood,
    },
    "enterprise": {
        "credit_grade": lambda e: {"A": 4, "B": 3, "C": 2, "D": 1}.get(e.credit_grade),
        "listed": lambda e: {"red": 1, "black": -1}.get(e.listed, 0),
        "registered_day": lambda e: (
            None if e.registered_at is None else (e.registered_at - EPOCH) // timedelta(days=1)
        ),
    },
    "warning": {"grade": lambda w: {"I": 4, "II": 3, "III": 2, "IV": 1}[w.level]},
}


def _log_ratio(above: float | None, below: float | None) -> float | None:
    return math.log(above / below) if above and below else None


def _says(fact: Any, field: str, word: str) -> float:
    told = getattr(fact, field)
    counts = not isinstance(fact, Annotation) or (fact.relevant and fact.cluster_size == 1)
    return float(counts and (word in told if field == "hazards" else word == told))


def value(world: World, aggregate: Aggregate, asker: Record, as_of: datetime) -> float:
    """The value of an aggregate for a declaration asked about at a moment."""
    key = [told(asker, part) for part in aggregate.key]
    if None in key:
        return math.nan
    facts = [
        (when, fact)
        for when, fact in counted(world, aggregate.kind, as_of)
        if [_spoken(world, aggregate.kind, fact, part) for part in aggregate.key] == key
    ]
    return HOW[aggregate.how](aggregate, facts, as_of)


def counted(world: World, kind: str, as_of: datetime) -> list[tuple[datetime, Record]]:
    """Facts known before the moment, each by the newest version known then, with that time."""
    newest: dict[str, tuple[datetime, Record]] = {}
    for fact in sorted(world.of(TABLE[kind]), key=lambda f: f.known_at):
        if kind == "annotation" and getattr(fact, "model_version") != VERSION:  # noqa: B009
            continue
        when = learned(world, kind, fact)
        if (
            when is not None
            and when < as_of
            and (fact.fact_id not in newest or newest[fact.fact_id][0] <= when)
        ):
            newest[fact.fact_id] = (when, fact)
    return list(newest.values())


def learned(world: World, kind: str, fact: Record) -> datetime | None:
    """When a fact counts from: it and what it speaks of must both be known."""
    if kind not in BEHIND:
        return fact.known_at
    behind = _versions(world, kind, fact)
    return max(fact.known_at, behind[0].known_at) if behind else None


def told(record: Record, part: str) -> object:
    """What a record says of one part of a key."""
    if part.startswith("x_"):
        return record.x.get(part)
    if part in PREFIX:
        code = getattr(record, "hs_code", None)
        return code[: PREFIX[part]] if code and len(code) >= PREFIX[part] else None
    if part == "goods_noun":
        name = getattr(record, "goods_name", None)
        return name[-2:] if name else None
    return getattr(record, FIELD.get(part, part), None)


def _spoken(world: World, kind: str, fact: Any, part: str) -> object:
    if kind == "warning":
        return _scope(fact.scope, part)
    own = told(fact, part)
    versions = _versions(world, kind, fact)
    before = [v for v in versions if v.known_at <= fact.known_at] or versions[:1]
    if not before or (part in PREFIX and getattr(fact, "hs_code", None)):
        return own
    return own if own is not None else told(before[-1], part)


def _versions(world: World, kind: str, fact: Any) -> list[Record]:
    if kind not in BEHIND:
        return []
    table, on = BEHIND[kind]
    same = [r for r in world.of(table) if getattr(r, on) == getattr(fact, on)]
    return sorted(same, key=lambda r: r.known_at)


def _scope(scope: dict[str, str], part: str) -> object:
    if part not in PREFIX:
        return scope.get(part)
    codes = [scope[p] for p in ("hs_code", "hs8", "hs6", "hs4", "hs2") if p in scope]
    return codes[0][: PREFIX[part]] if codes and len(codes[0]) >= PREFIX[part] else None


Facts = Sequence[tuple[datetime, Record]]


def _measures(a: Aggregate, facts: Facts) -> list[float | None]:
    if a.measure is None:
        return [1.0 for _ in facts]
    if a.measure.startswith("x_"):
        return [f.x.get(a.measure) for _, f in facts]  # type: ignore[misc]
    for prefix, field in (("hazard_", "hazards"), ("category_", "category")):
        if a.measure.startswith(prefix):
            return [_says(f, field, a.measure.removeprefix(prefix)) for _, f in facts]
    return [MEASURE[a.kind][a.measure](f) for _, f in facts]


def _within(a: Aggregate, facts: Facts, as_of: datetime) -> Facts:
    if a.window is None:
        return facts
    return [(when, f) for when, f in facts if when >= as_of - timedelta(days=a.window)]


def _sum(a: Aggregate, facts: Facts, as_of: datetime) -> float:
    return float(sum(m or 0 for m in _measures(a, _within(a, facts, as_of))))


def _mean(a: Aggregate, facts: Facts, as_of: datetime) -> float:
    present = [m for m in _measures(a, _within(a, facts, as_of)) if m is not None]
    return float(sum(present)) / len(present) if present else math.nan


def _rate(a: Aggregate, facts: Facts, as_of: datetime) -> float:
    every = _measures(a, _within(a, facts, as_of))
    return float(sum(m or 0 for m in every)) / len(every) if every else math.nan


def _days_since(a: Aggregate, facts: Facts, as_of: datetime) -> float:
    matching = [when for (when, _), m in zip(facts, _measures(a, facts), strict=True) if m]
    return (as_of - max(matching)) / timedelta(days=1) if matching else math.nan


def _last(a: Aggregate, facts: Facts, _: datetime) -> float:
    if not facts:
        return math.nan
    latest = max(facts, key=lambda f: f[0])
    told = _measures(a, [latest])[0]
    return math.nan if told is None else float(told)


def _active(a: Aggregate, facts: Facts, as_of: datetime) -> float:
    """Count what has not ended: what ends at the very moment is still in force."""
    return _sum(a, [(w, f) for w, f in facts if f.ends_at is None or f.ends_at >= as_of], as_of)  # type: ignore[attr-defined]


def _decayed_sum(a: Aggregate, facts: Facts, as_of: datetime) -> float:
    """Weigh each fact 2^-k, k the whole half-lives since; six half-lives back it is forgotten."""
    total = 0.0
    for (when, _), measure in zip(facts, _measures(a, facts), strict=True):
        age = (as_of - when) / timedelta(days=a.window or 0)
        k = math.ceil(age) - 1  # a window is closed at its start
        total += (measure or 0) * 2.0**-k if k < 6 else 0.0
    return total


HOW: dict[str, Callable[[Aggregate, Facts, datetime], float]] = {
    "count": _sum,
    "sum": _sum,
    "mean": _mean,
    "rate": _rate,
    "days_since": _days_since,
    "last": _last,
    "decayed_sum": _decayed_sum,
    "active": _active,
}


def contrast(world: World, told: Contrast, asker: Any, as_of: datetime, own: float) -> float:
    """The value of a contrast, from its aggregates fact by fact."""
    read = [value(world, a, asker, as_of) for a in told.inputs]
    return CONTRAST[told.formula](told, read, own)


def _shrunk(_: Contrast, read: Sequence[float], __: float) -> float:
    """Add one fact of the coarser rate at every level, from all facts down to the key."""
    if math.isnan(read[1]):
        return math.nan
    levels = [(read[i], read[i + 1]) for i in range(0, len(read), 2)]
    *finer, (hits, facts) = levels
    rate = hits / facts if facts else math.nan
    for hits, facts in reversed(finer):
        rate = rate if math.isnan(facts) else (hits + rate) / (facts + 1)
    return rate


def _trend(told: Contrast, read: Sequence[float], _: float) -> float:
    short, long = (a.window or 0 for a in told.inputs)
    return math.log((read[0] + 1) / (read[1] * short / long + 1))


def _share(_: Contrast, read: Sequence[float], __: float) -> float:
    return read[0] / read[1] if read[1] > 0 else math.nan


def _first(_: Contrast, read: Sequence[float], __: float) -> float:
    return math.nan if math.isnan(read[0]) else float(read[0] == 0)


CONTRAST: dict[str, Callable[[Contrast, Sequence[float], float], float]] = {
    "shrunk_rate": _shrunk,
    "trend": _trend,
    "per_declaration": lambda _, read, __: read[0] / (read[1] + 10),
    "share": _share,
    "deviation": lambda _, read, own: own - read[0],
    "first": _first,
    "age": lambda _, read, own: own - read[0],
}
