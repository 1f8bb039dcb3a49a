"""Annotate every report that this version of the text models has not read yet.

Reports that say nearly the same are put in clusters, the same for every version.
What was read before stays; an interrupted run goes on where it stopped.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.progress import track

from features import retold
from features.judgements import Annotation
from features.records import Report
from features.store import Store
from models.text.annotate import Annotator
from models.text.duplicates.clusters import Clusters

BATCH = 2_000
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Annotated:
    """What a run did: reports read now, and how many were relevant, uncertain or read before."""

    version: str
    read: int
    relevant: int
    uncertain: int
    already: int


def annotate(store: Store, annotator: Annotator, *, batch: int = BATCH) -> Annotated:
    """Append this version's annotations of all reports it has not read; return the counts.

    A corrected report is read again. Each batch is one transaction.
    """
    reports = _reports(store)
    unread = _unread(store, reports, version=annotator.version)
    clusters = _clusters(store) if unread else Clusters()
    relevant = uncertain = 0
    for some in track(list(_batches(unread, batch)), description="annotate"):
        annotations = clusters.marked(annotator.annotate(some))
        store.append(annotations)
        relevant += sum(annotation.relevant for annotation in annotations)
        uncertain += sum(bool(annotation.uncertain) for annotation in annotations)
    logger.info("annotate %s: %d of %d reports read", annotator.version, len(unread), len(reports))
    already = len(reports) - len(unread)
    return Annotated(annotator.version, len(unread), relevant, uncertain, already)


def _reports(store: Store) -> list[Report]:
    _, records = store.after("reports", 0)
    return [record for record in records if isinstance(record, Report)]


def _clusters(store: Store) -> Clusters:
    """Return the clusters of all reports there are."""
    _, told, marks = retold.since(store, retold.Seen())
    clusters = Clusters()
    clusters.take(told, marks)
    return clusters


def _unread(store: Store, reports: Sequence[Report], *, version: str) -> list[Report]:
    """Return the versions of reports that have no annotation of this version."""
    read = _read(store, version)
    return [report for report in reports if (report.report_id, report.known_at) not in read]


def _read(store: Store, version: str) -> set[tuple[str, datetime]]:
    """Return the report and the moment of each annotation of this version."""
    _, records = store.after("annotations", 0)
    return {
        (record.report_id, record.known_at)
        for record in records
        if isinstance(record, Annotation) and record.model_version == version
    }


def _batches(reports: Sequence[Report], size: int) -> Iterator[Sequence[Report]]:
    for start in range(0, len(reports), size):
        yield reports[start : start + size]
