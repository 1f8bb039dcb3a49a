"""Retold: the reports that a store learned, and the clusters that they were put in before."""

from typing import NamedTuple

from features.marks import Mark, Told
from features.records import reading
from features.store import Store

REPORT = ("report_id", "channel", "known_at", "title", "text")
MARK = ("report_id", "cluster_id", "cluster_size", "flood")


class Seen(NamedTuple):
    """The sequence numbers that were read so far."""

    annotations: int = 0
    reports: int = 0


def since(store: Store, seen: Seen) -> tuple[Seen, list[Told], dict[str, Mark]]:
    """Return what was seen now, the reports that came since, and marks that were stored since.

    Where versions of the text models differ, the mark that was stored first stands.
    """
    # Annotations first: the report of each is then sure to be among the reports.
    annotations, read = store.values("annotations", MARK, after=seen.annotations)
    reports, came = store.values("reports", REPORT, after=seen.reports)
    marks: dict[str, Mark] = {}
    for report_id, cluster_id, size, flood in read:
        if cluster_id is not None:
            marks.setdefault(report_id, Mark(cluster_id, size, bool(flood)))
    told = [
        Told(name, channel, at, reading(title, text)) for name, channel, at, title, text in came
    ]
    return Seen(annotations, reports), told, marks
