"""Exact SHAP values: our prepared paths against LightGBM's own, in one run on the same rows."""

import time
from collections.abc import Callable

import lightgbm as lgb
import numpy as np
import pytest

from features.plans import Numbers
from models.risk.booster import PARAMETERS
from models.risk.contributions import Paths
from tests.benchmarks.readings import show

pytestmark = pytest.mark.benchmark
NUMERIC, CODES = 170, (300, 40, 12, 90, 30, 8)
TRAINED, MANY = 12_000, 1_000
SHAPES = ((400, 15), (1_500, 15), (400, 31))


def drawn(rows: int, *, seed: int) -> Numbers:
    """Counts, flags and amounts, each missing in its own share of rows, and six categories."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(rows, NUMERIC))
    numbers[:, ::3] = np.round(2 * np.exp(numbers[:, ::3]))
    numbers[:, 1::5] = numbers[:, 1::5] > 0.5
    codes = np.floor(rng.random((rows, len(CODES))) ** 2 * np.array(CODES))
    missing = [*np.linspace(0, 0.7, NUMERIC), *[0.05] * len(CODES)]
    matrix = np.column_stack([numbers, codes])
    return np.where(rng.random(matrix.shape) < missing, np.nan, matrix)


def outcomes(matrix: Numbers) -> Numbers:
    rng = np.random.default_rng(1)
    told = np.nan_to_num(matrix)
    weights = 0.5 * rng.normal(size=NUMERIC) * (rng.random(NUMERIC) < 0.3)
    score = told[:, :NUMERIC] @ weights + np.sin(told[:, -6]) + 0.7 * (told[:, -4] % 3)
    noisy = score + np.isnan(matrix[:, 4]) + 2 * rng.logistic(size=len(matrix))
    return (noisy > np.quantile(score, 0.85)).astype(float)


def trained(trees: int, leaves: int) -> lgb.Booster:
    matrix = drawn(TRAINED, seed=0)
    coded = list(range(NUMERIC, matrix.shape[1]))
    data = lgb.Dataset(matrix, outcomes(matrix), categorical_feature=coded)
    parameters = {**PARAMETERS, "num_leaves": leaves, "seed": 3}
    return lgb.train(parameters, data, num_boost_round=trees)


def milliseconds(run: Callable[[Numbers], object], matrix: Numbers) -> float:
    """Median CPU time over the rows, one at a time: none is asked twice, nothing lies ready."""
    took = []
    for row in range(len(matrix)):
        start = time.process_time()
        run(matrix[row : row + 1])
        took.append(time.process_time() - start)
    return float(np.median(took)) * 1e3


def test_one_row_and_many() -> None:
    matrix = drawn(MANY, seed=9)
    found = {
        f"{trees} x {leaves}": reading(trained(trees, leaves), matrix) for trees, leaves in SHAPES
    }
    show(f"Contributions of {matrix.shape[1]} features by trees x leaves, CPU ms", found)
    assert min(told["one: ratio"] for told in found.values()) > 2


def reading(booster: lgb.Booster, matrix: Numbers) -> dict[str, float]:
    start = time.process_time()
    paths = Paths.of([booster])
    prepared = time.process_time() - start

    def theirs(some: Numbers) -> Numbers:
        return np.asarray(booster.predict(some, pred_contrib=True, num_threads=1))

    ours, own = milliseconds(paths.contributions, matrix), milliseconds(theirs, matrix[:200])
    start = time.process_time()
    known = theirs(matrix)
    middle = time.process_time()
    error = np.abs(paths.contributions(matrix) - known).max()
    end = time.process_time()
    assert error < 1e-9
    return {
        "prepare": prepared * 1e3,
        "table MiB": paths.patterns.table.nbytes / 2**20,
        "one: ours": ours,
        "one: LightGBM": own,
        "one: ratio": own / ours,
        f"{MANY}: ours": (end - middle) * 1e3,
        f"{MANY}: LightGBM": (middle - start) * 1e3,
        f"{MANY}: ratio": (middle - start) / (end - middle),
        "error e-15": error * 1e15,
    }
