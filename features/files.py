"""Rows of a Parquet, CSV or JSON-lines file, a batch at a time; what is missing is left out.

CSV and JSON lines (also ``.gz``) are UTF-8, with or without a byte order mark, or GB18030. Which
one is found by reading the whole file strictly; nothing is replaced and nothing is guessed.
"""

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from io import BufferedReader, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from features import moments
from features.errors import Invalid

Values = dict[str, Any]
SUFFIXES = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
PANDAS_INDEX = "__index_level_"
NAIVE_EPOCH = moments.EPOCH.replace(tzinfo=None)
BLOCK = 1 << 20
Cast = Callable[[str], str | int | float | bool]
LOOKS = {
    "missing": re.compile(r"\s*"),
    "whole": re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    "number": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)"),
    "flag": re.compile(r"[Tt]rue|[Ff]alse"),
}
CASTS: dict[frozenset[str], Cast] = {
    frozenset({"whole"}): int,
    frozenset({"number"}): float,
    frozenset({"whole", "number"}): float,
    frozenset({"flag"}): lambda cell: cell[0] in "Tt",
}


class Line(NamedTuple):
    """A row of a file, from 1: what it tells, and what is wrong with it as a row of its file."""

    number: int
    told: Values
    wrong: str = ""


def columns(path: Path) -> list[str]:
    """Return the names of a file's columns; for JSON lines, every name that occurs."""
    with _readable(path):
        match _suffix(path):
            case ".parquet":
                return _named(pq.read_schema(path).names)
            case ".csv":
                with _text(path) as lines:
                    return _header(csv.reader(lines, strict=True))
            case _:
                told = (line.told for line in _json_rows(path) if not line.wrong)
                return list({name: None for values in told for name in values})


def length(path: Path) -> int | None:
    """Return the number of rows where the file tells it, else ``None``."""
    if _suffix(path) != ".parquet":
        return None
    with _readable(path):
        return int(pq.read_metadata(path).num_rows)


def batches(path: Path, size: int) -> Iterator[list[Line]]:
    """Return a file's rows in lists of at most ``size``; ``Invalid`` when it cannot be read.

    Moments of Parquet become datetimes, aware where the column is; a date is its midnight without
    a zone. Empty texts and NaN are missing.
    """
    readers = {".parquet": _parquet_rows, ".csv": _csv_rows}
    with _readable(path):
        rows = iter(readers.get(_suffix(path), _json_rows)(path))
        while batch := list(islice(rows, size)):
            yield batch


def encoding(path: Path) -> str:
    """Return ``utf-8-sig`` or ``gb18030``, whichever the whole file is."""
    wrong = {}
    for name, codec in (("utf-8", "utf-8-sig"), ("gb18030", "gb18030")):
        wrong[name] = _first_wrong_byte(path, name)
        if wrong[name] is None:
            return codec
    raise Invalid(
        f"{path.name} is neither UTF-8 (byte {wrong['utf-8']} does not fit) nor GB18030 "
        f"(byte {wrong['gb18030']} does not fit); save it as UTF-8"
    )


