"""How rightly complaints of the sample world's grammar are put in clusters, by edit distance.

The complaints of one register have few clauses to choose from, so that different people often say
nearly the same: harder than complaints with words of their own.
"""

import pytest

from models.text.duplicates.clusters import SHORT, Clusters
from models.text.duplicates.shingles import bare
from tests.benchmarks.copying import precision_recall
from tests.benchmarks.readings import show
from tests.benchmarks.reposting import Retold, retold

pytestmark = pytest.mark.benchmark
BOUNDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0)  # of the edit distance, the upper one closed
SEED = 7


def test_complaints_of_a_grammar() -> None:
    made = retold(seed=SEED)
    clusters = Clusters()
    clusters.take(made.told, {})
    found = {name: str(clusters.mark(name).cluster_id) for name in made.truth}
    rows = _by_distance(made, found)
    show(f"Copies of {len(made.told):,} complaints of a grammar, by edit distance", rows)
    texts = {one.report_id: bare(one.text) for one in made.told}
    some = {
        "all": made.truth,
        **{f"from {least} characters": _longer(made, texts, least=least) for least in (SHORT, 40)},
        "equal firsts as one": {n: texts[g] for n, g in made.truth.items()},
        "edited by .2 at most": {
            n: g for n, g in made.truth.items() if made.distance.get(n, 0.0) <= 0.2
        },
    }
    pairs = {name: _pairs(truth, found, texts=texts) for name, truth in some.items()}
    show("Pairs in the same clusters", pairs)
    assert rows["0"]["clustered"] == 1
    assert rows["to 0.1"]["clustered"] > 0.9
    assert pairs["edited by .2 at most"]["recall"] > 0.8


def _by_distance(made: Retold, found: dict[str, str]) -> dict[str, dict[str, float]]:
    """Return the copies of each distance, and the share that joined what they tell again."""
    rows: dict[str, dict[str, float]] = {}
    for above, bound in zip((-1.0, *BOUNDS), BOUNDS, strict=False):
        copies = [name for name, d in made.distance.items() if above < d <= bound]
        joined = sum(found[name] == found[made.truth[name]] for name in copies)
        own = {"copies": len(copies), "clustered": joined / max(len(copies), 1)}
        rows[f"to {bound}" if bound else "0"] = own
    return rows


def _longer(made: Retold, texts: dict[str, str], *, least: int) -> dict[str, str]:
    return {n: first for n, first in made.truth.items() if len(texts[n]) >= least}


def _pairs(
    truth: dict[str, str], found: dict[str, str], *, texts: dict[str, str]
) -> dict[str, float]:
    """Return precision and recall of clusters, and of putting only equal texts together."""
    precision, recall = precision_recall(truth, {name: found[name] for name in truth})
    same = precision_recall(truth, {name: texts[name] for name in truth})
    return {
        "precision": precision,
        "recall": recall,
        "equal: precision": same[0],
        "equal: recall": same[1],
    }
