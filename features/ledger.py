"""The ledger: warnings, certificates and inspected lots in memory, looked up by line.

What bears on a line whatever a model believes of it: the warnings that cover it, the results of
others that speak of it, and what inspecting its own lot showed. Only what was known before the
moment of the question counts, in its newest version.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from features import keys, moments
from features.records import Certificate, Declaration, Outcome, Record, Warning

Scoped = TypeVar("Scoped", bound=Warning | Certificate)
# What a scope is filed under: the first of these that it names.
FILED = ("lot", "enterprise", "manufacturer", "brand", "goods_name")
FILED_LAST = ("origin", "port", "departure", "trade_mode", "unit")
HAZARDS = ("hazard", "hazards")
CHAPTER = 2  # digits of an HS code


class Line(NamedTuple):
    """A declared line, as far as its lot is concerned."""

    declaration_id: str
    enterprise_id: str
    hs_code: str | None
    lot_id: str | None


class Visit(NamedTuple):
    """An inspection of a line, as far as its lot is concerned."""

    declaration_id: str
    inspected_at: datetime
    outcome: Outcome
    known_at: datetime

    @property
    def fact_id(self) -> str:
        """The inspection's own id."""
        return f"{self.declaration_id}@{moments.milliseconds(self.inspected_at)}"


@dataclass(frozen=True)
class Entries:
    """What bears on one line at a moment: in force, valid or done by then; the newest first."""

    warnings: tuple[Warning, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    visits: tuple[Visit, ...] = ()


NONE = Entries()


class Ledger:
    """Answers of one line at a time, also while it learns (``features.clerk``)."""

    def __init__(self) -> None:
        self._warnings, self._certificates = Filed[Warning](), Filed[Certificate]()
        self._lots: dict[tuple[str, str], list[str]] = {}  # enterprise, lot: its lines
        self._lotted: dict[str, str] = {}  # line: the HS code of its goods
        self._visits: dict[str, list[Visit]] = {}

    def file(self, record: Record) -> None:
        """Learn one version of a warning or a certificate; nothing of other records."""
        if isinstance(record, Warning):
            self._warnings.file(record)
        elif isinstance(record, Certificate):
            self._certificates.file(record)

    def tell(self, line: Line) -> bool:
        """Learn the lot of a line; return whether it tells one and is new."""
        if line.lot_id is None or line.declaration_id in self._lotted:
            return False
        self._lotted[line.declaration_id] = line.hs_code or ""
        self._lots.setdefault((line.enterprise_id, line.lot_id), []).append(line.declaration_id)
        return True

    def visit(self, visit: Visit) -> None:
        """Learn one version of an inspection; nothing where its line told no lot."""
        if visit.declaration_id in self._lotted:
            kept = self._visits.setdefault(visit.declaration_id, [])
            if visit not in kept:
                kept.append(visit)

    def of(self, line: Declaration, *, as_of: datetime) -> Entries:
        """Return what bears on a line at a moment; facts known at the moment itself do not."""
        values = _values(line)
        warnings = [w for w in self._warnings.of(values, as_of=as_of) if _lasts(w.ends_at, as_of)]
        certificates = [
            c for c in self._certificates.of(values, as_of=as_of) if _lasts(c.valid_until, as_of)
        ]
        return Entries(
            tuple(sorted(warnings, key=lambda w: (w.issued_at, w.fact_id), reverse=True)),
            tuple(sorted(certificates, key=lambda c: (c.issued_at, c.fact_id), reverse=True)),
            self._visits_of(line, as_of=as_of),
        )

    def _visits_of(self, line: Declaration, *, as_of: datetime) -> tuple[Visit, ...]:
        """Return the newest known outcome of each visit to the same goods of the line's lot."""
        if line.lot_id is None:
            return ()
        same = self._lots.get((line.enterprise_id, line.lot_id), ())
        known = (
            visit
            for name in list(same)
            if self._lotted[name] == (line.hs_code or "")
            for visit in list(self._visits.get(name, ()))
            if visit.known_at < as_of
        )
        newest = {v.fact_id: v for v in sorted(known, key=lambda v: v.known_at)}
        return tuple(sorted(newest.values(), key=lambda v: v.inspected_at, reverse=True))


@dataclass
class Filed(Generic[Scoped]):
    """Records with a scope: every version of each, and their ids under one part of the scope."""

    versions: dict[str, list[Scoped]] = field(default_factory=dict)
    under: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)

    def file(self, record: Scoped) -> None:
        """File one version of a record; a scope that names nothing of a line covers none."""
        scope = _parts(record.scope)
        kept = self.versions.setdefault(record.fact_id, [])
        kept.append(record)
        kept.sort(key=lambda version: version.known_at)
        for part in [part for part in (*FILED, "hs", *FILED_LAST, *scope) if part in scope][:1]:
            self.under.setdefault(_place(part, scope[part]), {})[record.fact_id] = None

    def of(self, values: Mapping[str, str], *, as_of: datetime) -> list[Scoped]:
        """Return the newest known version of each record whose scope covers a line's values."""
        places = (self.under.get(_place(part, value), {}) for part, value in values.items())
        ids = dict.fromkeys(name for filed in places for name in list(filed))
        versions = (
            next((v for v in reversed(self.versions[name]) if v.known_at < as_of), None)
            for name in ids
        )
        return [v for v in versions if v is not None and covers(v.scope, values)]


def _place(part: str, value: str) -> tuple[str, str]:
    return part, value[:CHAPTER] if part == "hs" else value


def covers(scope: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Return whether every part of a scope is what a line says.

    HS parts compare by their beginning. A hazard narrows what is to be tested, not which lines; a
    part that is no key covers none, since nobody can tell what it means.
    """
    parts = _parts(scope)
    goods = parts.pop("hs", "")
    told = len(keys.named(scope)) + sum(name in HAZARDS for name in scope)
    return (
        told == len(scope)
        and values.get("hs", "").startswith(goods)
        and all(values.get(part) == value for part, value in parts.items())
    )


def _parts(scope: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a scope that are keys, the longest HS part as ``hs``."""
    told = keys.named(scope)
    goods = max((told[p] for p in told if p.startswith("hs")), key=len, default="")
    plain = {p: v for p, v in told.items() if not p.startswith("hs")}
    return plain | ({"hs": goods} if goods else {})


def _values(line: Declaration) -> dict[str, str]:
    """Return what a line says of each part that scopes may name."""
    told = {part: getattr(line, keys.source(part)[0]) for part in (*FILED, *FILED_LAST)}
    told |= {"hs": line.hs_code, **line.x}
    return {part: str(value) for part, value in told.items() if value is not None}


def _lasts(until: datetime | None, as_of: datetime) -> bool:
    return until is None or as_of < until


def specific(scope: Mapping[str, str]) -> bool:
    """Return whether a scope names somebody's goods, not just a kind of goods or a country.

    >>> specific({"lot": "L7"}), specific({"hs4": "8516", "origin": "VN"})
    (True, False)
    """
    return any(part in FILED[:4] for part in keys.named(scope))
