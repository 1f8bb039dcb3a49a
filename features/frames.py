"""Rows of a table as a frame: whole columns at a time, never a record for each row."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
import pandas as pd
import pyarrow as pa

from features.rows import OPTIONAL, SHAPES, Shape

ARROW: dict[Shape, pa.DataType] = {
    "text": pa.large_string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "moment": pa.timestamp("ms"),
    "json": pa.large_string(),
}


def frame(
    table: str, chunks: Iterable[Sequence[Sequence[Any]]], *, fields: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return rows of (``fact_id``, fields of ``SHAPES``) as a frame, ``x`` as columns ``x_*``.

    fields: which ones the rows hold, all without it.

    Texts are ``str``, moments ``datetime64[ms, UTC]``, whole numbers ``int64`` (``float64`` where
    they may be missing), lists tuples, mappings dictionaries; missing is NaN or NaT.
    """
    names = SHAPES[table] if fields is None else fields
    types = {"fact_id": ARROW["text"], **{n: _type(table, n) for n in names}}
    parts: dict[str, list[pa.Array]] = {name: [] for name in types}
    for chunk in chunks:
        for (name, type_), column in zip(types.items(), zip(*chunk, strict=True), strict=True):
            parts[name].append(_array(column, type_))
    whole = pa.table({name: pa.chunked_array(parts[name], types[name]) for name in types})
    columns = {
        name: _series(column, SHAPES[table].get(name, "text")) for name, column in _columns(whole)
    }
    extra = columns.pop("x", ())
    return pd.DataFrame({**columns, **_extra_columns(extra)}, copy=False)


def _type(table: str, name: str) -> pa.DataType:
    """Return a column's type; one that may be missing has no whole numbers in pandas."""
    shape = SHAPES[table][name]
    return pa.float64() if shape == "integer" and name in OPTIONAL[table] else ARROW[shape]


def _array(column: Sequence[Any], type_: pa.DataType) -> pa.Array:
    # SQLite answers 0 and 1 for a flag.
    return pa.array(map(bool, column) if type_ == pa.bool_() else column, type_)


def _columns(whole: pa.Table) -> Iterable[tuple[str, pd.Series]]:
    return ((str(name), column) for name, column in whole.to_pandas().items())


def _series(column: "pd.Series[Any]", shape: Shape) -> "pd.Series[Any]":
    match shape:
        case "moment":
            return pd.Series(column.dt.tz_localize("UTC"))
        case "json":
            return _parsed(column)
    return column


def _parsed(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return what JSON texts say, each different text read once; lists become tuples."""
    codes, texts = pd.factorize(column)
    meanings = [_frozen(orjson.loads(text)) for text in texts]
    return pd.Series([meanings[code] for code in codes], index=column.index, dtype=object)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _extra_columns(extra: Iterable[Any]) -> "dict[str, pd.Series[Any]]":
    names = sorted({name for told in extra for name in told})
    return {name: pd.Series([told.get(name) for told in extra]) for name in names}
