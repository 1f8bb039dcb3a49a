"""What a user typed becomes what a step takes, or one clear error."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from features.errors import Invalid, NotFound
from pipelines import arguments

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "/etc/passwd", "../UTC", "Asia"])
def test_an_unknown_zone_is_named_with_an_example(name: str) -> None:
    with pytest.raises(Invalid, match="is unknown; write one like Asia/Shanghai"):
        arguments.zone(name)


def test_zones() -> None:
    assert arguments.zone(None) is None
    assert arguments.zone("America/Chicago") == ZoneInfo("America/Chicago")


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-29", "tomorrow", "", "2026-07-01T08:00"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is not a date; write 2026-07-01"):
        arguments.day(text, NOON)


def test_a_day() -> None:
    assert arguments.day("2026-07-01", NOON) == date(2026, 7, 1)
    assert arguments.day(None, NOON) == date(2026, 6, 30)
    assert arguments.day(None, NOON + timedelta(hours=4)) == date(2026, 7, 1)


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "many", "8000=", "8000=-3,40"])
def test_hours_that_no_day_has_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"hours .* is no number from 0"):
        arguments.by_port(text, "hours")


def test_numbers_by_port() -> None:
    assert arguments.by_port("8000=60, 8001=25,40", "hours") == ({"8000": 60, "8001": 25}, 40)
    assert arguments.by_port("0", "hours") == ({}, 0)
    assert arguments.by_port("", "units") == ({}, None)


@pytest.mark.parametrize("uri", ["", "nonsense", "nonsense://x", "mlruns", "sqlite://"])
def test_a_tracking_server_that_cannot_be_is_refused(uri: str) -> None:
    with pytest.raises(Invalid, match="no tracking server can be at"):
        arguments.registry(uri)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("not a database")
    with pytest.raises(Invalid, match=r"letter\.db is no SQLite database"):
        arguments.registry(f"sqlite:///{path}")
    assert path.read_text() == "not a database"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (None, ()),
        ("", ()),
        (" , ", ()),
        ("port", (("port",),)),
        ("x_cell, origin+hs4", (("x_cell",), ("origin", "hs4"))),
        ("hs6+departure+origin+x_tax", (("hs6", "departure", "origin", "x_tax"),)),
    ],
)
def test_keys(text: str | None, keys: tuple[tuple[str, ...], ...]) -> None:
    assert arguments.keys(text) == keys


@pytest.mark.parametrize("text", ["nope", "port,nope", "port+", "+", "X_cell", "x_", "x_a b"])
def test_an_unknown_key_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="unknown key"):
        arguments.keys(text)


def test_a_secret_that_could_be_guessed_is_refused_and_not_repeated() -> None:
    with pytest.raises(Invalid, match="has 31 characters; give at least 32") as refused:
        arguments.secret("guessable" + "!" * 22)
    assert "guessable" not in str(refused.value)
    assert arguments.secret("密" * 32) == ("密" * 32).encode()


def test_the_folder_of_a_new_store_is_made(tmp_path: Path) -> None:
    store = arguments.opened(f"sqlite:///{tmp_path / 'deep' / 'er' / 'facts.db'}")
    assert store.count("declarations") == 0
    store.close()


@pytest.mark.parametrize("url", ["nonsense", "mongodb://x", "sqlite:////proc/nope/facts.db"])
def test_a_store_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match=r"sqlite:///"):
        arguments.opened(url)


def test_artifacts_lie_beside_a_local_tracking_file(tmp_path: Path) -> None:
    registry = arguments.registry(f"sqlite:///{tmp_path / 'runs' / 'mlflow.db'}")
    assert registry.artifacts == tmp_path / "runs" / "artifacts"
    assert arguments.registry("http://tracking.example").artifacts is None


def test_studies_that_are_not_there_are_pointed_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFound, match="point at the study's files with --data"):
        arguments.shared(Path("."), "risk/nothing")
