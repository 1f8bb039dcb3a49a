"""Unreviewed: the newest reports that no person has judged yet, and those that someone has."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
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


class Verdict(NamedTuple):
    """What a person said last of a report; the later of two is the greater."""

    known_at: datetime
    review_id: str
    verdict: str

    @classmethod
    def of(cls, review: Review) -> "Verdict":
        """Return the verdict of a review."""
        return cls(review.known_at, review.review_id, review.verdict)


NO_VERDICTS: Mapping[str, Verdict] = MappingProxyType({})


class Reviewed(NamedTuple):
    """The last verdict on each report that people judged, and the clusters these stand for.

    ``sequence``: the newest review that was looked at.
    """

    last: Mapping[str, Verdict] = NO_VERDICTS
    clusters: frozenset[str] = frozenset()
    sequence: int = 0

    @property
    def labelled(self) -> list[str]:
        """The reports that people labelled, by when they did; what was dismissed last is not."""
        told = sorted((verdict, name) for name, verdict in self.last.items())
        return [name for verdict, name in told if verdict.verdict != "dismiss"]

    def covers(self, annotation: Annotation) -> bool:
        """Return whether the report or one that says nearly the same was judged."""
        return annotation.report_id in self.last or annotation.cluster_id in self.clusters


NOTHING = Reviewed()


def unreviewed(
    store: Store,
    *,
    version: str,
    judged: Reviewed | None = None,
    most: int = MOST,
    named: Collection[str] = (),
) -> list[Unreviewed]:
    """Return the newest reports that a version read and nobody judged, newest first.

    ``judged`` is ``reviewed(store)`` where the caller has it already. Reports that are ``named``
    follow, however old, where they are as unjudged.
    """
    judged = judged or reviewed(store)
    found: list[Annotation] = []
    for page in range(PAGES):
        told = store.latest(
            "annotations", limit=most, offset=page * most, equal={"model_version": version}
        )
        read = [a for a in told if isinstance(a, Annotation)]
        found += [a for a in read if not judged.covers(a)]
        if len(told) < most or len(found) >= most:
            break
    newest = found[:most]
    wanted = set(named).difference(a.report_id for a in newest)
    kept = store.select("annotations", "fact_id", values=[f"{n}@{version}" for n in sorted(wanted)])
    older = [a for a in kept if isinstance(a, Annotation) and not judged.covers(a)]
    return _whole(store, [*newest, *older], version=version)


def reviewed(store: Store, *, since: Reviewed = NOTHING) -> Reviewed:
    """Return what people judged so far; only the reviews that came after ``since`` are read."""
    sequence, kept = store.after("reviews", since.sequence)
    said = [r for r in kept if isinstance(r, Review) and r.subject == "annotation"]
    found = store.select("annotations", "fact_id", values=[r.subject_id for r in said])
    read = {a.fact_id: a for a in found if isinstance(a, Annotation)}
    last = dict(since.last)
    for review in (r for r in said if r.subject_id in read):
        name, own = read[review.subject_id].report_id, Verdict.of(review)
        last[name] = max(last.get(name, own), own)
    return Reviewed(
        last=last,
        clusters=since.clusters.union(a.cluster_id for a in read.values() if a.cluster_id),
        sequence=sequence,
    )


def has_read(store: Store, version: str) -> bool:
    """Return whether a version of the text models has read any report at all."""
    return bool(store.latest("annotations", limit=1, equal={"model_version": version}))


def labelled(store: Store, *, judged: Reviewed | None = None, most: int = LABELLED) -> list[Report]:
    """Return the reports that people labelled, and the newest that tell their own category.

    The last ``most`` of the first, and those among the newest ``most`` reports.
    """
    names = (judged or reviewed(store)).labelled[-most:]
    people = store.select("reports", "report_id", values=names)
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