def _first_wrong_byte(path: Path, codec: str) -> int | None:
    """Return the offset (from 0) of the first byte that the codec cannot read."""
    decoder = codecs.getincrementaldecoder(codec)()
    read = 0
    with _bytes(path) as stream:
        while True:
            block = stream.read(BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return read + len(block) - len(error.object) + error.start
            if not block:
                return None
            read += len(block)


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix


def _bytes(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _text(path: Path) -> TextIOWrapper:
    codec = encoding(path)  # first: it may refuse the file, which then is not open
    return TextIOWrapper(_bytes(path), encoding=codec, newline="")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error, csv.Error, pa.ArrowException) as error:
        raise Invalid(f"{path.name} cannot be read: {error}; make the file again") from error


def _named(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.startswith(PANDAS_INDEX)]


def _header(reader: "Iterator[list[str]]") -> list[str]:
    return [name.strip("\ufeff \t") for name in next(reader, [])]


def _csv_rows(path: Path) -> Iterator[Line]:
    with _text(path) as lines:
        reader = csv.reader(lines, strict=True)
        names = _header(reader)
        casts = _casts(path, names)
        for number, cells in enumerate(_cells(reader), 1):
            if isinstance(cells, str):
                yield Line(number, {}, cells)
            elif cells:  # a blank line is no row
                yield _csv_line(number, cells, names=names, casts=casts)


def _casts(path: Path, names: list[str]) -> dict[str, Cast]:
    """Return how to read ``x_*`` columns that hold nothing but numbers, or true and false.

    Codes with a leading zero are texts, and so is the whole column that has one.
    """
    places = [(place, name) for place, name in enumerate(names) if name.startswith("x_")]
    looks: dict[str, set[str]] = {name: set() for _, name in places}
    if not places:
        return {}
    with _text(path) as lines:
        rows = islice(_cells(csv.reader(lines, strict=True)), 1, None)
        whole = (cells for cells in rows if len(cells) == len(names) and isinstance(cells, list))
        told = ((name, cells[place]) for cells in whole for place, name in places)
        for name, cell in told:
            looks[name].add(_look(cell))
    known = {name: CASTS.get(frozenset(seen - {"missing"})) for name, seen in looks.items()}
    return {name: cast for name, cast in known.items() if cast}


def _look(cell: str) -> str:
    return next((name for name, pattern in LOOKS.items() if pattern.fullmatch(cell)), "text")


def _csv_line(number: int, cells: list[str], *, names: list[str], casts: dict[str, Cast]) -> Line:
    if len(cells) != len(names):
        wrong = f"the row has {len(cells)} values for {len(names)} columns"
        return Line(number, {"values": cells}, wrong)
    told = zip(names, cells, strict=True)
    values: Values = {name: cell for name, cell in told if cell and not cell.isspace()}
    return Line(number, values | {n: cast(values[n]) for n, cast in casts.items() if n in values})


def _cells(reader: Any) -> Iterator[list[str] | str]:
    """Return the cells of each row, or what is wrong with its quotation marks."""
    while True:
        first = reader.line_num + 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield (
                f"lines {first} to {reader.line_num} are not CSV: {error}; "
                "look for a quotation mark that is not doubled or not closed"
            )


def _json_rows(path: Path) -> Iterator[Line]:
    with _text(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.isspace():
                yield _json_line(number, line)


def _json_line(number: int, line: str) -> Line:
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Line(number, {"line": line.strip()}, f"the line is not JSON: {error}")
    if not isinstance(told, dict):
        return Line(number, {"line": told}, 'the line is no object; write {"column": value, …}')
    return Line(number, {name: value for name, value in told.items() if not _is_missing(value)})


def _is_missing(value: Any) -> bool:
    """Return whether a value says nothing: None, NaN or a blank text."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def _parquet_rows(path: Path) -> Iterator[Line]:
    number = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=_named(file.schema_arrow.names)):
            names = batch.schema.names
            for values in zip(*map(_listed, batch.columns), strict=True):
                number += 1
                told = zip(names, values, strict=True)
                yield Line(number, {k: v for k, v in told if v is not None})


def _listed(column: pa.Array) -> list[Any]:
    """Return a column's values as Python's own, ``None`` where they are missing."""
    if pa.types.is_timestamp(column.type):
        return _datetimes(column)
    values: list[Any] = column.to_pylist()
    if pa.types.is_date(column.type):
        return [None if day is None else datetime.combine(day, time()) for day in values]
    if pa.types.is_floating(column.type):
        return [None if value != value else value for value in values]
    if values and any(isinstance(value, str) for value in values):
        return [None if _is_missing(value) else value for value in values]
    return values


def _datetimes(column: pa.Array) -> list[datetime | str | None]:
    zone = column.type.tz
    counts = column.cast(pa.timestamp("us", zone), safe=False).cast(pa.int64()).to_pylist()
    epoch = NAIVE_EPOCH if zone is None else moments.EPOCH
    return [None if count is None else _datetime(epoch, count) for count in counts]


def _datetime(epoch: datetime, microseconds: int) -> datetime | str:
    try:
        return epoch + timedelta(microseconds=microseconds)
    except OverflowError:
        return f"{microseconds} microseconds after 1970"  # no moment: the row says so


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
