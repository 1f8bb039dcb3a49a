"""The booster: gradient-boosted trees for the likelihood that an inspection would fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from features.plans import Numbers

PARAMETERS: dict[str, object] = {
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "monotone_constraints_method": "intermediate",
    "metric": "none",
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    # Two threads on two cores are slower by an order once anything else runs there.
    "num_threads": 1,
}


@dataclass(frozen=True)
class Sample:
    """n training rows: matrix (n, features), outcomes, weights; what direction features have."""

    matrix: Numbers
    failed: npt.NDArray[np.bool_]
    weight: Numbers
    directions: Sequence[int]

    def __len__(self) -> int:
        return len(self.failed)

    def take(self, rows: npt.NDArray[np.bool_]) -> "Sample":
        """Return some of the rows."""
        return Sample(self.matrix[rows], self.failed[rows], self.weight[rows], self.directions)


def train(
    sample: Sample, *, parameters: Mapping[str, object], rounds: int, seed: int
) -> lgb.Booster:
    """Train so many rounds on all rows."""
    chosen = {
        **PARAMETERS,
        **parameters,
        "monotone_constraints": list(sample.directions),
        "seed": seed,
    }
    data = lgb.Dataset(sample.matrix, sample.failed, weight=sample.weight)
    return lgb.train(chosen, data, num_boost_round=rounds)


def scores(boosters: Sequence[lgb.Booster], matrix: Numbers) -> Numbers:
    """Return the mean raw score of each row, in log-odds before calibration."""
    told = [booster.predict(matrix, raw_score=True, num_threads=1) for booster in boosters]
    mean: Numbers = np.mean(told, axis=0)
    return mean


def course(booster: lgb.Booster, matrix: Numbers, *, steps: Sequence[int]) -> Numbers:
    """Return the raw scores after some numbers of rounds, (steps, rows): how learning went on."""
    begun = [0, *steps[:-1]]
    parts = [
        booster.predict(
            matrix, raw_score=True, num_threads=1, start_iteration=a, num_iteration=b - a
        )
        for a, b in zip(begun, steps, strict=True)
    ]
    total: Numbers = np.cumsum(parts, axis=0)
    return total
