"""Bring your own data: one directory of exchange tables, read into records and written from them.

A row that does not fit comes back with one sentence that says why, in the words of its columns. A
file whose columns do not fit is refused as a whole before any of its rows is read.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pydantic import ValidationError

from features import files, moments
from features.errors import Invalid
from features.lines import Line, Values
from features.records import EXCHANGED, Record
from features.rejections import MONEY, reason
from features.rows import SHAPES, Shape

INSIDE = ("x", "value_fen")  # fields that the outside knows by other names
BATCH = 10_000


class Row(NamedTuple):
    """A row of a file, from 1: what it told, and either its fact or the reason there is none."""

    number: int
    told: Values
    fact: Record | None
    reason: str


def found(directory: Path) -> dict[str, list[Path]]:
    """Return the files of each table in the order to load them.

    A table is ``TABLE.parquet`` (or .csv, .jsonl, with .gz), or parts ``TABLE-….parquet``, or a
    folder ``TABLE`` of parts.
    """
    if not directory.is_dir():
        raise Invalid(f"{directory} is no directory; give one with {', '.join(EXCHANGED)}")
    paths = {table: sorted(_paths(directory, table)) for table in EXCHANGED}
    return {table: parts for table, parts in paths.items() if parts}


def overlooked(directory: Path) -> list[Path]:
    """Return files beside the tables that look like a table but have no table's name."""
    taken = {path for parts in found(directory).values() for path in parts}
    looks = (*files.SUFFIXES, ".xlsx", ".xls", ".tsv", ".json")
    inside = (path for path in directory.iterdir() if path.is_file() and path not in taken)
    return sorted(path for path in inside if path.name.endswith(looks))


def _paths(directory: Path, table: str) -> Iterator[Path]:
    for suffix in files.SUFFIXES:
        yield from directory.glob(f"{table}{suffix}")
        yield from directory.glob(f"{table}-*{suffix}")
        yield from directory.glob(f"{table}/**/*{suffix}")


def columns(table: str) -> list[str]:
    """Return the columns of an exchange table in order, without ``x_*``.

    >>> columns("inspections")[:4]
    ['declaration_id', 'inspected_at', 'outcome', 'hazards']
    """
    own = [name for name in EXCHANGED[table].model_fields if name not in (*INSIDE, "known_at")]
    return [*own, *([MONEY] if table == "declarations" else []), "known_at"]


def required(table: str) -> list[str]:
    """Return the columns that every row must have.

    >>> required("enterprises"), required("reports")
    (['enterprise_id'], ['report_id', 'channel', 'received_at', 'text'])
    """
    fields = EXCHANGED[table].model_fields.items()
    return [name for name, field in fields if field.is_required() and name != "known_at"]


def check(path: Path, table: str) -> None:
    """Raise ``Invalid`` naming every column of a file that is missing, twice there or unknown."""
    names = files.columns(path)
    if not names and ".jsonl" in path.suffixes:
        return  # no rows
    known = columns(table)
    unknown = [name for name in names if name not in known and not name.startswith("x_")]
    problems = [
        *(f"{name} is missing" for name in required(table) if name not in names),
        *(f"{name} is there twice" for name in sorted({n for n in names if names.count(n) > 1})),
        *(f"{name!r} is unknown (rename it to x_{name} or take it out)" for name in unknown),
    ]
    if problems:
        raise Invalid(f"{path.name} is refused: {'; '.join(problems)}; known: {', '.join(known)}")


def read(
    path: Path, table: str, *, now: datetime, zone: tzinfo | None = None, size: int = BATCH
) -> Iterator[list[Row]]:
    """Return a file's rows in batches, each with its fact or the reason why there is none.

    A moment without a zone is one of ``zone``; without that it is a reason. An enterprise that
    does not say since when it is known is known at ``now``. ``Invalid`` comes before the first row
    where the file has the wrong columns, and whenever it cannot be read.
    """
    check(path, table)
    terms = Terms(table, now, zone)
    for batch in files.batches(path, size):
        yield [_row(line, terms) for line in batch]


class Terms:
    """What the rows of one load have in common."""

    def __init__(self, table: str, now: datetime, zone: tzinfo | None) -> None:
        self.kind = EXCHANGED[table]
        self.zone = zone
        self.defaults = {"known_at": now} if self.kind.LEARNED == "known_at" else {}
        self.moments = _of_shape(table, "moment")
        self.texts = _of_shape(table, "text")


def _of_shape(table: str, shape: Shape) -> list[str]:
    return [name for name, kept in SHAPES[table].items() if kept == shape]


def _row(line: Line, terms: Terms) -> Row:
    if line.wrong:
        return Row(line.number, line.told, None, line.wrong)
    try:
        fact = terms.kind.model_validate(_values(line.told, terms))
    except ValidationError as error:
        return Row(line.number, line.told, None, reason(error, line.told))
    return Row(line.number, line.told, fact, "")


def _values(told: Values, terms: Terms) -> Values:
    """Return what a row tells with its moments in their zone and its codes as texts."""
    values = {**terms.defaults, **told}
    for name in terms.moments:
        if terms.zone is not None and name in values:
            values[name] = _in_zone(values[name], terms.zone)
    for name in terms.texts:
        if type(values.get(name)) in (int, float):
            values[name] = _digits(values[name])
    for name in told:
        if name[:2] == "x_" and not isinstance(told[name], str):
            values[name] = _scalar(told[name])
    return values


def _in_zone(value: Any, zone: tzinfo) -> Any:
    """Return a moment without a zone as one of the zone, anything else as it is."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone)
    try:
        return moments.parse(value, "moment", zone=zone) if isinstance(value, str) else value
    except Invalid:
        return value  # its own check says what is wrong


def _digits(code: float) -> str:
    """Return a code that was kept as a number as its digits.

    >>> _digits(8516101000.0)
    '8516101000'
    """
    return str(int(code)) if code == code // 1 else str(code)


def _scalar(value: Any) -> Any:
    """Return an ``x_`` value that JSON has no word for as one that it has."""
    if isinstance(value, datetime):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def write(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame of exchange columns, or one of ``Store.frame``, as Parquet.

    Reading the file gives the same facts. It appears whole or not at all.
    """
    outside = frame.drop(columns="fact_id", errors="ignore")
    if "value_fen" in outside:
        outside = outside.assign(**{MONEY: outside["value_fen"] / 100}).drop(columns="value_fen")
    if "scope" in outside:
        outside = outside.assign(scope=outside["scope"].map(_pairs))
    with files.replacing(path) as stream:
        outside.to_parquet(stream, index=False)


def _pairs(scope: Any) -> Any:
    """Return ``{"hs4": "8516"}`` as ``hs4=8516``; a text stays what it is."""
    if isinstance(scope, Mapping):
        return ";".join(f"{key}={code}" for key, code in scope.items())
    return scope
