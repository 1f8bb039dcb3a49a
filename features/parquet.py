"""Rows of a Parquet file as Python's own values; moments keep their zone, or that they lack one."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from features import moments
from features.lines import Line, is_missing

PANDAS_INDEX = "__index_level_"
NAIVE_EPOCH = moments.EPOCH.replace(tzinfo=None)


def columns(path: Path) -> list[str]:
    """Return the names of a file's columns, without the index that pandas leaves there."""
    names = (str(name) for name in pq.read_schema(path).names)
    return [name for name in names if not name.startswith(PANDAS_INDEX)]


def length(path: Path) -> int:
    """Return the number of rows."""
    return int(pq.read_metadata(path).num_rows)


def rows(path: Path) -> Iterator[Line]:
    """Return the rows of a file, with one batch of them in memory."""
    number = 0
    for batch in _batches(path):
        for values in zip(*map(_listed, batch.columns), strict=True):
            number += 1
            told = zip(batch.schema.names, values, strict=True)
            yield Line(number, {name: value for name, value in told if value is not None})


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(columns=columns(path))


def _listed(column: pa.Array) -> list[Any]:
    """Return a column's values, ``None`` where they are missing."""
    if pa.types.is_timestamp(column.type):
        return _datetimes(column)
    values: list[Any] = column.to_pylist()
    if pa.types.is_date(column.type):
        return [None if day is None else datetime.combine(day, time()) for day in values]
    if pa.types.is_floating(column.type):
        return [None if value != value else value for value in values]
    if any(isinstance(value, str) for value in values):
        return [None if is_missing(value) else value for value in values]
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
