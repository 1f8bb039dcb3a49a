"""The booster: gradient-boosted trees for the likelihood that an inspection would fail."""

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
    "cat_smooth": 50.0,
    "cat_l2": 20.0,
    "max_cat_threshold": 16,
    "metric": "binary_logloss",
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    # Two threads on two cores are slower by an order once anything else runs there.
    "num_threads": 1,
}
MAX_ROUNDS = 1500
PATIENCE = 100


@dataclass(frozen=True)
class Sample:
    """n training rows: matrix (n, features), outcomes, weights."""

    matrix: Numbers
    failed: npt.NDArray[np.bool_]
    weight: Numbers

    def take(self, rows: npt.NDArray[np.bool_]) -> "Sample":
        """Return some of the rows."""
        return Sample(self.matrix[rows], self.failed[rows], self.weight[rows])


def rounds(fit: Sample, later: Sample, *, categories: list[int], seed: int) -> lgb.Booster:
    """Train on the earlier rows until the later ones improve no more."""
    train = _dataset(fit, categories)
    return lgb.train(
        {**PARAMETERS, "seed": seed},
        train,
        num_boost_round=MAX_ROUNDS,
        valid_sets=[lgb.Dataset(later.matrix, later.failed, weight=later.weight, reference=train)],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
    )


def train(sample: Sample, *, iterations: int, categories: list[int], seed: int) -> lgb.Booster:
    """Train on all rows for a given number of rounds."""
    return lgb.train(
        {**PARAMETERS, "seed": seed},
        _dataset(sample, categories),
        num_boost_round=max(1, iterations),
    )


def _dataset(sample: Sample, categories: list[int]) -> lgb.Dataset:
    return lgb.Dataset(
        sample.matrix,
        sample.failed,
        weight=sample.weight,
        categorical_feature=categories,
        free_raw_data=True,
    )
