"""The catalog: which features exist, by family, and which of them some tables can feed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

import pandas as pd

from features import aggregates, contrasts, declared, keys
from features.aggregates import Aggregate
from features.contrasts import Contrast
from features.errors import Invalid
from features.feature_set import FeatureSet
from features.keys import Key
from features.measures import CATEGORY, HAZARD

DEFAULT_KEYS = tuple(
    keys.parse(text)
    for text in (
        "enterprise",
        "manufacturer",
        "brand",
        "hs2",
        "hs4",
        "hs6",
        "hs8",
        "origin",
        "port",
        "trade_mode",
        "origin+hs4",
        "brand+hs4",
        "enterprise+hs4",
    )
)
DETAILED_KEYS = tuple(keys.parse(text) for text in ("hs4", "origin+hs4", "brand+hs4", "enterprise"))
# kind: (how, measure, windows in days). A measure that the facts lack is skipped.
FAMILIES: dict[str, tuple[tuple[aggregates.How, str | None, tuple[int | None, ...]], ...]] = {
    "declaration": (
        ("count", None, (30, 365)),
        ("sum", "value_fen", (365,)),
        ("days_since", None, (None,)),
    ),
    "inspection": (
        ("count", None, (180, None)),
        ("count", "fail", (180, None)),
        ("count", "severe_fail", (730,)),
        ("mean", "severity", (730,)),
        ("days_since", None, (None,)),
        ("days_since", "fail", (None,)),
    ),
    "report": (
        ("count", None, (30, 90, 365)),
        ("count", "grave", (365,)),
        ("days_since", None, (None,)),
    ),
    "annotation": (
        # Reports that say nearly the same count once; how many repeat them stands beside.
        ("count", "relevant_once", (30, 90, 365)),
        ("count", "severe_once", (90, 365)),
        ("count", "hazardous_once", (90,)),
        ("mean", "negative_once", (365,)),
        ("mean", "severity_once", (365,)),
        ("sum", "credibility_once", (90,)),
        ("decayed_sum", "severity_once", (30,)),
        ("days_since", "severe_once", (None,)),
        ("count", "repeated", (90,)),
        ("rate", "flood", (90,)),
    ),
    "warning": (("active", "grade", (None,)),),
}
DETAIL_DAYS = 90  # window of reports by category and by hazard
FEWEST = 20  # reports of a category or a hazard, below which it is no column of its own
VALUES = {
    "unit_value_log": "declaration_unit_value_log",
    "kilogram_value_log": "declaration_kilogram_value_log",
}
VALUED_KEYS = tuple(keys.parse(text) for text in ("hs6", "hs8", "origin+hs4", "enterprise+hs4"))
FIRSTS = tuple(
    keys.parse(text)
    for text in ("enterprise", "enterprise+hs4", "enterprise+origin", "enterprise+manufacturer")
)
NAMED = (keys.parse("goods_noun+hs4"), keys.parse("goods_noun"))
REGISTER = tuple(
    Aggregate("enterprise", ("enterprise",), "last", measure)
    for measure in ("credit_grade", "listed")
)


def standard(tables: Mapping[str, pd.DataFrame], *, custom: Sequence[Key] = ()) -> FeatureSet:
    """Return the features that these tables can feed: the default keys and the custom ones.

    A key or column that is empty throughout is left out, and so is a kind without facts.
    """
    kinds = {kind: tables[table] for kind, table in _TABLES.items() if len(tables.get(table, ()))}
    declarations = tables["declarations"]
    numbers, texts = _extra_columns(declarations)
    told = {
        kind: [
            key
            for key in dict.fromkeys((*DEFAULT_KEYS, *custom))
            if _has([declarations], key) and _has(_behind(kind, frame, tables=tables), key)
        ]
        for kind, frame in kinds.items()
    }
    made = [
        aggregate
        for kind, frame in kinds.items()
        for key in told[kind]
        for aggregate in (
            *family(kind, key, extras=_extra_columns(frame)[0]),
            *(detail(kind, key, frame=frame) if key in (*DETAILED_KEYS, *custom) else ()),
        )
    ]
    categories = (*(c for c in declared.CATEGORIES if _has([declarations], (c,))), *texts)
    return FeatureSet(
        numeric=(*(n for n in declared.NUMERIC if n not in declared.COMPARED_ONLY), *numbers),
        aggregates=(*made, *(REGISTER if len(tables.get("enterprises", ())) else ())),
        categories=categories,
        contrasts=tuple(
            _contrasts(
                told,
                encoded=[(c,) for c in categories],
                has=lambda key: _has([declarations], key),
                registered=len(tables.get("enterprises", ())) > 0,
            )
        ),
    )


def named(names: Iterable[str]) -> FeatureSet:
    """Return the features of these names, each once, whether or not any table can feed them.

    Known are the declared numbers and what the families make of the default keys. ``Invalid``
    tells the nearest names where one is unknown.
    """
    known, asked = everything(), tuple(dict.fromkeys(names))
    for name in asked:
        if name not in known and name not in declared.NUMERIC:
            near = nearest(name, (*known, *declared.NUMERIC))
            raise Invalid(f"there is no feature {name!r}; {near}")
    found = [known[name] for name in asked if name in known]
    return FeatureSet(
        numeric=tuple(name for name in asked if name in declared.NUMERIC),
        aggregates=tuple(one for one in found if isinstance(one, Aggregate)),
        categories=(),
        contrasts=tuple(one for one in found if isinstance(one, Contrast)),
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return which known names are most like one that is unknown, as a remedy.

    >>> nearest("orgin", ["origin", "port"]), nearest("?", ["port"])
    ('the nearest is origin', 'nothing is called like it; `yujing features` lists all')
    """
    near = get_close_matches(name, list(known), n=3)
    if not near:
        return "nothing is called like it; `yujing features` lists all"
    return f"the nearest {'is' if len(near) == 1 else 'are'} {', '.join(near)}"


