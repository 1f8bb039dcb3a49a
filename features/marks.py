"""Marks: which cluster of near-duplicates a report is in, and what is compared to say so."""

from typing import NamedTuple


class Mark(NamedTuple):
    """The cluster of a report as of when it was known, as ``Annotation`` has it."""

    cluster_id: str | None
    cluster_size: int = 1
    flood: bool = False


class Told(NamedTuple):
    """A report as it is compared: ``known`` in milliseconds, ``text`` its masked reading."""

    report_id: str
    channel: str
    known: int
    text: str
