"""Annotate every report that this version of the text models has not read yet.

Reports that say nearly the same are put in clusters, the same for every version.
What was read before stays; an interrupted run goes on where it stopped.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from features import retold
from features.judgements import Annotation
from features.marks import Mark
from features.records import Report
from features.store import Store
from models.text.annotate import Annotator
from models.text.duplicates.clusters import Clusters
from pipelines.ingest import progress

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


class Before(NamedTuple):
    """What a version read before: of which report, as known when; and the clusters it wrote."""

    read: Collection[tuple[str, datetime]] = ()
    marks: Mapping[str, Mark] = MappingProxyType({})


def annotate(store: Store, annotator: Annotator, *, batch: int = BATCH) -> Annotated:
    """Append this version's annotations of all reports it has not read; return the counts.

    A corrected report is read again. Each batch is one transaction.
    """
    before = Before(_read(store, annotator.version))
    return annotate_unread(store, annotator, before=before, keep=store.append, batch=batch)


def annotate_unread(
    store: Store,
    annotator: Annotator,
    *,
    before: Before,
    keep: Callable[[Sequence[Annotation]], object],
    batch: int = BATCH,
) -> Annotated:
    """Annotate a store's reports that were not read before; ``keep`` gets each batch as it comes.

    Reports come in the order in which they were stored.
    """
    reports = _reports(store)
    unread = [
        report for report in reports if (report.report_id, report.known_at) not in before.read
    ]
    already = len(reports) - len(unread)
    clusters = _clusters(store, before.marks) if unread else Clusters()
    relevant = uncertain = 0
    with progress() as bar:
        task = bar.add_task("annotate", total=len(reports), completed=already)
        for some in _batches(unread, batch):
            annotations = clusters.marked(annotator.annotate(some))
            keep(annotations)
            relevant += sum(annotation.relevant for annotation in annotations)
            uncertain += sum(bool(annotation.uncertain) for annotation in annotations)
            bar.advance(task, len(some))
    logger.info("annotate %s: %d of %d reports read", annotator.version, len(unread), len(reports))
    return Annotated(annotator.version, len(unread), relevant, uncertain, already)


def _reports(store: Store) -> list[Report]:
    _, records = store.after("reports", 0)
    return [record for record in records if isinstance(record, Report)]


def _clusters(store: Store, marks: Mapping[str, Mark]) -> Clusters:
    """Return the clusters of all reports there are."""
    _, told, stored = retold.since(store, retold.Seen())
    clusters = Clusters()
    clusters.take(told, {**marks, **stored})
    return clusters


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