@cache
def everything() -> Mapping[str, Aggregate | Contrast]:
    """Return, by name, all that the families make of the default keys, as if all were told."""
    told: dict[str, list[Key]] = {kind: list(DEFAULT_KEYS) for kind in FAMILIES}
    made = [one for kind, key_list in told.items() for key in key_list for one in family(kind, key)]
    read = {
        "report": [CATEGORY + code for code in aggregates.CATEGORY_LABELS],
        "annotation": [
            *(CATEGORY + code for code in aggregates.CATEGORY_LABELS),
            *(HAZARD + code for code in aggregates.HAZARD_LABELS),
        ],
    }
    details = (
        Aggregate(kind, key, "count", measure, DETAIL_DAYS)
        for kind, measures in read.items()
        for key in DETAILED_KEYS
        for measure in measures
    )
    encoded = [(category,) for category in declared.CATEGORIES]
    compared = _contrasts(told, encoded=encoded, has=lambda _: True, registered=True)
    every: list[Aggregate | Contrast] = [*made, *details, *REGISTER, *compared]
    return {one.name: one for one in every}


def _contrasts(
    told: Mapping[str, list[Key]],
    *,
    encoded: Sequence[Key],
    has: Callable[[Key], bool],
    registered: bool,
) -> Iterator[Contrast]:
    """Yield the contrasts that some tables can feed.

    told: the keys of each kind. has: whether declarations tell a key. registered: whether there is
    a register of enterprises.
    """
    if "inspection" in told:
        for key in dict.fromkeys((*told["inspection"], *encoded)):
            yield from (contrasts.shrunk_rate(key, days) for days in contrasts.RATES)
    for key in told.get("declaration", ()):
        yield contrasts.trend("declaration", key, measure=None, short=30, long=365)
    for key in told.get("annotation", ()):
        yield contrasts.trend("annotation", key, measure="relevant_once", short=90, long=365)
        yield contrasts.per_declaration(key, measure="relevant_once", window=365)
    for key in VALUED_KEYS:
        if has(key):
            yield from (
                contrasts.deviation(key, measure=measure, own=own, window=365)
                for measure, own in VALUES.items()
            )
    yield from (contrasts.first(key) for key in FIRSTS if has(key))
    if has(NAMED[0]):
        yield contrasts.share(*NAMED)
    if registered:
        yield contrasts.AGE


_TABLES = {
    "declaration": "declarations",
    "inspection": "inspections",
    "report": "reports",
    "annotation": "annotations",
    "warning": "warnings",
}


def family(kind: str, key: Key, *, extras: Sequence[str] = ()) -> list[Aggregate]:
    """Return the aggregates of one kind of fact under one key."""
    made = [
        Aggregate(kind, key, how, measure, window)
        for how, measure, windows in FAMILIES[kind]
        for window in windows
    ]
    if kind == "inspection":
        made += [Aggregate(kind, key, "mean", extra, None) for extra in extras]
    return made


def detail(kind: str, key: Key, *, frame: pd.DataFrame) -> list[Aggregate]:
    """Return the counts of reports by category and by hazard, of those that are not rare."""
    named: list[str] = []
    if kind in ("report", "annotation"):
        named += [CATEGORY + name for name in _common(frame["category"])]
    if kind == "annotation":
        named += [HAZARD + name for name in _common(frame["hazards"].explode())]
    return [Aggregate(kind, key, "count", measure, DETAIL_DAYS) for measure in named]


def _common(values: "pd.Series[Any]") -> list[str]:
    counts = values.value_counts()
    return sorted(str(value) for value in counts.index[counts >= FEWEST])


def _behind(
    kind: str, frame: pd.DataFrame, *, tables: Mapping[str, pd.DataFrame]
) -> list[pd.DataFrame]:
    """Return the tables that a kind's keys are read from."""
    if kind == "inspection":
        return [frame, tables["declarations"]]
    if kind == "annotation":
        return [frame, tables["reports"]]
    return [keys.scopes(frame["scope"])] if kind == "warning" else [frame]


def _has(frames: Sequence[pd.DataFrame], key: Key) -> bool:
    """Return whether some row tells each part of a key."""
    columns = (keys.source(part)[0] for part in key)
    return all(any(c in f and f[c].notna().any() for f in frames) for c in columns)


def _extra_columns(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the ``x_*`` columns that hold numbers, and those that hold texts."""
    extra = sorted(str(c) for c in frame if str(c).startswith("x_"))
    numbers = [c for c in extra if pd.api.types.is_numeric_dtype(frame[c])]
    return numbers, [c for c in extra if c not in numbers]
