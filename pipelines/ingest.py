"""Load exchange tables into the store: the good rows are kept, the others written out with why.

Personal data in reports is masked before anything is stored. A load that was killed is simply run
again: what is there already stays as it is.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

import orjson
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from features import exchange, files
from features.errors import Invalid, NotReady
from features.exchange import Row
from features.records import EXCHANGED, Inspection, Record, Report
from features.rows import content
from features.store import Store
from models.text import privacy

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one table: read = added + unchanged + rejected."""

    read: int = 0
    added: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*map(sum, zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Ingested:
    """What a load did."""

    tables: dict[str, Counts]
    refused: tuple[str, ...]  # files of which nothing (more) was read, and why
    overlooked: tuple[Path, ...]  # files that look like a table but have no table's name
    rejected: tuple[Path, ...]  # files with the rejected rows and their reasons


@dataclass(frozen=True)
class Load:
    """What all rows of one load have in common, and what they leave behind."""

    store: Store
    now: datetime
    zone: tzinfo | None
    progress: Progress
    undated: dict[str, str] = field(default_factory=dict)  # content of facts without ``known_at``


def ingest(
    directory: Path,
    store: Store,
    *,
    now: datetime,
    zone: tzinfo | None = None,
    rejected: Path | None = None,
) -> Ingested:
    """Load every exchange table of a directory; loading it again adds nothing.

    Rejected rows are written to ``rejected/TABLE.jsonl`` beside the input, or in the folder
    ``rejected``, in place of those of the last load. Moments without a zone are of ``zone``.
    ``Invalid`` when the directory has no exchange table.
    """
    found = exchange.found(directory)
    if not found:
        raise Invalid(f"{directory} has no exchange table; name files {', '.join(EXCHANGED)}")
    paths = {table: found.get(table, []) for table in EXCHANGED}
    with progress() as bar:
        load = Load(store, now, zone, bar)
        done = load_files(paths, load, folder=rejected or directory / "rejected")
    return replace(done, overlooked=tuple(exchange.overlooked(directory)))


def load_files(paths: Mapping[str, Sequence[Path]], load: Load, *, folder: Path) -> Ingested:
    """Load the files of each table in the order given; rejected rows go to ``folder``.

    Those of an earlier load are replaced, also for a table that has no file now.
    """
    tables, refused = {}, []
    for table, parts in paths.items():
        tables[table], reasons = _table(load, table, paths=parts, folder=folder)
        refused += reasons
    return Ingested(
        {table: counts for table, counts in tables.items() if paths[table]},
        refused=tuple(refused),
        overlooked=(),
        rejected=tuple(folder / f"{table}.jsonl" for table in paths if tables[table].rejected),
    )


def progress() -> Progress:
    """Return a bar that is gone when its work is done; programs read the output without it."""
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _table(
    load: Load, table: str, *, paths: Sequence[Path], folder: Path
) -> tuple[Counts, list[str]]:
    """Return what became of one table's rows, and why files of it were refused."""
    counts, refused = Counts(), []
    with TemporaryFile() as rejects:
        for path in paths:
            some, reason = _file(load, table, path=path, rejects=rejects)
            counts += some
            refused += [reason] if reason else []
        _publish(rejects, folder / f"{table}.jsonl")
    if paths:
        logger.info("ingest %s: %s, %d files refused", table, counts, len(refused))
    return counts, refused


def _file(load: Load, table: str, *, path: Path, rejects: IO[bytes]) -> tuple[Counts, str]:
    """Return what became of one file's rows, and why it was refused, if it was."""
    counts = Counts()
    try:
        for rows in _batches(load, table, path=path):
            some, bad = _take(load, table, rows=rows)
            counts += some
            _write(rejects, path.name, rows=bad)
    except Invalid as error:
        return counts, str(error)
    return counts, ""


def _batches(load: Load, table: str, *, path: Path) -> Iterator[list[Row]]:
    task = load.progress.add_task(path.name, total=files.length(path))
    for rows in exchange.read(path, table, now=load.now, zone=load.zone):
        yield rows
        load.progress.advance(task, len(rows))


def _take(load: Load, table: str, *, rows: list[Row]) -> tuple[Counts, list[Row]]:
    """Append one batch in one transaction; return the counts and the rejected rows."""
    if table == "inspections":
        rows = _of_declarations(load.store, rows)
    if EXCHANGED[table].LEARNED == "known_at":
        rows = _told_once(load.undated, rows)
    said = _said(load.store, table, rows=rows)
    good = [row for row in rows if row.fact and row.number not in said]
    appended = load.store.append([_masked(row.fact) for row in good if row.fact])
    conflicts = [_rejected(good[c.position], c.reason) for c in appended.conflicts]
    bad = sorted([row for row in rows if not row.fact] + conflicts, key=lambda row: row.number)
    return Counts(len(rows), appended.added, appended.unchanged + len(said), len(bad)), bad


def _of_declarations(store: Store, rows: list[Row]) -> list[Row]:
    """Return inspections; those of a declaration that nobody declared are rejected."""
    ids = [row.fact.declaration_id for row in rows if isinstance(row.fact, Inspection)]
    present = store.present("declarations", ids)
    return [_of_known(row, present) for row in rows]


def _of_known(row: Row, present: set[str]) -> Row:
    if not isinstance(row.fact, Inspection) or row.fact.declaration_id in present:
        return row
    name = row.fact.declaration_id
    return _rejected(row, f"declaration_id {name!r} is in no declaration; load that one first")


def _rejected(row: Row, reason: str) -> Row:
    return row._replace(fact=None, reason=reason)


def _told_once(undated: dict[str, str], rows: list[Row]) -> list[Row]:
    """Return rows; one that contradicts an earlier row is rejected when neither has a date."""
    return [
        _rejected(row, f"{row.fact.fact_id!r} is told twice; give each row its known_at")
        if _is_undated(row)
        and row.fact
        and undated.setdefault(row.fact.fact_id, content(row.fact)) != content(row.fact)
        else row
        for row in rows
    ]


def _said(store: Store, table: str, *, rows: Sequence[Row]) -> set[int]:
    """Return the numbers of undated rows that tell nothing new."""
    undated = [row for row in rows if _is_undated(row)]
    known = store.says(table, [row.fact for row in undated if row.fact])
    return {row.number for row, is_known in zip(undated, known, strict=True) if is_known}


def _is_undated(row: Row) -> bool:
    """Return whether a row does not say when it was learned, so that ``now`` had to do."""
    return row.fact is not None and row.fact.LEARNED == "known_at" and "known_at" not in row.told


def _masked(fact: Record) -> Record:
    """Return a report without personal data; any other fact as it is."""
    if not isinstance(fact, Report):
        return fact
    texts = {"title": fact.title, "text": fact.text, "url": fact.url}
    return fact.model_copy(update={k: privacy.mask(v) for k, v in texts.items() if v is not None})


def _write(rejects: IO[bytes], name: str, *, rows: Sequence[Row]) -> None:
    for row in rows:
        line = {"file": name, "row": row.number, "reason": row.reason, "values": row.told}
        rejects.write(orjson.dumps(line, default=str, option=orjson.OPT_APPEND_NEWLINE))


def _publish(rejects: IO[bytes], path: Path) -> None:
    """Put the rejected rows at their place, whole or not at all; none leave no file."""
    try:
        if rejects.tell() == 0 and path.exists():
            path.unlink()
        if rejects.tell() == 0:
            return
        rejects.seek(0)
        with files.replacing(path) as stream:
            copyfileobj(rejects, stream)
    except OSError as error:
        raise NotReady(
            f"rejected rows cannot be written to {path}: {error}; give another folder"
        ) from error
