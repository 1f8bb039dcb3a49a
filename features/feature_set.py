"""A feature set: the columns a model takes, as plain data.

It travels in a model's manifest and is rebuilt from there, so a model is never fed by another set
than the one it was trained on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from features import aggregates, contrasts, declared, keys
from features.aggregates import Aggregate
from features.contrasts import Contrast, Group
from features.errors import Invalid
from features.keys import Key
from features.measures import is_asked

DECLARED = "declared"  # the family of what the declaration itself says


@dataclass(frozen=True)
class FeatureSet:
    """The columns a model takes, in order: declared numbers, aggregates, contrasts.

    categories: declared texts that stand beside the numbers, for slices and for watching; a model
    takes them only as the failure rates of the past under them.
    """

    numeric: tuple[str, ...]
    aggregates: tuple[Aggregate, ...]
    categories: tuple[str, ...]
    contrasts: tuple[Contrast, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every column, in the order of the matrix."""
        return (*self.numeric, *self._named)

    @cached_property
    def read(self) -> tuple[Aggregate, ...]:
        """Every aggregate that is read: the columns first, then what only contrasts take."""
        taken = (a for contrast in self.contrasts for a in contrast.inputs)
        return tuple(dict.fromkeys((*self.aggregates, *taken)))

    @cached_property
    def groups(self) -> list[Group]:
        """The contrasts in groups that one formula answers."""
        return contrasts.groups(self.contrasts, self.read)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Every key that an aggregate groups by, each once."""
        return tuple(dict.fromkeys(a.key for a in self.read))

    @cached_property
    def columns(self) -> list[str]:
        """The exchange columns that keys and categories are read from."""
        parts = ((part,) for part in ("enterprise", *self.categories))
        return keys.needed((*self.keys, *parts))

    @cached_property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """By kind, the measures that facts have only where they are asked for."""
        told = {(a.kind, a.measure) for a in self.read if is_asked(a.kind, a.measure or "")}
        kinds = {kind for kind, _ in told}
        return {kind: tuple(sorted(str(m) for k, m in told if k == kind)) for kind in kinds}

    @cached_property
    def _named(self) -> dict[str, Aggregate | Contrast]:
        named: dict[str, Aggregate | Contrast] = {a.name: a for a in self.aggregates}
        return named | {c.name: c for c in self.contrasts}

    def meaning(self, name: str, language: int) -> str:
        """Return what a column means, in Chinese (0) or English (1)."""
        if name in declared.NUMERIC:
            return declared.meaning(name, language)
        if name in self._named:
            return self._named[name].meaning(language)
        if name in declared.CATEGORIES:
            return declared.CATEGORIES[name][language]
        return (f"申报的{name}", f"declared {name}")[language]

    def aggregate(self, name: str) -> Aggregate | None:
        """Return the aggregate whose facts are behind a column; ``None`` for a declared one."""
        column = self._named.get(name)
        return column.inputs[0] if isinstance(column, Contrast) else column

    def family(self, name: str) -> str:
        """Return the family of a column: the kind of fact it speaks of, or ``declared``."""
        aggregate = self.aggregate(name)
        return DECLARED if aggregate is None else aggregate.kind

    def without(self, *families: str) -> "FeatureSet":
        """Return the set without some families of columns: an ablation."""
        kept = tuple(a for a in self.aggregates if a.kind not in families)
        left = tuple(c for c in self.contrasts if not any(a.kind in families for a in c.inputs))
        if DECLARED in families:
            return FeatureSet((), kept, (), tuple(c for c in left if c.own is None))
        return FeatureSet(self.numeric, kept, self.categories, left)

    def to_json(self) -> dict[str, object]:
        """Return the set as plain values, for a manifest."""
        return {
            "numeric": list(self.numeric),
            "aggregates": [aggregates.to_json(a) for a in self.aggregates],
            "contrasts": [c.to_json() for c in self.contrasts],
            "categories": list(self.categories),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Rebuild a set; ``Invalid`` when it names what this version cannot compute."""
        unknown = missing(plain["numeric"])
        if unknown:
            raise Invalid(f"this version computes no {', '.join(unknown)}; retrain the model")
        return cls(
            numeric=tuple(plain["numeric"]),
            aggregates=tuple(aggregates.from_json(a) for a in plain["aggregates"]),
            categories=tuple(plain["categories"]),
            contrasts=tuple(Contrast.from_json(c) for c in plain.get("contrasts", ())),
        )


def missing(numeric: Sequence[str]) -> list[str]:
    """Return the declared features that no function computes."""
    return [name for name in numeric if name not in declared.NUMERIC and not name.startswith("x_")]
