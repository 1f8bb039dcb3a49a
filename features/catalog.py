"""The catalog: which features exist, by family, and what each means.

A feature set is plain data: it travels in a model's manifest and is rebuilt from there, so a model
is never fed by another set than the one it was trained on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import pandas as pd

from features import aggregates, declared, keys
from features.aggregates import Aggregate
from features.errors import Invalid
from features.keys import Key

DEFAULT_KEYS = tuple(
    keys.parse(text)
    for text in (
        "enterprise",
        "manufacturer",
        "brand",
        "hs2",
        "hs4",
        "hs6",
        "origin",
        "port",
        "origin+hs4",
        "brand+hs4",
        "enterprise+hs4",
    )
)
# kind: (how, measure, windows in days). A measure that the facts lack is skipped.
FAMILIES: dict[str, tuple[tuple[aggregates.How, str | None, tuple[int | None, ...]], ...]] = {
    "declaration": (
        ("count", None, (30, 365)),
        ("sum", "value_fen", (365,)),
        ("days_since", None, (None,)),
    ),
    "inspection": (
        ("count", None, (180, None)),
        ("rate", "fail", (180, 730, None)),
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
        ("decayed_sum", "severity_once", (30,)),
        ("days_since", "severe_once", (None,)),
        ("count", "repeated", (90,)),
        ("rate", "flood", (90,)),
    ),
    "warning": (("sum", "grade", (180,)),),
}
REGISTER = tuple(
    Aggregate("enterprise", ("enterprise",), "last", measure) for measure in ("credit", "listed")
)


@dataclass(frozen=True)
class FeatureSet:
    """The columns a model takes, in order: declared numbers, aggregates, categories."""

    numeric: tuple[str, ...]
    aggregates: tuple[Aggregate, ...]
    categories: tuple[str, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every column, in the order of the matrix; categories come last."""
        return (*self.numeric, *(a.name for a in self.aggregates), *self.categories)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Every key that an aggregate groups by, each once."""
        return tuple(dict.fromkeys(a.key for a in self.aggregates))

    @cached_property
    def columns(self) -> list[str]:
        """The exchange columns that keys and categories are read from."""
        return keys.needed((*self.keys, *((part,) for part in self.categories)))

    @cached_property
    def extras(self) -> tuple[str, ...]:
        """The numeric ``x_*`` columns of inspections that are measured."""
        measures = (a.measure for a in self.aggregates if a.measure is not None)
        return tuple(sorted({m for m in measures if m.startswith("x_")}))

    def meaning(self, name: str, language: int) -> str:
        """Return what a column means, in Chinese (0) or English (1)."""
        if name in declared.NUMERIC:
            english, _, chinese = (
                (declared.NUMERIC[name].__doc__ or "").rstrip(".").partition(" | ")
            )
            return (chinese, english)[language]
        for aggregate in self.aggregates:
            if aggregate.name == name:
                return aggregate.meaning(language)
        if name in declared.CATEGORIES:
            return declared.CATEGORIES[name][language]
        return (f"申报的{name}", f"declared {name}")[language]

    def without(self, *kinds: str) -> "FeatureSet":
        """Return the set without the aggregates over some kinds of fact: an ablation."""
        kept = tuple(a for a in self.aggregates if a.kind not in kinds)
        return FeatureSet(self.numeric, kept, self.categories)

    def to_json(self) -> dict[str, object]:
        """Return the set as plain values, for a manifest."""
        return {
            "numeric": list(self.numeric),
            "aggregates": [aggregates.to_json(a) for a in self.aggregates],
            "categories": list(self.categories),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Rebuild a set; ``Invalid`` when it names what this version cannot compute."""
        unknown = missing(plain["numeric"])
        if unknown:
            raise Invalid(f"this version computes no {', '.join(unknown)}; retrain the model")
        made = (Aggregate(**{**a, "key": tuple(a["key"])}) for a in plain["aggregates"])
        return cls(tuple(plain["numeric"]), tuple(made), tuple(plain["categories"]))


def missing(numeric: Sequence[str]) -> list[str]:
    """Return the declared features that no function computes."""
    return [name for name in numeric if name not in declared.NUMERIC and not name.startswith("x_")]


def standard(tables: Mapping[str, pd.DataFrame], *, custom: Sequence[Key] = ()) -> FeatureSet:
    """Return the features that these tables can feed: the default keys and the custom ones.

    A key or column that is empty throughout is left out, and so is a kind without facts.
    """
    kinds = {kind: tables[table] for kind, table in _TABLES.items() if len(tables.get(table, ()))}
    declarations = tables["declarations"]
    numbers, texts = _extra_columns(declarations)
    made = [
        aggregate
        for kind, frame in kinds.items()
        for key in dict.fromkeys((*DEFAULT_KEYS, *custom))
        if _has([declarations], key) and _has(_behind(kind, frame, tables=tables), key)
        for aggregate in family(kind, key, extras=_extra_columns(frame)[0])
    ]
    return FeatureSet(
        numeric=(*declared.NUMERIC, *numbers),
        aggregates=(*made, *(REGISTER if len(tables.get("enterprises", ())) else ())),
        categories=(*(c for c in declared.CATEGORIES if _has([declarations], (c,))), *texts),
    )


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
