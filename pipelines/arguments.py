"""Arguments: what a user typed, as what a step takes; each mistake gets one clear error."""

import logging
import re
from datetime import date, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from features import keys as key_names
from features.errors import Invalid, NotFound
from features.keys import Key
from features.store import Store
from models.inspection import agency as agencies
from models.inspection.agency import Agency
from models.inspection.draws import draw
from models.registry import LOCAL, Registry

logger = logging.getLogger(__name__)
SECRET_LENGTH = 32
SQLITE = b"SQLite format 3\x00"  # how such a file begins
TRACKING = re.compile(r"(sqlite|postgresql|mysql|mssql)(\+\w+)?://.+|https?://.+|databricks.*")


def opened(url: str) -> Store:
    """Return the store at a URL; the folder of an SQLite file is made."""
    _make_folder(url)
    return Store.open(url)


def registry(uri: str) -> Registry:
    """Return the tracking server at a URI; a file's artifacts lie beside it."""
    if not TRACKING.fullmatch(uri):
        raise Invalid(
            f"no tracking server can be at {uri!r}; give sqlite:///PATH or http://HOST:PORT"
        )
    _check_file(uri)
    folder = _make_folder(uri)
    return Registry(uri, None if folder is None else folder / "artifacts")


def tracked(uri: str) -> Registry | None:
    """Return the tracking server at a URI; ``None``, and nothing is kept, where it is empty.

    Nor is anything kept where nobody named a server and the usual file cannot be made here.
    """
    if not uri:
        return None
    try:
        return registry(uri)
    except Invalid as error:
        if uri != LOCAL:
            raise
        logger.warning("nothing is kept as a run: %s", error)
        return None


def _make_folder(url: str) -> Path | None:
    """Return the folder of an SQLite file, made where it was missing."""
    if not url.startswith("sqlite:///"):
        return None
    folder = Path(url.removeprefix("sqlite:///")).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Invalid(f"the folder of {url} cannot be made: {error.strerror}") from None
    return folder


def _check_file(url: str) -> None:
    """Refuse a file that is there but is no SQLite database."""
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or not path.is_file():
        return
    with path.open("rb") as file:
        begin = file.read(len(SQLITE))
    if begin not in (b"", SQLITE):
        raise Invalid(f"{path} is no SQLite database; name another file")


def zone(name: str | None) -> tzinfo | None:
    """Return a time zone by name."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid(f"time zone {name!r} is unknown; write one like Asia/Shanghai") from None


def day(text: str | None, at: datetime) -> date:
    """Return a civil day, that of a moment where none is named."""
    if text is None:
        return draw.day(at)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"day {text!r} is not a date; write 2026-07-01") from None


def by_port(text: str, name: str) -> tuple[dict[str, float], float | None]:
    """Return numbers by port, and that of all other ports, from ``8000=60,8001=25,40``.

    ``None`` where the text tells no number for the others.
    """
    ports: dict[str, float] = {}
    others: float | None = None
    for part in words(text):
        port, told, number = part.rpartition("=")
        if told:
            ports[port.strip()] = _amount(number, name)
        else:
            others = _amount(number, name)
    return ports, others


def _amount(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise Invalid(
            f"{name} {text.strip()!r} is no number from 0; write 40, or 8000=60,8001=25,40"
        )
    return number


def agency(secret_text: str, *, policy: str | None, matrix: str, rules: str | None) -> Agency:
    """Return what an agency lays down, from the files that were named."""
    return agencies.load(
        secret(secret_text),
        policy=Path(policy) if policy else None,
        matrix=matrix,
        rules=Path(rules) if rules else None,
    )


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


def shared(root: Path, folder: str) -> Path:
    """Return a folder of the studies' data; ``NotFound`` says how to point at another."""
    path = root / folder
    if not path.is_dir():
        raise NotFound(f"{path} is not there; point at the study's files with --data")
    return path
