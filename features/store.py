"""Facts on disk: appended, never changed, read as of a moment, followed by other processes.

Everything is a new row; a corrected fact is a new row with a later ``known_at``. One transaction
holds one append, and appends to one table come one after the other, so that whoever follows by
``sequence`` misses nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    exists,
    func,
    select,
)

from features import frames, moments, rows
from features.errors import Invalid, NotFound
from features.records import Record
from features.rows import SHAPES, TABLE_OF, Value
from features.tables import OWN_ID, TABLES, insertion, lock, opened, translated

NOTHING: Mapping[str, str] = {}
EVER = -(2**62)  # milliseconds before anything was known
TOGETHER = 5_000  # values in one IN (...): databases limit the number of variables
PAGE = 50_000  # rows fetched at a time for a frame


@dataclass(frozen=True)
class Rejected:
    """A fact that was not stored: its place in what was given (from 0), and why."""

    position: int
    reason: str


@dataclass(frozen=True)
class Appended:
    """What an append did; conflicts were not stored."""

    added: int
    unchanged: int
    conflicts: tuple[Rejected, ...] = ()


class Store:
    """Every fact that was ever learned, in one database; safe to share between threads.

    Make it with ``Store.open``. ``table`` is always a key of ``judgements.KEPT``; any other is
    ``Invalid``. A fact's versions share ``fact_id`` and differ in ``known_at``.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    @classmethod
    def open(cls, url: str) -> "Store":
        """Return the store at ``sqlite:///PATH`` or ``postgresql://…``, with the newest tables.

        ``Invalid`` for another kind of address, ``NotReady`` when the database cannot be reached.
        """
        return cls(opened(url))

    def append(self, facts: Sequence[Record]) -> Appended:
        """Store facts of any kinds in one transaction; what is there already stays as it is.

        The same content at the same ``known_at`` is unchanged. Other content at the same
        ``known_at`` is a conflict, also within ``facts``: the first stays.
        """
        places: dict[str, list[int]] = {}
        for position, fact in enumerate(facts):
            places.setdefault(TABLE_OF[type(fact)], []).append(position)
        added, differing = 0, []
        with self._transaction() as connection:
            for name in sorted(places):  # one order for all writers: no deadlock
                values = [rows.row(facts[position]) for position in places[name]]
                count, others = _insert(connection, TABLES[name], values=values)
                added += count
                differing += [places[name][place] for place in others]
        conflicts = tuple(_conflict(facts, position) for position in sorted(differing))
        return Appended(added, len(facts) - added - len(conflicts), conflicts)

    def frame(
        self,
        table: str,
        *,
        known_before: datetime | None = None,
        through: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return every version in the order of ``known_at``, ties in the order of arrival.

        Columns: ``fact_id``, every field of the record, and the ``x_*`` that occur; an empty table
        has all the columns. Only facts with ``known_at < known_before``, and only rows up to the
        sequence number ``through`` (then ``after(table, through)`` has exactly the rest). With
        ``fields``, only these and ``known_at``: a list of reasons costs time to read.
        See ``frames.frame`` for the types.
        """
        kept = _kept(table)
        limits = [] if through is None else [kept.c.sequence <= through]
        if known_before is not None:
            limits.append(kept.c.known_at < moments.milliseconds(known_before))
        names = [*SHAPES[table]] if fields is None else [*dict.fromkeys((*fields, "known_at"))]
        columns = [kept.c[name] for name in names]
        query = select(kept.c.fact_id, *columns).where(*limits).order_by(kept.c.sequence)
        with self._connection() as connection:
            frame = frames.frame(table, _pages(connection, query), fields=names)
        if frame["known_at"].is_monotonic_increasing:
            return frame
        return frame.sort_values("known_at", kind="stable", ignore_index=True)

    def find(self, table: str, fact_id: str) -> Record:
        """Return the newest version of a fact; ``NotFound`` where there is none."""
        kept = _kept(table)
        query = select(*_fields(kept)).where(kept.c.fact_id == fact_id)
        if not (found := self._records(kept, query.order_by(kept.c.known_at.desc()).limit(1))):
            raise NotFound(f"{table} has no {fact_id!r}; look at the id, or load it first")
        return found[0]

    def versions(self, table: str, fact_id: str) -> list[Record]:
        """Return every version of a fact, oldest first; none where it is unknown."""
        return self.told(table, "fact_id", values=[fact_id])

    def select(self, table: str, column: str, *, values: Sequence[str]) -> list[Record]:
        """Return the newest version of each fact whose ``column`` is one of the values.

        A fact whose newest version has another value does not count. In the order of ``known_at``.
        """
        return self._where(table, column, values=values, among=(_newest(_kept(table)),))

    def told(self, table: str, column: str, *, values: Sequence[str]) -> list[Record]:
        """Return every version whose ``column`` is one of the values, as ``select`` orders them."""
        return self._where(table, column, values=values, among=())

    def _where(
        self, table: str, column: str, *, values: Sequence[str], among: Sequence[Any]
    ) -> list[Record]:
        kept = _kept(table)
        where, found = _column(kept, column), list[Record]()
        for some in _chunks(values):
            found += self._records(kept, select(*_fields(kept)).where(where.in_(some), *among))
        return sorted(found, key=lambda record: record.known_at)

    def latest(
        self, table: str, *, limit: int = 100, offset: int = 0, equal: Mapping[str, str] = NOTHING
    ) -> list[Record]:
        """Return the newest version of each fact, newest first, where columns equal values."""
        kept = _kept(table)
        limits = [_column(kept, name) == value for name, value in equal.items()]
        query = select(*_fields(kept)).where(_newest(kept), *limits)
        order = (kept.c.known_at.desc(), kept.c.sequence.desc())
        return self._records(kept, query.order_by(*order).limit(limit).offset(offset))

    def present(self, table: str, fact_ids: Sequence[str]) -> set[str]:
        """Return which of these ids the table has in any version."""
        kept = _kept(table)
        found: set[str] = set()
        with self._connection() as connection:
            for some in _chunks(fact_ids):
                query = select(kept.c.fact_id).where(kept.c.fact_id.in_(some))
                found.update(connection.scalars(query))
        return found

    def says(self, table: str, facts: Sequence[Record]) -> list[bool]:
        """Return for each fact whether its newest version says the same, whenever learned."""
        kept = _kept(table)
        digests: dict[str, str] = {}
        with self._connection() as connection:
            for some in _chunks([fact.fact_id for fact in facts]):
                query = select(kept.c.fact_id, kept.c.digest).where(_newest(kept))
                found = connection.execute(query.where(kept.c.fact_id.in_(some)))
                digests.update((fact_id, digest) for fact_id, digest in found)
        return [digests.get(fact.fact_id) == rows.content(fact) for fact in facts]

    def count(self, table: str) -> int:
        """Return the number of rows: every version of every fact."""
        return self._number(select(func.count()).select_from(_kept(table)))

    def position(self, table: str) -> int:
        """Return the sequence number of the newest row, 0 for an empty table."""
        return self._number(select(func.coalesce(func.max(_kept(table).c.sequence), 0)))

    def after(self, table: str, sequence: int) -> tuple[int, list[Record]]:
        """Return the rows that came after a sequence number, and the number to go on from.

        No row is ever missed or seen twice, however many processes append.
        """
        last, found = self.values(table, tuple(SHAPES[_kept(table).name]), after=sequence)
        return last, [rows.record(table, row) for row in found]

    def values(
        self, table: str, fields: Sequence[str], *, after: int, known_from: int = EVER
    ) -> tuple[int, list[tuple[Any, ...]]]:
        """Return what ``after`` does, as the database has it: some fields, known from then on."""
        kept = _kept(table)
        query = select(kept.c.sequence, *(kept.c[name] for name in fields))
        query = query.where(kept.c.sequence > after, kept.c.known_at >= known_from)
        with self._connection() as connection:
            found = connection.execute(query.order_by(kept.c.sequence)).all()
        return (found[-1][0] if found else after), [tuple(row[1:]) for row in found]

    def close(self) -> None:
        """Give the connections back; the store cannot be used afterwards."""
        self._engine.dispose()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with translated(self._engine), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with translated(self._engine), self._writer.begin() as connection:
            yield connection

    def _records(self, kept: Table, query: Select[Any]) -> list[Record]:
        with self._connection() as connection:
            return [rows.record(kept.name, row) for row in connection.execute(query)]

    def _number(self, query: Select[Any]) -> int:
        with self._connection() as connection:
            return int(connection.scalar(query) or 0)


def _kept(table: str) -> Table:
    if table not in TABLES:
        raise Invalid(f"table {table!r} is unknown; one of {', '.join(TABLES)} is needed")
    return TABLES[table]


def _fields(kept: Table) -> list[Column[Any]]:
    return [kept.c[name] for name in SHAPES[kept.name]]


def _column(kept: Table, name: str) -> Column[Any]:
    """Return a column of texts to compare with; a fact's own id is compared where it is indexed."""
    texts = [field for field, shape in SHAPES[kept.name].items() if shape == "text"]
    if name not in (*texts, "fact_id"):
        raise Invalid(f"{kept.name} cannot be asked by {name!r}; one of {', '.join(texts)} can")
    return kept.c.fact_id if name == OWN_ID.get(kept.name) else kept.c[name]


def _newest(kept: Table) -> ColumnElement[bool]:
    later = kept.alias("later")
    same = later.c.fact_id == kept.c.fact_id
    return ~exists().where(same, later.c.known_at > kept.c.known_at)


def _chunks(values: Sequence[str]) -> Iterator[list[str]]:
    different = list(dict.fromkeys(values))
    return (different[i : i + TOGETHER] for i in range(0, len(different), TOGETHER))


def _pages(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Sequence[Any]]]:
    """Return rows in pages, so that only one page is in memory as Python's own values."""
    with connection.execution_options(yield_per=PAGE).execute(query) as result:
        yield from result.partitions()


