"""Training on a million rows of 150 features: minutes and memory, in a process of its own.

The rows are drawn, not built: what is measured is the choice of rounds on later folds, the training
on all rows and the calibration, as `train-risk` runs them once its table is made.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.build import Rows
from features.feature_set import FeatureSet
from features.plans import Numbers
from models.risk import training
from pipelines.backtest import peak_memory_mb
from tests.benchmarks.readings import show
from tests.models.conftest import Past

pytestmark = pytest.mark.benchmark
ROWS, FEATURES, FAILING = 1_000_000, 150, 0.08
ROOT = Path(__file__).parents[2]


def drawn(rows: int) -> Past:
    """Counts, amounts and shares, each missing in its own share of rows; a tenth of them matter."""
    rng = np.random.default_rng(7)
    numbers = np.empty((rows, FEATURES))
    score: Numbers = np.zeros(rows)
    for column in range(FEATURES):
        values = rng.normal(size=rows)
        score += 0.5 * values if column % 10 == 0 else 0.0
        values = np.round(2 * np.exp(values)) if column % 3 == 0 else values
        numbers[:, column] = np.where(rng.random(rows) < column / 200, np.nan, values)
    noisy = score + rng.logistic(size=rows)
    failed = noisy > np.quantile(noisy, 1 - FAILING)
    names = tuple(f"x_{n}" for n in range(FEATURES))
    labels = pd.DataFrame({"failed": failed, "propensity": rng.uniform(0.05, 1, rows)})
    start = pd.Timestamp("2021-01-01", tz="UTC").as_unit("ms")
    moments = pd.Series(start + pd.to_timedelta(np.arange(rows) * 2, unit="min")).dt.as_unit("ms")
    return Past(Rows(FeatureSet(names, (), ()), numbers, {}), labels, moments, np.arange(rows))


def seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def measured(rows: int) -> str:
    past = drawn(rows)
    before = peak_memory_mb()
    took = seconds(lambda: training.fit(past))
    return f"{took} {before} {peak_memory_mb()}"


def test_a_million_rows() -> None:
    found = {}
    for rows in (ROWS // 10, ROWS):
        run = [sys.executable, "-c", f"from {__name__} import measured; print(measured({rows}))"]
        told = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        took, before, peak = map(float, told.split())
        found[f"{rows:,} rows"] = {"seconds": took, "table MiB": before, "peak MiB": peak}
    show(f"train on {FEATURES} features (wall clock, one process)", found)
    small, large = (row["seconds"] for row in found.values())
    assert (
        large < 15 * small
    )  # ten times the rows, and the rounds are chosen on no more than before
