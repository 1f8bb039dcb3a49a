"""Annotation file: one version's annotations as JSON lines, in a file that only grows.

Every batch is on the disk before the next is read. What a killed run left of a line is cut off.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import FileIO
from pathlib import Path

from pydantic import ValidationError

from features.errors import Conflict, Invalid, NotReady
from features.judgements import Annotation
from features.marks import Mark
from pipelines.annotate import Before

PLACE = "name another folder with --out"
AGAIN = "what was written stands; make room, then run this again to go on"


def place(folder: Path, version: str) -> Path:
    """Return where a version's annotations are; each version has a file of its own."""
    return folder / f"annotations-{version}.jsonl"


def is_one(path: Path) -> bool:
    """Return whether a file has the name of an annotation file."""
    return path.name.startswith("annotations-") and path.suffix == ".jsonl"


class AnnotationFile:
    """A file that is held open by one run; ``before`` is what it held when it was opened."""

    def __init__(self, path: Path, stream: FileIO, before: Before) -> None:
        self.path = path
        self.before = before
        self._stream = stream

    def append(self, annotations: Sequence[Annotation]) -> None:
        """Write annotations, a line each, and wait until they are on the disk."""
        lines = (annotation.model_dump_json(exclude={"x"}) + "\n" for annotation in annotations)
        left = memoryview("".join(lines).encode())
        with _writable(self.path, AGAIN):
            while left:
                left = left[self._stream.write(left) :]
            os.fsync(self._stream.fileno())


@contextmanager
def opened(path: Path, version: str) -> Iterator[AnnotationFile]:
    """Open a version's file to go on with it; it and its folder are made where missing.

    ``NotReady`` where it cannot be written, ``Conflict`` while another run writes it, ``Invalid``
    where a whole line is no annotation of this version. A file without a line is taken away.
    """
    with _writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = FileIO(path, "a")
    with stream:
        _hold(path, stream)
        with _writable(path):
            before, size = _before(path, version)
            stream.truncate(size)
        try:
            yield AnnotationFile(path, stream, before)
        finally:
            _drop_empty(path)


def _drop_empty(path: Path) -> None:
    if path.stat().st_size == 0:
        path.unlink()


def _hold(path: Path, stream: FileIO) -> None:
    """Keep other runs out; the system lets go of the file also when this one is killed."""
    with _writable(path):
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"{path} is being written by another run; wait until it ends") from None


@contextmanager
def _writable(path: Path, remedy: str = PLACE) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotReady(
            f"annotations cannot be written to {path}: {error.strerror}; {remedy}"
        ) from error


def _before(path: Path, version: str) -> tuple[Before, int]:
    """Return what a file holds, and how many bytes of it are whole lines."""
    read: set[tuple[str, datetime]] = set()
    marks: dict[str, Mark] = {}
    size = 0
    for number, line in enumerate(_whole(path), 1):
        size += len(line)
        one = _annotation(line, version, place=f"{path} line {number}")
        read.add((one.report_id, one.known_at))
        if one.cluster_id is not None:
            marks.setdefault(one.report_id, Mark(one.cluster_id, one.cluster_size, one.flood))
    return Before(read, marks), size


def _whole(path: Path) -> Iterator[bytes]:
    """Return a file's lines; one without an end, which can only be the last, is none."""
    with path.open("rb") as lines:
        yield from (line for line in lines if line.endswith(b"\n"))


def _annotation(line: bytes, version: str, *, place: str) -> Annotation:
    remedy = f"no annotation of {version}; take the file away, or name another folder with --out"
    try:
        one = Annotation.model_validate_json(line)
    except ValidationError:
        raise Invalid(f"{place} is {remedy}") from None
    if one.model_version != version:
        raise Invalid(f"{place} is of {one.model_version}, {remedy}")
    return one
