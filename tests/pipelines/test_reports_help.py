"""The sample world's reports help to find failures; shuffled among one another they do not."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features import catalog
from models.risk import training
from models.splits import Period
from pipelines.backtest import Window, rolling
from pipelines.load import load
from pipelines.sample import sample
from pipelines.table import table
from tests.pipelines.conftest import UNTIL

LINKS = ["enterprise_id", "brand", "hs_code", "origin", "goods_name", "region"]
Tables = dict[str, pd.DataFrame]


def without(tables: Tables) -> Tables:
    """No report, and nothing that was read in one."""
    return {**tables, **{name: tables[name].iloc[:0] for name in ("reports", "annotations")}}


def shuffled(tables: Tables) -> Tables:
    """Each report, and its annotation, speaks of the goods and firms of another report."""
    ids = tables["reports"]["report_id"].drop_duplicates().to_numpy()
    other = dict(zip(ids, np.random.default_rng(0).permutation(ids), strict=True))
    moved = {}
    for name in ("reports", "annotations"):
        links = [column for column in LINKS if column in tables[name]]
        told = tables[name].drop_duplicates("report_id").set_index("report_id")[links]
        borrowed = told.reindex(tables[name]["report_id"].map(other))
        moved[name] = tables[name].assign(**{c: borrowed[c].to_numpy() for c in links})
    return {**tables, **moved}


def precision(tables: Tables) -> float:
    """The mean average precision of four half years, each judged by a model of its own past.

    By period, as inspectors choose among the lines of their day: the level of failures moves from
    one half year to the next, and models of different pasts are not to be ranked together.
    """
    made = table(tables, catalog.standard(tables))
    last = Window(Period(UNTIL - timedelta(days=180), UNTIL))
    return float(np.mean([b.metrics["average_precision"] for _, b in rolling(made, last, folds=4)]))


@pytest.mark.slow
def test_reports_help_and_shuffled_reports_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "SEEDS", 1)
    found = []
    for seed in (1, 2):
        sample(tmp_path / str(seed), seed=seed, declarations=40_000, until=UNTIL)
        tables = load(tmp_path / str(seed), now=UNTIL).tables
        worlds = (tables, without(tables), shuffled(tables))
        found.append([precision(each) for each in worlds])
    with_reports, none, senseless = np.mean(found, axis=0)
    assert with_reports > none + 0.015, found
    assert abs(senseless - none) < (with_reports - none) / 2, found
