"""A record as one flat row of a table, and back: the shape of every field, and a content hash.

What a table holds follows from the record alone, so a new field is one line in ``records`` and
one migration.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import orjson
from pydantic import AwareDatetime, TypeAdapter

from features import moments
from features.judgements import KEPT
from features.records import Record

Shape = Literal["text", "integer", "number", "flag", "moment", "json"]
Value = str | int | float | bool | None
SIMPLE: dict[Any, Shape] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "flag",
    datetime: "moment",
    AwareDatetime: "moment",
}
EMPTY = {"[]", "{}"}


def shape(annotation: Any) -> Shape:
    """Return how a value of this type is kept; tuples, mappings and parts are JSON text.

    >>> shape(int | None), shape(Literal["pass", "fail"]), shape(tuple[str, ...])
    ('integer', 'text', 'json')
    """
    origin = get_origin(annotation)
    if origin is Annotated:
        return shape(get_args(annotation)[0])
    if origin in (Union, UnionType):
        (only,) = (part for part in get_args(annotation) if part is not NoneType)
        return shape(only)
    if origin is Literal:
        return "text"
    return SIMPLE.get(annotation, "json")


SHAPES: dict[str, dict[str, Shape]] = {
    table: {name: shape(field.annotation) for name, field in kind.model_fields.items()}
    for table, kind in KEPT.items()
}
OPTIONAL: dict[str, frozenset[str]] = {
    table: frozenset(
        name for name, field in kind.model_fields.items() if NoneType in get_args(field.annotation)
    )
    for table, kind in KEPT.items()
}
TABLE_OF: dict[type[Record], str] = {kind: table for table, kind in KEPT.items()}


def row(record: Record) -> list[Value]:
    """Return ``fact_id``, the content hash, then every field in the order of ``SHAPES``."""
    told = vars(record)
    values = {
        name: told[name] if write is None or told[name] is None else write(told[name])
        for name, write in WRITERS[TABLE_OF[type(record)]]
    }
    return [record.fact_id, digest(values), *values.values()]


def content(record: Record) -> str:
    """Return the content hash of a record: equal where two versions say the same."""
    return str(row(record)[1])


def digest(values: Mapping[str, Value]) -> str:
    """Return a hash of what the values say, whenever it was learned.

    Missing and empty values do not count, so a field that is added later changes no old hash.
    """
    content = {k: v for k, v in values.items() if v is not None and v not in EMPTY}
    content.pop("known_at", None)
    return blake2b(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def record(table: str, values: Sequence[Any]) -> Record:
    """Return the record of a row's fields in the order of ``SHAPES``.

    Stored facts were checked when they were taken in and are not checked again.
    """
    fields = {
        name: value if read is None or value is None else read(value)
        for (name, read), value in zip(READERS[table], values, strict=True)
    }
    return KEPT[table].model_construct(**fields)


def as_json(value: object) -> str:
    """Return JSON text with sorted keys; records' parts become mappings."""
    return orjson.dumps(value, default=vars, option=orjson.OPT_SORT_KEYS).decode()


def _writer(shape: Shape) -> Callable[[Any], Value] | None:
    match shape:
        case "moment":
            return moments.milliseconds
        case "json":
            return as_json
    return None


def _reader(annotation: Any) -> Callable[[Any], Any] | None:
    match shape(annotation):
        case "moment":
            return moments.moment
        case "flag":
            return bool
        case "json":
            return TypeAdapter(annotation).validate_json
    return None


WRITERS: dict[str, list[tuple[str, Callable[[Any], Value] | None]]] = {
    table: [(name, _writer(kept)) for name, kept in shapes.items()]
    for table, shapes in SHAPES.items()
}
READERS: dict[str, list[tuple[str, Callable[[Any], Any] | None]]] = {
    table: [(name, _reader(field.annotation)) for name, field in kind.model_fields.items()]
    for table, kind in KEPT.items()
}
