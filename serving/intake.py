"""The intake: a report in, masked before it is stored, and read by the text models at once.

Reports are stored first and their readings after, because only the store says which of several
processes heard a thing first. What is lost in between is read when the report is sent again, or by
the next ``annotate``.
"""

import logging
from collections.abc import Sequence

from features.errors import Conflict
from features.judgements import Annotation
from features.records import Report
from features.rows import content
from features.store import Store
from models.text import privacy
from serving.watch import Watch

TEXTS = ("title", "text", "url")
logger = logging.getLogger(__name__)


def receive(reports: Sequence[Report], *, store: Store, watch: Watch) -> list[Annotation]:
    """Return what was read in each report, in order; reports are stored, then their readings.

    A report that is known already stays as it is; ``Conflict`` where it is known to say other.
    """
    masked = [mask(report) for report in reports]
    told = _different(masked)
    known = {kept.fact_id: kept for kept in store.select("reports", "report_id", values=list(told))}
    for name, kept in known.items():
        if content(kept) != content(told[name]):
            raise _conflict(name)
    new = [report for name, report in told.items() if name not in known]
    annotator = watch.annotator
    # A report that was stored when it came keeps the moment at which it was learned.
    standing = told | known
    read = annotator.annotate([r for r in standing.values() if isinstance(r, Report)])
    store.append(new)
    read = watch.retelling.marked(read)
    store.append(read)
    logger.info("received %d reports, %d new", len(reports), len(new))
    by_report = {annotation.report_id: annotation for annotation in read}
    return [by_report[report.report_id] for report in reports]


def mask(report: Report) -> Report:
    """Return the report without personal data."""
    told = {name: getattr(report, name) for name in TEXTS}
    return report.model_copy(update={k: privacy.mask(v) for k, v in told.items() if v is not None})


def _different(reports: Sequence[Report]) -> dict[str, Report]:
    different: dict[str, Report] = {}
    for report in reports:
        first = different.setdefault(report.report_id, report)
        if content(first) != content(report):
            raise _conflict(report.report_id)
    return different


def _conflict(report_id: str) -> Conflict:
    return Conflict(
        f"report_id {report_id!r} is already known with other content; "
        "send what was sent first, or give the new report an id of its own"
    )
