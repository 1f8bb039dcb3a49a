"""The agenda: reports whose reading waits for a person, ranked as the label queue ranks them.

Ranking reads the words of hundreds of reports, so what was ranked stands until anything is stored
that could change it, or until another text model is in office.
"""

from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple

from features.judgements import Annotation
from features.records import Report
from features.store import Store
from features.unreviewed import (
    NOTHING,
    Unreviewed,
    has_read,
    labelled,
    reviewed,
    unreviewed,
)
from models.text import labelling
from models.text.annotate import Annotator
from models.text.labelling import Pick
from models.text.suspects import Suspect

NEWEST = 300  # unjudged reports that are ranked; the command's 2,000 would keep a page waiting
LABELLED = 1_000  # labelled ones whose words are known
DECIDING = ("annotations", "reports", "reviews")
Doubts = tuple[Suspect, ...]
Key = tuple[str, Doubts, int, tuple[int, ...]]


class Waiting(NamedTuple):
    """A report to judge: why, how many say nearly the same by now, and whether they flood."""

    report: Report
    reasons: tuple[str, ...]  # in Chinese
    cluster_size: int
    is_flood: bool


class Ranked(NamedTuple):
    """The reports to judge next, the most instructive first, of so many unjudged ones.

    older: how many more were ranked because what they are filed as is doubted.
    """

    rows: tuple[Waiting, ...]
    unjudged: int
    older: int
    is_read: bool  # whether this version of the text models has read any report at all


class Agenda:
    """What waits for a person. Safe to share between threads: one ranks, the others wait."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._key: Key | None = None
        self._judged = NOTHING
        self._ranked = Ranked((), 0, 0, False)

    def ranked(self, annotator: Annotator, *, suspects: Doubts = (), limit: int) -> Ranked:
        """Return at most ``limit`` of the newest ``NEWEST`` reports that nobody judged.

        Those that ``suspects`` name are ranked too, however old.
        """
        with self._lock:
            positions = tuple(self._store.position(table) for table in DECIDING)
            key = (annotator.version, suspects, limit, positions)
            if key != self._key:
                self._judged = reviewed(self._store, since=self._judged)
                self._ranked = self._rank(annotator, suspects=suspects, limit=limit)
                self._key = key
            return self._ranked

    def _rank(self, annotator: Annotator, *, suspects: Doubts, limit: int) -> Ranked:
        store, judged, version = self._store, self._judged, annotator.version
        named = [suspect.report_id for suspect in suspects]
        told = unreviewed(store, version=version, judged=judged, most=NEWEST, named=named)
        known = labelled(store, judged=judged, most=LABELLED)
        picks = labelling.queue(told, known, annotator=annotator, suspects=suspects, limit=limit)
        return Ranked(
            rows=tuple(_waiting(picks, told)),
            unjudged=min(len(told), NEWEST),
            older=max(0, len(told) - NEWEST),
            is_read=bool(told) or has_read(store, version),
        )


def _waiting(picks: Iterable[Pick], told: Iterable[Unreviewed]) -> Iterable[Waiting]:
    reports: dict[str, Report] = {}
    alike: dict[str, list[Annotation]] = {}
    for report, annotation, _ in told:
        reports[report.report_id] = report
        alike.setdefault(annotation.cluster_id or report.report_id, []).append(annotation)
    for pick in picks:
        name = pick.unread.report_id
        copies = alike[pick.unread.annotation.cluster_id or name]
        yield Waiting(
            report=reports[name],
            reasons=tuple(lesson.zh for lesson in pick.lessons),
            cluster_size=max(copy.cluster_size for copy in copies),
            is_flood=any(copy.flood for copy in copies),
        )
