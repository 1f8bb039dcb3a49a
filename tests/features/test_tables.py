import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from features import rows, tables
from features.errors import Invalid, NotReady
from features.judgements import KEPT, Decision
from features.migrations.upgrade import configuration
from features.store import Store
from features.tables import METADATA, TABLES

NEWER = (
    *("likelihood_low", "likelihood_high", "inspections_known"),
    *("effects", "selection", "price", "sample_size", "rules_version", "port"),
    *("hours", "hours_expected", "hours_asked"),
)
DECISION = Decision(
    decision_id="K1",
    declaration_id="D1",
    decided_at=datetime(2024, 3, 1, 12, tzinfo=UTC),
    known_at=datetime(2024, 3, 1, 12, tzinfo=UTC),
    likelihood=0.2,
    severity=3,
    level="high",
    lane="full",
    inclusion_probability=0.5,
    draw=0.25,
    commitment="c",
    model_version="3",
    policy_version="p",
    matrix_version="m",
)


def test_every_kind_has_a_table_with_exactly_its_fields() -> None:
    own = {"sequence", "fact_id", "digest"}
    columns = {
        name: {column.name for column in table.columns} - own for name, table in TABLES.items()
    }
    assert columns == {name: set(kind.model_fields) for name, kind in KEPT.items()}


def test_the_migrations_make_exactly_these_tables(store_url: str) -> None:
    engine = tables.opened(store_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == "0004"
    engine.dispose()


def test_a_decision_from_before_intervals_and_effects_still_loads(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    told = rows.row(DECISION)
    names = ("fact_id", "digest", *rows.SHAPES["decisions"])
    old = {n: v for n, v in zip(names, told, strict=True) if n not in NEWER}
    config = configuration()
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        marks = ", ".join(f":{name}" for name in old)
        adding = f"INSERT INTO decisions ({', '.join(old)}) VALUES ({marks})"
        connection.execute(text(adding), old)
    engine.dispose()
    store = Store.open(sqlite_url)
    assert store.find("decisions", "K1") == DECISION
    store.append([DECISION])
    assert len(store.frame("decisions")) == 1
    store.close()


def test_constraints_and_indexes_are_those_of_the_tables(store_url: str) -> None:
    engine = tables.opened(store_url)
    for name, table in TABLES.items():
        made = inspect(engine)
        (unique,) = made.get_unique_constraints(name)
        indexes = {str(index["name"]) for index in made.get_indexes(name)}
        assert unique["column_names"] == ["fact_id", "known_at"]
        assert made.get_pk_constraint(name)["constrained_columns"] == ["sequence"]
        assert indexes - {unique["name"]} == {str(index.name) for index in table.indexes}
    engine.dispose()


def test_a_store_can_be_opened_again(store_url: str) -> None:
    for _ in range(2):
        tables.opened(store_url).dispose()


def test_a_store_of_a_newer_version_is_not_touched(store_url: str) -> None:
    engine = tables.opened(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(NotReady, match="made by another version of yujing"):
        tables.opened(store_url)


def test_sqlite_writes_ahead_and_waits_for_its_turn(sqlite_url: str) -> None:
    engine = tables.opened(sqlite_url)
    with engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "busy_timeout")
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert values == ["wal", 1, tables.BUSY_SECONDS * 1000]
    engine.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_through_psycopg(scheme: str) -> None:
    assert tables.parsed(f"{scheme}://u@h/d").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url",
    ["", "facts.db", "sqlite://", "sqlite:///:memory:", "mysql://u@h/d", "postgresql+pg8000://h"],
)
def test_another_address_is_refused_with_examples(url: str) -> None:
    with pytest.raises(Invalid, match="give sqlite:///PATH or postgresql://"):
        tables.opened(url)


def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="cannot be opened: ") as refused:
        tables.opened(f"postgresql://u:secret@/nobody?host={tmp_path}")
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text(
        "these are notes, and they are long enough to be read\n" * 99
    )
    with pytest.raises(NotReady, match="file is not a database"):
        tables.opened(f"sqlite:///{tmp_path / 'notes.db'}")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotReady, match=r"folder .*file/deep cannot be made"):
        tables.opened(f"sqlite:///{tmp_path / 'file' / 'deep' / 'facts.db'}")


class Refusing:
    """A connection to a file on which another process is just turning the log on."""

    def __init__(self) -> None:
        self.refusals, self.mode = 2, "delete"

    def execute(self, statement: str) -> "Refusing":
        if statement.endswith("=WAL") and self.refusals:
            self.refusals -= 1
            raise sqlite3.OperationalError("database is locked")
        self.mode = "wal" if statement.endswith("=WAL") else self.mode
        return self

    def fetchone(self) -> tuple[str]:
        return (self.mode,)


def test_turning_the_log_on_waits_for_another_who_does_so() -> None:
    connection = Refusing()
    tables._log_ahead(connection)
    assert connection.mode == "wal"
