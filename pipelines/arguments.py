"""Arguments: what a user typed, as what a step takes; each mistake gets one clear error."""

from datetime import date, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from features import keys as key_names
from features.errors import Invalid, NotFound
from features.keys import Key
from features.store import Store
from models.registry import Registry

SHARED = Path("../shared/data")
SECRET_LENGTH = 32


def opened(url: str) -> Store:
    """Return the store at a URL; the folder of an SQLite file is made."""
    _make_folder(url)
    return Store.open(url)


def registry(uri: str) -> Registry:
    """Return the tracking server at a URI; a file's artifacts lie beside it."""
    folder = _make_folder(uri)
    return Registry(uri, None if folder is None else folder / "artifacts")


def _make_folder(url: str) -> Path | None:
    """Return the folder of an SQLite file, made where it was missing."""
    if not url.startswith("sqlite:///"):
        return None
    folder = Path(url.removeprefix("sqlite:///")).parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def zone(name: str | None) -> tzinfo | None:
    """Return a time zone by name."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid(f"time zone {name!r} is unknown; write one like Asia/Shanghai") from None


def day(text: str) -> date:
    """Return a civil day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"day {text!r} is not a date; write 2026-07-01") from None


def keys(text: str | None) -> tuple[Key, ...]:
    """Return the keys that a comma-separated text names."""
    return tuple(key_names.parse(part) for part in words(text))


def words(text: str | None) -> tuple[str, ...]:
    """Return the parts of a comma-separated text."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def secret(text: str) -> bytes:
    """Return the draw secret; one that could be guessed is refused."""
    if len(text) < SECRET_LENGTH:
        raise Invalid(
            f"the draw secret has {len(text)} characters; give at least {SECRET_LENGTH} random "
            "ones in YUJING_DRAW_SECRET, for example from `openssl rand -hex 32`"
        )
    return text.encode()


def shared(folder: str) -> Path:
    """Return a folder of the studies' data; ``NotFound`` says how to point at another."""
    path = SHARED / folder
    if not path.is_dir():
        raise NotFound(f"{path} is not there; point at the study's files with --data")
    return path
