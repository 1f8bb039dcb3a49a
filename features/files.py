"""Files of rows (Parquet, CSV, JSON lines), read a batch at a time; what is missing is left out."""

import csv
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

import pyarrow as pa

from features import encodings, lines, parquet
from features.errors import Invalid
from features.lines import Line

SUFFIXES = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")


def columns(path: Path) -> list[str]:
    """Return the names of a file's columns; for JSON lines, every name that occurs."""
    with _readable(path):
        match _suffix(path):
            case ".parquet":
                return parquet.columns(path)
            case ".csv":
                return _header(path)
        told = (line.told for line in _rows(path) if not line.wrong)
        return list({name: None for values in told for name in values})


def length(path: Path) -> int | None:
    """Return the number of rows where the file tells it, else ``None``."""
    with _readable(path):
        return parquet.length(path) if _suffix(path) == ".parquet" else None


def batches(path: Path, size: int) -> Iterator[list[Line]]:
    """Return a file's rows in lists of at most ``size``; ``Invalid`` when it cannot be read.

    Moments of Parquet become datetimes, aware where the column is; a date is its midnight without
    a zone. Empty texts and NaN are missing.
    """
    with _readable(path):
        rows = _rows(path)
        while batch := list(islice(rows, size)):
            yield batch


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file beside its place and move it there when it is whole; nothing after an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error, csv.Error, pa.ArrowException) as error:
        raise Invalid(f"{path.name} cannot be read: {error}; make the file again") from error


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix


def _header(path: Path) -> list[str]:
    with encodings.opened(path) as text:
        return lines.header(text)


def _rows(path: Path) -> Iterator[Line]:
    match _suffix(path):
        case ".parquet":
            yield from parquet.rows(path)
        case ".csv":
            yield from _csv_rows(path)
        case _:
            yield from _json_rows(path)


def _csv_rows(path: Path) -> Iterator[Line]:
    with encodings.opened(path) as text:
        casts = lines.casts(text)
    with encodings.opened(path) as text:
        yield from lines.csv_rows(text, casts)


def _json_rows(path: Path) -> Iterator[Line]:
    with encodings.opened(path) as text:
        yield from lines.json_rows(text)
