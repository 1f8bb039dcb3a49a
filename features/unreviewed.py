"""Unreviewed: the newest reports that no person has judged yet, and those that someone has."""

from datetime import datetime
from typing import NamedTuple

from features.judgements import Annotation, Review
from features.records import Report
from features.store import Store

MOST = 2_000  # reports that are looked at
PAGES = 10  # times as many, of which most may have been judged
LABELLED = 5_000


class Unreviewed(NamedTuple):
    """A report, what a version of the text models read in it, and others in the same words."""

    report: Report
    annotation: Annotation
    others: tuple[Annotation, ...]


class Reviewed(NamedTuple):
    """The reports that people judged, the clusters these stand for, and which they labelled."""

    reports: frozenset[str]
    clusters: frozenset[str]
    labelled: frozenset[str]

    def covers(self, annotation: Annotation) -> bool:
        """Return whether the report or one that says nearly the same was judged."""
        return annotation.report_id in self.reports or annotation.cluster_id in self.clusters


def unreviewed(store: Store, *, version: str, most: int = MOST) -> list[Unreviewed]:
    """Return the newest reports that a version read and nobody judged, newest first."""
    judged = reviewed(store)
    found: list[Annotation] = []
    for page in range(PAGES):
        told = store.latest(
            "annotations", limit=most, offset=page * most, equal={"model_version": version}
        )
        read = [a for a in told if isinstance(a, Annotation)]
        found += [a for a in read if not judged.covers(a)]
        if len(told) < most or len(found) >= most:
            break
    return _whole(store, found[:most], version=version)


def reviewed(store: Store) -> Reviewed:
    """Return what people judged so far; what was dismissed last is judged and not labelled."""
    _, kept = store.after("reviews", 0)
    said = [r for r in kept if isinstance(r, Review) and r.subject == "annotation"]
    found = store.select("annotations", "fact_id", values=[r.subject_id for r in said])
    read = {a.fact_id: a for a in found if isinstance(a, Annotation)}
    in_order = sorted(said, key=lambda r: (r.known_at, r.review_id))
    last = {read[r.subject_id].report_id: r.verdict for r in in_order if r.subject_id in read}
    return Reviewed(
        reports=frozenset(last),
        clusters=frozenset(a.cluster_id for a in read.values() if a.cluster_id),
        labelled=frozenset(name for name, verdict in last.items() if verdict != "dismiss"),
    )


def labelled(store: Store, *, most: int = LABELLED) -> list[Report]:
    """Return the reports that people labelled, and the newest that tell their own category."""
    people = store.select("reports", "report_id", values=sorted(reviewed(store).labelled))
    newest = store.latest("reports", limit=most)
    told = [r for r in newest if isinstance(r, Report) and r.category]
    return [*(r for r in people if isinstance(r, Report)), *told]


def _whole(store: Store, read: list[Annotation], *, version: str) -> list[Unreviewed]:
    names = [annotation.report_id for annotation in read]
    found = store.select("reports", "report_id", values=names)
    reports = {r.fact_id: r for r in found if isinstance(r, Report)}
    others: dict[tuple[str, datetime], list[Annotation]] = {}
    for annotation in store.select("annotations", "report_id", values=names):
        if isinstance(annotation, Annotation) and annotation.model_version != version:
            others.setdefault((annotation.report_id, annotation.known_at), []).append(annotation)
    return [
        Unreviewed(reports[a.report_id], a, tuple(others.get((a.report_id, a.known_at), ())))
        for a in read
        if a.report_id in reports
    ]
