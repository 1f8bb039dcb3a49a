"""The roster: who may be sent on a day, by staff number, from a file to read and change.

The file is YAML with a list ``inspectors``, or CSV with a row for each; both have the columns of
``Inspector``, and lists are joined by ``;`` in CSV. Its text is kept, since it is published.
"""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from features.errors import Invalid
from features.fields import EnterpriseId, Id, Short
from features.reasons import Drawn
from features.records import Part

FILE = Path(__file__).with_name("roster.yaml")
STAFF_NUMBER = re.compile(r"[A-Za-z-]{0,8}[0-9][0-9A-Za-z-]{0,23}")
PREFIX = re.compile(r"[0-9]{2,13}")
Kind = Literal["yaml", "csv"]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is no text; write it in quotes, or a zero at its front is lost")
    return value.strip()


def _staff_number(value: Any) -> str:
    if not STAFF_NUMBER.fullmatch(text := _text(value)):
        raise ValueError("is no staff number; write letters, digits and hyphens, never a name")
    return text


def _prefix(value: Any) -> str:
    if not PREFIX.fullmatch(text := _text(value)):
        raise ValueError('is no beginning of an HS code; write 2 to 13 digits in quotes, as "8516"')
    return text


def _listed(value: Any) -> Any:
    """Return ``a;b`` as its parts; a list stays what it is, and nothing is an empty one."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    if not isinstance(value, list | tuple | None):
        raise ValueError("is no list; write one in brackets, with its words in quotes")
    return value or ()


def _hours(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("is no number of hours; write one like 7.5")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("is no day; write 2026-10-01") from None


LISTED = BeforeValidator(_listed)


class Inspector(Part):
    """One inspector (查验人员) on a day: where, how long, for what, and for whom not.

    ``lanes`` and ``hs_prefixes`` are what he is competent for, all where they are empty. Hours are
    those of one day; ``absent`` are civil days on which he cannot be sent.
    """

    inspector_id: Annotated[str, BeforeValidator(_staff_number)]
    port: Short
    hours: Annotated[float, BeforeValidator(_hours), Field(gt=0, le=24, allow_inf_nan=False)]
    lanes: Annotated[tuple[Drawn, ...], LISTED] = ()
    hs_prefixes: Annotated[tuple[Annotated[str, BeforeValidator(_prefix)], ...], LISTED] = ()
    conflict_enterprises: Annotated[tuple[EnterpriseId, ...], LISTED] = ()
    conflict_manufacturers: Annotated[tuple[Id, ...], LISTED] = ()
    absent: Annotated[tuple[Annotated[date, BeforeValidator(_day)], ...], LISTED] = ()


@dataclass(frozen=True)
class Roster:
    """The inspectors of a file in the order of their numbers, and the file's own text."""

    inspectors: tuple[Inspector, ...]
    kind: Kind
    text: str

    @cached_property
    def sha256(self) -> str:
        """The hash of the file: published with the commitment, it settles the roster too."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def version(self) -> str:
        """The beginning of that hash, which every assignment carries."""
        return self.sha256[:12]


def load(path: Path = FILE) -> Roster:
    """Read a roster; ``Invalid`` names the file, the inspector, the field and what is wrong."""
    if not path.is_file():
        raise Invalid(f"there is no roster {path}; copy {FILE.name} of the package and change it")
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        raise Invalid(f"{path}: this is no UTF-8 text; save it as UTF-8") from None
    return parse(text, "csv" if path.suffix.lower() == ".csv" else "yaml", name=str(path))


def parse(text: str, kind: Kind, *, name: str) -> Roster:
    """Return the roster that a text tells; errors call it by ``name``, as ``load``."""
    plain = _rows(text, name) if kind == "csv" else _list(text, name)
    if not plain:
        raise Invalid(f"{name}: the roster names nobody; write an inspector a line")
    found = [_inspector(one, place, name=name) for place, one in enumerate(plain, start=1)]
    numbers = [one.inspector_id for one in found]
    if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
        raise Invalid(f"{name}: inspector {twice[0]!r} is listed twice; leave one of the entries")
    return Roster(tuple(sorted(found, key=lambda one: one.inspector_id)), kind, text)


def _list(text: str, name: str) -> Sequence[Any]:
    try:
        plain = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Invalid(f"{name}: this is no YAML: {error}") from None
    if not isinstance(plain, dict) or set(plain) != {"inspectors"}:
        raise Invalid(f"{name}: a roster is a mapping with one name, inspectors, and a list there")
    listed = plain["inspectors"]
    if not isinstance(listed, list | None):
        raise Invalid(f"{name}: inspectors must be a list, got {listed!r}")
    return listed or ()


def _rows(text: str, name: str) -> Sequence[Any]:
    """Return the rows of a CSV without their empty cells."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise Invalid(f"{name}: line {reader.line_num} is no CSV: {error}") from None
    for place, row in enumerate(rows, start=1):
        if None in row:
            raise Invalid(f"{name}: inspector {place} has more cells than the first line has names")
    return [{key: cell for key, cell in row.items() if cell and cell.strip()} for row in rows]


def _inspector(plain: Any, place: int, *, name: str) -> Inspector:
    if not isinstance(plain, dict):
        raise Invalid(f"{name}: inspector {place} must be a mapping of names to values: {plain!r}")
    try:
        return Inspector.model_validate(plain)
    except ValidationError as error:
        who = plain.get("inspector_id") or f"{place}, without a number"
        raise Invalid(f"{name}: inspector {who}: {_fault(error)}") from None


def _fault(error: ValidationError) -> str:
    """Return the first thing that is wrong: the field, its value and the remedy."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"{field} is missing; give it"
    if first["type"] == "extra_forbidden":
        return f"{field} is unknown; the names are {', '.join(Inspector.model_fields)}"
    return f"{field} {first['input']!r}: {first['msg'].removeprefix('Value error, ')}"