def _insert(
    connection: Connection, kept: Table, *, values: Sequence[Sequence[Value]]
) -> tuple[int, list[int]]:
    """Return how many rows were added, and the places of those that contradict a stored one."""
    lock(connection, kept.name)
    sql = insertion(kept, connection.dialect)
    added = connection.exec_driver_sql(sql, [tuple(row) for row in values]).rowcount
    return added, _differing(connection, kept, values=values) if added < len(values) else []


def _differing(
    connection: Connection, kept: Table, *, values: Sequence[Sequence[Value]]
) -> list[int]:
    """Return the places of rows whose fact and moment the table has with other content."""
    known_at = 2 + list(SHAPES[kept.name]).index("known_at")
    stored: dict[tuple[Value, Value], str] = {}
    for some in _chunks([str(row[0]) for row in values]):
        query = select(kept.c.fact_id, kept.c.known_at, kept.c.digest)
        for fact_id, ms, digest in connection.execute(query.where(kept.c.fact_id.in_(some))):
            stored[fact_id, ms] = digest
    return [i for i, row in enumerate(values) if stored[row[0], row[known_at]] != row[1]]


def _conflict(facts: Sequence[Record], position: int) -> Rejected:
    fact = facts[position]
    return Rejected(
        position,
        f"{TABLE_OF[type(fact)]} has {fact.fact_id!r} at known_at {fact.known_at.isoformat()} "
        "with other content; give a correction a later known_at",
    )
