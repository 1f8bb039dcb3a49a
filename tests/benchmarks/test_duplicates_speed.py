"""How long a million complaints take to be put in clusters, on one core, and how rightly.

One complaint in ten is a copy: exact, introduced, added to, cut to three quarters, or mistyped. The
others share an opening, an event and an ending with thousands. Memory is what the process holds
more than before, peak included.
"""

import resource
import time

import psutil
import pytest

from models.text.duplicates.clusters import Clusters
from tests.benchmarks.copying import precision_recall, written
from tests.benchmarks.readings import show

pytestmark = pytest.mark.benchmark
REPORTS, PART, ONLINE = 1_000_000, 50_000, 500


def test_a_million_complaints() -> None:
    copied = written(REPORTS, seed=1)
    clusters = Clusters()
    before = psutil.Process().memory_info().rss
    start = time.process_time()
    for first in range(0, REPORTS, PART):
        clusters.take(copied.told[first : first + PART], {})
    took = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    found = {name: str(clusters.mark(name).cluster_id) for name in copied.truth}
    precision, recall = precision_recall(copied.truth, found)
    more = [one._replace(report_id=f"+{one.report_id}") for one in copied.told[-ONLINE:]]
    start = time.process_time()
    for one in more:
        clusters.take([one], {})
    online = (time.process_time() - start) / ONLINE
    length = sum(len(one.text) for one in copied.told) / REPORTS
    show(
        f"Clusters of {REPORTS:,} complaints of {length:.0f} characters",
        {
            "clusters": {
                "CPU s": took,
                "texts/s": REPORTS / took,
                "peak MiB": peak / 2**20,
                "precision of pairs": precision,
                "recall of pairs": recall,
                "ms for one more": online * 1000,
            }
        },
    )
    assert precision > 0.99
    assert recall > 0.95
    assert online < 0.010
