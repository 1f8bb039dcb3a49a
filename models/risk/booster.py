"""The booster: gradient-boosted trees for the likelihood that an inspection would fail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

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
    "max_bin": 63,  # as good as 255 on every set that was tried, and faster
    "monotone_constraints_method": "intermediate",
    "metric": "none",
    "verbosity": -1,
    "deterministic": True,
    "force_col_wise": True,
    # Two threads on two cores are slower by an order once anything else runs there.
    "num_threads": 1,
}


STEP = 20  # rounds between two looks at how learning goes on

Progress = Callable[[float], None]  # hears what share of the work is done


def unheard(_: float) -> None:
    """Progress that nobody listens to."""


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


@dataclass(frozen=True)
class Order:
    """What a booster is asked for: parameters that differ from the usual, and its seed."""

    parameters: Mapping[str, object]
    seed: int

    def told(self, sample: Sample) -> dict[str, object]:
        """Return all parameters, in LightGBM's words."""
        own = {"monotone_constraints": list(sample.directions), "seed": self.seed}
        return {**PARAMETERS, **self.parameters, **own}


def train(
    sample: Sample, order: Order, *, rounds: int, progress: Progress = unheard
) -> lgb.Booster:
    """Train so many rounds on all rows."""

    def heard(state: lgb.callback.CallbackEnv) -> None:
        progress((state.iteration + 1) / rounds)

    return lgb.train(
        order.told(sample), _dataset(sample, order), num_boost_round=rounds, callbacks=[heard]
    )


def course(sample: Sample, order: Order, *, matrix: Numbers) -> Iterator[Numbers]:
    """Train on and on; yield the raw scores of other rows after every ``STEP`` rounds."""
    learner = lgb.Booster(order.told(sample), _dataset(sample, order))
    scores = np.zeros(len(matrix))
    for begun in count(0, STEP):
        for _ in range(STEP):
            learner.update()
        scores = scores + learner.predict(
            matrix, raw_score=True, num_threads=1, start_iteration=begun, num_iteration=STEP
        )
        yield scores


def _dataset(sample: Sample, order: Order) -> lgb.Dataset:
    told = order.told(sample)
    return lgb.Dataset(sample.matrix, sample.failed, weight=sample.weight, params=told)


def scores(boosters: Sequence[lgb.Booster], matrix: Numbers) -> Numbers:
    """Return the mean raw score of each row, in log-odds before calibration."""
    told = [booster.predict(matrix, raw_score=True, num_threads=1) for booster in boosters]
    mean: Numbers = np.mean(told, axis=0)
    return mean
