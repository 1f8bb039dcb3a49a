"""Labelled: a file of texts and their labels, read whatever its format, masked before all else.

CSV, TSV, JSON lines (each also ``.gz``) and Parquet; UTF-8 or GB18030. A file that cannot be read
to its end is refused, for a row lost in silence would falsify a measurement. Empty texts and
missing labels stay, so that whoever trains can leave them out and say so.
"""

import csv
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from features import encodings, lines
from features.errors import Invalid, NotFound
from models.text.multilabel.targets import JOINT
from models.text.normalize import normalize
from models.text.privacy import mask

SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
CHANNEL = "channel"  # sliced by, where a file has it
Labels = tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Which columns hold what.

    labels: several make one joint label. group: rows of one group are one text with several labels.
    separator: what stands between the labels of one cell.
    """

    texts: Sequence[str] = ("text",)
    labels: Sequence[str] = ("label",)
    group: str | None = None
    separator: str | None = None

    @property
    def many(self) -> bool:
        """Whether a text may have several labels."""
        return self.group is not None or self.separator is not None

    @property
    def unlabelled(self) -> "Columns":
        """The same of a file without labels."""
        return replace(self, labels=())


@dataclass(frozen=True)
class Labelled:
    """Masked texts as they were written, as the models read them, and the labels of each.

    A text that says nothing is empty once it is normalised; a row that tells no label has none.
    """

    texts: Sequence[str]
    normal: Sequence[str]
    labels: Sequence[Labels]
    channels: Sequence[str] | None = None

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> "Labelled":
        """Return some rows in the order asked for."""
        return Labelled(
            [self.texts[i] for i in rows],
            [self.normal[i] for i in rows],
            [self.labels[i] for i in rows],
            None if self.channels is None else [self.channels[i] for i in rows],
        )

    def joined(self, other: "Labelled | None") -> "Labelled":
        """Return these rows and then others; channels are not kept."""
        if other is None:
            return self
        texts, normal = [*self.texts, *other.texts], [*self.normal, *other.normal]
        return Labelled(texts, normal, [*self.labels, *other.labels])


def read(path: Path, columns: Columns) -> Labelled:
    """Return the texts of a file; ``Invalid`` where it cannot be read or lacks a column."""
    if not path.is_file():
        raise NotFound(f"{path} is no file; name one with labelled texts")
    frame = _frame(path)
    _check(frame, columns, path=path)
    labels = _joint(frame, columns)
    parts = [frame[name] for name in columns.texts]
    texts = [mask("\n".join(filter(None, row))) for row in zip(*parts, strict=True)]
    channels = list(frame[CHANNEL]) if CHANNEL in frame.columns else None
    labelled = Labelled(texts, [normalize(text) for text in texts], labels, channels)
    return labelled if columns.group is None else _grouped(labelled, list(frame[columns.group]))


def _check(frame: pd.DataFrame, columns: Columns, *, path: Path) -> None:
    group = [] if columns.group is None else [columns.group]
    for name in (*columns.texts, *columns.labels, *group):
        if name not in frame.columns:
            there = ", ".join(frame.columns) or "none"
            raise Invalid(f"{path.name} has no column {name!r}; its columns are {there}")
    if not len(frame):
        raise Invalid(f"{path.name} has no row below its header; give labelled texts")


def _joint(frame: pd.DataFrame, columns: Columns) -> list[Labels]:
    """Return the labels of each row; none where one of the columns is empty, or none is named."""
    if not columns.labels:
        return [()] * len(frame)
    told = zip(*(frame[name] for name in columns.labels), strict=True)
    joined = [JOINT.join(parts) if all(parts) else "" for parts in told]
    if columns.separator is None:
        return [(label,) if label else () for label in joined]
    cut = ([part.strip() for part in label.split(columns.separator)] for label in joined)
    return [tuple(sorted(set(filter(None, parts)))) for parts in cut]


def _grouped(rows: Labelled, groups: Sequence[str]) -> Labelled:
    """Return one text for each group, with the labels of all its rows; a row of no group alone."""
    members: dict[str | int, list[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(group or row, []).append(row)
    firsts = rows.take([own[0] for own in members.values()])
    labels = [sorted({k for i in own for k in rows.labels[i]}) for own in members.values()]
    return replace(firsts, labels=[tuple(own) for own in labels])


def _frame(path: Path) -> pd.DataFrame:
    """Return a file's cells as texts; what is missing is empty."""
    with _readable(path):
        match Path(path.name.removesuffix(".gz")).suffix.lower():
            case ".parquet":
                frame = pd.read_parquet(path)
            case ".jsonl":
                frame = _objects(path)
            case ".csv":
                frame = _table(_text(path), ",", quoting=csv.QUOTE_MINIMAL)
            case ".tsv":
                frame = _tabs(_text(path))
            case suffix:
                told = ", ".join(SUFFIXES)
                raise Invalid(f"{path.name} ends in {suffix!r}; give one of {told} (also .gz)")
        names = [str(name).strip("\ufeff \t") for name in frame.columns]
        if len(set(names)) < len(names):
            raise ValueError(f"two columns have one name among {', '.join(names)}")
        return frame.set_axis(names, axis=1).map(_cell)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    wrong = (OSError, EOFError, zlib.error, csv.Error, ValueError, pa.ArrowException)
    try:
        yield
    except wrong as error:  # pandas' own errors of reading are ValueErrors
        raise Invalid(f"{path.name} cannot be read: {error}; make the file again") from None


def _text(path: Path) -> str:
    with encodings.opened(path) as stream:
        return stream.read()


def _table(text: str, separator: str, *, quoting: Literal[0, 3]) -> pd.DataFrame:
    if not text.strip("\ufeff \r\n"):
        return pd.DataFrame()
    frame = pd.read_csv(
        StringIO(text, newline=""), sep=separator, quoting=quoting, dtype=str, keep_default_na=False
    )
    if not isinstance(frame.index, pd.RangeIndex):  # pandas took the first values for an index
        raise ValueError(f"the rows have more values than the header's {len(frame.columns)}")
    return frame


def _tabs(text: str) -> pd.DataFrame:
    """Return tab-separated cells; quotation marks only rule where lines alone are no rows.

    Many such files quote nothing, and a text that begins with a quotation mark must not swallow the
    rows after it.
    """
    widths = {line.count("\t") for line in text.splitlines() if line.strip()}
    if len(widths) > 1:
        return _table(text, "\t", quoting=csv.QUOTE_MINIMAL)
    return _table(text, "\t", quoting=csv.QUOTE_NONE).map(_unquoted)


def _unquoted(cell: object) -> object:
    if not isinstance(cell, str) or len(cell) < 2 or not cell[0] == cell[-1] == '"':
        return cell
    inner = cell[1:-1]
    return cell if '"' in inner.replace('""', "") else inner.replace('""', '"')


def _objects(path: Path) -> pd.DataFrame:
    with encodings.opened(path) as stream:
        rows = list(lines.json_rows(stream))
    for row in rows:
        if row.wrong:
            raise Invalid(f"{path.name} line {row.number}: {row.wrong}")
    return pd.DataFrame([row.told for row in rows], dtype=object)


def _cell(value: object) -> str:
    """Return a cell as text: 1 and 1.0 are one label, whichever type a file gave it."""
    if isinstance(value, list | dict | np.ndarray):
        raise ValueError(f"a cell holds {value!r}, which is no single value")
    if value is pd.NA or lines.is_missing(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
