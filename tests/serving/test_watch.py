"""The watch by itself: it loads, follows and takes a new champion while nobody calls it."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.text import artifacts, suspects, taxonomy
from models.text.annotate import trained
from models.text.suspects import Suspect
from serving.app import create_app
from serving.settings import Settings
from serving.watch import Watch
from tests.serving import world
from tests.serving.conftest import Made, at_one_moment, service_of
from tests.serving.shelf import Shelf

PATIENCE = 30.0  # seconds on a busy machine


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


def test_it_follows_while_nobody_calls_it(settings: Settings, shelf: Shelf, made: Made) -> None:
    quick = settings.model_copy(update={"refresh_seconds": 0.02})
    before = threading.active_count()
    with TestClient(at_one_moment(create_app(quick))) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        facts = client.get("/health/ready").json()["facts"]
        client.post("/v1/decisions", json=world.line())
        until(lambda: client.get("/health/ready").json()["facts"] == facts + 1)
        shelf.champions["risk"] = ("2", made.artifact)
        until(lambda: client.get("/health/ready").json()["champion"] == "risk/2")
    until(lambda: threading.active_count() <= before)


def test_a_watch_that_has_ended_is_not_ready(
    settings: Settings, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shelf.champions
    monkeypatch.setattr("serving.watch.Watch._run", Watch.refresh)
    with TestClient(at_one_moment(create_app(settings))) as client:
        until(lambda: service_of(client).watch.has_ended)
        told = client.get("/health/ready")
        assert told.status_code == 503
        assert "the watch has ended" in told.json()["detail"]
        assert client.post("/v1/decisions", json=world.line()).status_code == 200


def test_a_text_model_comes_with_the_labels_it_doubts(
    client: TestClient, shelf: Shelf, tmp_path: Path
) -> None:
    doubt = Suspect("r1", "category", "label", "quality", 0.02, 0.9, by_person=False, text="")
    version = trained(taxonomy.load(), {}).version
    artifacts.write_manifest(tmp_path, {"tasks": [], "version": version})
    suspects.write(tmp_path, [doubt])
    shelf.champions["text"] = ("1", tmp_path)
    watch = service_of(client).watch
    before = len(watch.suspects)
    watch.refresh()
    assert watch.annotator.version == version
    assert (before, list(watch.suspects)) == (0, [doubt])
