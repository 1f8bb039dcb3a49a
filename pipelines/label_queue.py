"""The label queue: which annotated reports a person should judge next, and why."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from features.errors import NotReady
from features.records import Report, beginning
from features.store import Store
from features.unreviewed import has_read, labelled, unreviewed
from models.text import labelling
from models.text.annotate import Annotator
from models.text.labelling import Pick
from models.text.suspects import Suspect

logger = logging.getLogger(__name__)


class Asked(NamedTuple):
    """A report that a person should judge: its channel, why, and how it begins (masked)."""

    report_id: str
    channel: str
    score: float
    reasons: tuple[str, ...]  # in Chinese
    reasons_en: tuple[str, ...]
    text: str


def label_queue(
    store: Store, annotator: Annotator, *, suspects: Sequence[Suspect] = (), limit: int
) -> list[Asked]:
    """Return at most ``limit`` reports that nobody judged, the most instructive first.

    Only what this version of the text models read is ranked; none where all of it was judged or
    would teach nothing. ``NotReady`` where it has read nothing yet.
    """
    named = [suspect.report_id for suspect in suspects]
    told = unreviewed(store, version=annotator.version, named=named)
    if not told and not has_read(store, annotator.version):
        raise NotReady(
            f"{annotator.version} has read no report yet ({store.count('reports')} are stored); "
            "load some with `yujing ingest` and read them with `yujing annotate`"
        )
    picks = labelling.queue(
        told, labelled(store), annotator=annotator, suspects=suspects, limit=limit
    )
    logger.info("label-queue: %d of %d unjudged reports", len(picks), len(told))
    reports = {one.report.report_id: one.report for one in told}
    return [_asked(pick, reports[pick.unread.report_id]) for pick in picks]


def _asked(pick: Pick, report: Report) -> Asked:
    return Asked(
        report.report_id,
        report.channel,
        round(pick.score, 4),
        tuple(lesson.zh for lesson in pick.lessons),
        tuple(lesson.en for lesson in pick.lessons),
        beginning(report.text),
    )
