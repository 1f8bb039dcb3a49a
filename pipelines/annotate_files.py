"""Annotate the reports of a directory of exchange tables, into a file beside them.

They are read, checked and masked as ``ingest`` does it, through a store of their own. An
interrupted run goes on where it stopped and ends with the file of an uninterrupted one.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

from features import exchange, files
from features.errors import Invalid
from features.store import Store
from models.text.annotate import Annotator
from pipelines import annotation_file
from pipelines.annotate import Annotated, annotate_unread
from pipelines.ingest import Ingested, Load, load_files, progress
from pipelines.load import why

BATCH = 500  # reports that a killed run reads again at most


@dataclass(frozen=True)
class AnnotatedFiles:
    """The file of annotations, what this run added to it, and what became of the rows."""

    path: Path
    annotated: Annotated
    ingested: Ingested


def annotate_files(
    directory: Path,
    annotator: Annotator,
    *,
    now: datetime,
    zone: tzinfo | None = None,
    out: Path | None = None,
) -> AnnotatedFiles:
    """Append the annotations of reports that this version has not read; return what was done.

    They go to ``annotations-VERSION.jsonl`` in the folder ``out``, else in the directory, and
    rejected rows to ``rejected/reports.jsonl`` there. What is in the file stays as it is: a report
    is read again when it is told with a later ``known_at``. ``Invalid`` without any usable report.
    """
    parts, folder = _reports(directory), out or directory
    if folder.resolve().is_relative_to((directory / "reports").resolve()):
        raise Invalid(f"what is written to {folder} would be read as reports; name another folder")
    path = annotation_file.place(folder, annotator.version)
    with annotation_file.opened(path, annotator.version) as kept, _aside() as store:
        with progress() as bar:
            load = Load(store, now, zone, bar)
            ingested = load_files({"reports": parts}, load, folder=folder / "rejected")
        _check(ingested, directory)
        annotated = annotate_unread(
            store, annotator, before=kept.before, keep=kept.append, batch=BATCH
        )
    others = [one for one in exchange.overlooked(directory) if not annotation_file.is_one(one)]
    return AnnotatedFiles(path, annotated, replace(ingested, overlooked=tuple(others)))


def _reports(directory: Path) -> list[Path]:
    """Return the files of a directory's reports."""
    found = exchange.found(directory)
    if "reports" not in found:
        names = ", ".join(f"reports{suffix}" for suffix in files.SUFFIXES)
        raise Invalid(f"{directory} has no reports; name the file one of {names}")
    return found["reports"]


def _check(ingested: Ingested, directory: Path) -> None:
    counts = ingested.tables["reports"]
    if not counts.read and not ingested.refused:
        raise Invalid(f"{directory} has an empty reports table; there is nothing to annotate")
    if not counts.added:
        raise Invalid(f"{directory} has no usable reports: {why(ingested)}")


@contextmanager
def _aside() -> Iterator[Store]:
    """Return an empty store that is gone afterwards."""
    with (
        TemporaryDirectory() as folder,
        closing(Store.open(f"sqlite:///{folder}/reports.db")) as store,
    ):
        yield store
