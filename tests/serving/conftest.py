"""A service over a real SQLite, with a tiny real model fitted once per session."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from features.store import Store
from serving import deps
from serving.app import create_app
from serving.deps import Service
from serving.settings import Settings
from tests.serving import world
from tests.serving.shelf import Shelf

NEVER = 3600.0  # seconds: tests take the watch's steps themselves


@dataclass(frozen=True)
class Made:
    """What is made once per session: a store with the small world, and a model of it."""

    store: Path
    artifact: Path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The small world and its model."""
    folder = tmp_path_factory.mktemp("world")
    store = Store.open(f"sqlite:///{folder / 'facts.db'}")
    store.append(world.facts())
    artifact = world.train(store, folder / "artifact")
    store.close()
    return Made(folder / "facts.db", artifact)


@pytest.fixture
def settings(made: Made, tmp_path: Path) -> Settings:
    """Settings of a service over a store of its own."""
    shutil.copy(made.store, tmp_path / "facts.db")
    return Settings(
        draw_secret=SecretStr(world.SECRET),
        store_url=f"sqlite:///{tmp_path / 'facts.db'}",
        refresh_seconds=NEVER,
        batch_limit=20,
        body_limit=20_000,
    )


@pytest.fixture
def shelf(made: Made, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The registry, with the model promoted."""
    stocked = Shelf({"risk": ("1", made.artifact)})
    monkeypatch.setattr("serving.app.Registry", lambda _: stocked)
    return stocked


@pytest.fixture
def app(settings: Settings, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """A service that stands at one moment and takes no step by itself."""
    assert shelf.champions
    monkeypatch.setattr("serving.watch.Watch.start", lambda _: None)
    return at_one_moment(create_app(settings))


def at_one_moment(app: FastAPI) -> FastAPI:
    """Let a service stand at the end of the small world."""
    app.dependency_overrides[deps.now] = lambda: world.NOW
    return app


@pytest.fixture
def degraded(app: FastAPI) -> Iterator[TestClient]:
    """A client of the service while nothing is loaded."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(degraded: TestClient) -> TestClient:
    """A client of the service with its champion loaded."""
    service_of(degraded).watch.refresh()
    return degraded


def service_of(client: TestClient) -> Service:
    """The parts of a client's service."""
    assert isinstance(client.app, FastAPI)
    service: Service = client.app.state.service
    return service
