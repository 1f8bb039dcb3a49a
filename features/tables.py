"""One append-only SQL table for each kind of fact, and the way to a database that has them.

Beside the record's fields a table has ``sequence`` (the order of arrival, by which others follow),
``fact_id`` and ``digest``. A fact has at most one version at each ``known_at``.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Dialect,
    Double,
    Engine,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.types import TypeEngine

from features.errors import Invalid, NotReady
from features.migrations.upgrade import upgrade
from features.rows import OPTIONAL, SHAPES, Shape

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)
SQL_TYPES: dict[Shape, TypeEngine[Any]] = {
    "text": Text(),
    "integer": BigInteger(),
    "number": Double(),
    "flag": Boolean(),
    "moment": BigInteger(),  # milliseconds since 1970-01-01 UTC
    "json": Text(),
}
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
# What is looked up by value. A fact's own id needs no index of its own: ``fact_id`` has one.
INDEXED: dict[str, tuple[str, ...]] = {
    "declarations": ("enterprise_id", "lot_id"),
    "inspections": ("declaration_id",),
    "reports": ("enterprise_id",),
    "annotations": ("report_id", "enterprise_id"),
    "decisions": ("declaration_id",),
    "reviews": ("subject_id",),
    "plans": ("day",),
    "assignments": ("inspector_id",),
}
OWN_ID: dict[str, str] = {
    "enterprises": "enterprise_id",
    "declarations": "declaration_id",
    "reports": "report_id",
    "warnings": "warning_id",
    "decisions": "decision_id",
    "reviews": "review_id",
    "plans": "plan_id",
    "certificates": "certificate_id",
    "assignments": "decision_id",
}
POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")
LOCAL = "sqlite:///data/yujing.db"  # the store where none is named
EXAMPLES = "give sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"
BUSY_SECONDS = 60


def _table(name: str) -> Table:
    fields = [
        Column(field, SQL_TYPES[shape], nullable=field in OPTIONAL[name])
        for field, shape in SHAPES[name].items()
    ]
    return Table(
        name,
        METADATA,
        Column("sequence", SEQUENCE, primary_key=True),
        Column("fact_id", Text(), nullable=False),
        Column("digest", Text(), nullable=False),
        *fields,
        UniqueConstraint("fact_id", "known_at"),
        Index(None, "known_at", "sequence"),
        *(Index(None, field) for field in INDEXED.get(name, ())),
    )


TABLES: dict[str, Table] = {name: _table(name) for name in SHAPES}


def insertion(table: Table, dialect: Dialect) -> str:
    """Return the driver's own SQL that adds rows in column order and skips versions kept before.

    Written by hand because a driver binds many plain rows far faster than Core does.
    """
    quote = dialect.identifier_preparer.quote
    columns = [quote(column.name) for column in table.columns if column.name != "sequence"]
    mark = "?" if dialect.name == "sqlite" else "%s"
    return (
        f"INSERT INTO {quote(table.name)} ({', '.join(columns)}) "
        f"VALUES ({', '.join([mark] * len(columns))}) "
        "ON CONFLICT (fact_id, known_at) DO NOTHING"
    )


def lock(connection: Connection, name: str) -> None:
    """Hold a table against other appends until the transaction ends.

    PostgreSQL hands out sequence numbers before the commit; without the lock a reader could see a
    higher number first and miss the lower one for ever. SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        key = "hashtextextended(current_schema() || '.' || :name, 0)"
        connection.execute(text(f"SELECT pg_advisory_xact_lock({key})"), {"name": name})


def opened(url: str) -> Engine:
    """Return an engine whose database has the newest tables.

    ``Invalid`` for another kind of address; ``NotReady`` when the database cannot be reached.
    Transactions of ``engine.execution_options(writes=True)`` may write.
    """
    address = parsed(url)
    engine = _sqlite(address) if address.drivername == "sqlite" else _postgresql(address)
    try:
        with engine.execution_options(writes=True).begin() as connection:
            lock(connection, "alembic_version")
            upgrade(connection)
    except (DBAPIError, NotReady) as error:
        engine.dispose()
        raise NotReady(f"the store {_shown(address)} cannot be opened: {_cause(error)}") from error
    return engine


def parsed(url: str) -> URL:
    """Return the address of a store; ``Invalid`` for a kind of database that is not served."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise Invalid(f"the store's address is no URL; {EXAMPLES}") from None
    if address.drivername in POSTGRESQL:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername != "sqlite" or address.database in (None, "", ":memory:"):
        raise Invalid(f"{_shown(address)} is not where a store can be; {EXAMPLES}")
    return address


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn a database that is gone, full or locked into ``NotReady``, without showing rows."""
    try:
        yield
    except (OperationalError, InterfaceError, TimeoutError) as error:
        raise NotReady(f"the store {_shown(engine.url)} failed: {_cause(error)}") from error


def _sqlite(address: URL) -> Engine:
    path = Path(str(address.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotReady(f"the store's folder {path.parent} cannot be made: {error}") from error
    engine = create_engine(
        address, hide_parameters=True, max_overflow=-1, connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say: see _begin
    _log_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")


def _log_ahead(connection: Any) -> None:
    """Turn on the write-ahead log, which the file then keeps.

    While another process does the same, SQLite refuses at once instead of waiting its turn.
    """
    until = monotonic() + BUSY_SECONDS
    while monotonic() < until:
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")
            return
        sleep(0.01)
    connection.execute("PRAGMA journal_mode=WAL")


def _begin(connection: Connection) -> None:
    """Begin; a writer waits for its turn at once, since a reader cannot become one later."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(address: URL) -> Engine:
    return create_engine(
        address, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20
    )


def _shown(address: URL) -> str:
    return address.render_as_string(hide_password=True)


def _cause(error: SQLAlchemyError | NotReady) -> str:
    """Return the driver's own words in one line."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return " ".join(str(cause).split())
