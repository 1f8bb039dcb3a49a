"""Rows of CSV and of JSON lines, each with what it tells or what is wrong with it."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import orjson

Values = dict[str, Any]
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


def is_missing(value: Any) -> bool:
    """Return whether a value says nothing: None, NaN or a blank text."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def header(lines: Iterable[str]) -> list[str]:
    """Return the column names of CSV; none where there is no line."""
    return _names(csv.reader(lines, strict=True))


def _names(reader: Iterator[list[str]]) -> list[str]:
    return [name.strip("\ufeff \t") for name in next(reader, [])]


def csv_rows(lines: Iterable[str], casts: dict[str, Cast]) -> Iterator[Line]:
    """Return the rows of CSV after its header; a blank line is no row.

    casts: how to read columns that hold more than texts, see ``casts``.
    """
    reader = csv.reader(lines, strict=True)
    names = _names(reader)
    for number, cells in enumerate(_cells(reader), 1):
        if cells:
            yield _csv_line(number, cells, names=names, casts=casts)


def casts(lines: Iterable[str]) -> dict[str, Cast]:
    """Return how to read ``x_*`` columns that hold nothing but numbers, or true and false.

    Codes with a leading zero are texts, and so is the whole column that has one.
    """
    reader = csv.reader(lines, strict=True)
    names = _names(reader)
    places = [(place, name) for place, name in enumerate(names) if name.startswith("x_")]
    rows = _cells(reader) if places else iter(())
    whole = (cells for cells in rows if isinstance(cells, list) and len(cells) == len(names))
    looks: dict[str, set[str]] = {name: set() for _, name in places}
    for name, cell in ((name, cells[place]) for cells in whole for place, name in places):
        looks[name].add(_look(cell))
    known = {name: CASTS.get(frozenset(seen - {"missing"})) for name, seen in looks.items()}
    return {name: cast for name, cast in known.items() if cast}


def json_rows(lines: Iterable[str]) -> Iterator[Line]:
    """Return the rows of JSON lines; a blank line is no row."""
    numbered = enumerate(lines, 1)
    return (_json_line(number, line) for number, line in numbered if not line.isspace())


def _look(cell: str) -> str:
    return next((name for name, pattern in LOOKS.items() if pattern.fullmatch(cell)), "text")


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


def _csv_line(
    number: int, cells: list[str] | str, *, names: list[str], casts: dict[str, Cast]
) -> Line:
    if isinstance(cells, str):
        return Line(number, {}, cells)
    if len(cells) != len(names):
        wrong = f"the row has {len(cells)} values for {len(names)} columns"
        return Line(number, {"values": cells}, wrong)
    told = zip(names, cells, strict=True)
    values: Values = {name: cell for name, cell in told if cell and not cell.isspace()}
    return Line(number, values | {n: cast(values[n]) for n, cast in casts.items() if n in values})


def _json_line(number: int, line: str) -> Line:
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Line(number, {"line": line.strip()}, f"the line is not JSON: {error}")
    if not isinstance(told, dict):
        return Line(number, {"line": told}, 'the line is no object; write {"column": value, …}')
    return Line(number, {name: value for name, value in told.items() if not is_missing(value)})
