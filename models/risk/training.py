"""Training: from labelled rows to a risk model, chosen and calibrated on what came later."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from features.build import Rows
from features.plans import Numbers
from models import splits
from models.risk import booster, calibrate, monotone
from models.risk.booster import Sample
from models.risk.calibrate import Held
from models.risk.model import RiskModel
from models.risk.search import TRIALS, Trial, search
from models.splits import Fold

FOLDS, LATER_SHARE = 3, 0.15  # of the training rows, each share judges what came before it
GAP = timedelta(days=7)
WEIGHT_CAP = 5.0
SEEDS, AVERAGED_ROWS = 3, 50_000  # with more rows than that, several seeds no longer differ
SEARCHED_ROWS = 100_000  # of the latest, on which rounds and parameters are chosen


@dataclass(frozen=True)
class Recipe:
    """What a training is asked for: the seed of all chance, and how many trials it may search."""

    seed: int = 0
    trials: int = TRIALS


SHIPPED = Recipe()


@dataclass(frozen=True)
class Training:
    """A trained model and the trials by which it was chosen, the best first."""

    model: RiskModel
    trials: list[Trial]


def fit(
    rows: Rows,
    labels: pd.DataFrame,
    *,
    moments: pd.Series,
    recipe: Recipe = SHIPPED,
) -> Training:
    """Train on labelled rows in time: later parts choose and calibrate, then all of it trains.

    labels: ``failed`` and ``propensity``, one row per feature row. moments: when each was declared.
    """
    failed = labels["failed"].to_numpy(bool)
    directions = monotone.directions(rows.features)
    sample = Sample(rows.numbers, failed, weights(labels["propensity"]), directions)
    recent = splits.latest(moments, most=SEARCHED_ROWS)
    some = sample.take(recent)
    folds = splits.later_folds(moments[recent], folds=FOLDS, share=LATER_SHARE, gap=GAP)
    tried = search(some, folds, trials=recipe.trials, seed=recipe.seed)
    best = tried[0]
    seeds = SEEDS if len(sample) <= AVERAGED_ROWS else 1
    trained = [
        booster.train(sample, parameters=best.parameters, rounds=best.rounds, seed=recipe.seed + n)
        for n in range(seeds)
    ]
    calibration = calibrate.choose([_held(some, fold, scores=best.scores) for fold in folds])
    return Training(RiskModel(rows.features, trained, calibration, typical(rows)), tried)


def _held(sample: Sample, fold: Fold, *, scores: Numbers) -> Held:
    later = sample.take(fold.later)
    return Held(scores[fold.later], later.failed.astype(float), later.weight)


def typical(rows: Rows) -> dict[str, float]:
    """Return the median of each number over the rows; columns without any value are left out."""
    told = np.asarray(~np.isnan(rows.numbers).all(axis=0))
    medians = np.nanmedian(rows.numbers[:, told], axis=0)
    names = [name for name, is_told in zip(rows.features.names, told, strict=True) if is_told]
    return {name: float(median) for name, median in zip(names, medians, strict=True)}


def weights(propensity: pd.Series) -> Numbers:
    """Return inverse-propensity weights of mean one, capped; a missing propensity weighs one.

    Only inspected lines have labels; weighing each by the inverse of its chance of being inspected
    makes them speak for all lines (Horvitz and Thompson 1952). The cap bounds the variance.
    """
    inverse = (1 / propensity.astype(float)).fillna(1.0).to_numpy()
    capped = np.minimum(inverse, WEIGHT_CAP * np.median(inverse))
    scaled: Numbers = capped / capped.mean()
    return scaled
