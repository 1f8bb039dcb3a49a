"""Training: from labelled rows to a risk model, chosen and calibrated on what came later."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import lightgbm as lgb
import numpy as np
import pandas as pd

from features.build import Rows
from features.plans import Numbers
from features.windows import Integers, Positions
from models import splits
from models.risk import booster, calibrate, interval, monotone, pairs
from models.risk.booster import Order, Progress, Sample, unheard
from models.risk.calibrate import Held
from models.risk.model import RiskModel
from models.risk.pairs import Later
from models.risk.search import TRIALS, Trial, search
from models.splits import Mask

FOLDS, LATER_SHARE = 3, 0.15  # of the training rows, each share judges what came before it
GAP = timedelta(days=7)
WEIGHT_CAP = 5.0
SEEDS, AVERAGED_ROWS = 3, 50_000  # with more rows than that, several seeds no longer differ
SEARCHED_ROWS = 100_000  # of the latest, on which rounds and parameters are chosen
SEARCHING = 0.6  # of the work, about, is the search of one trial


class Past(Protocol):
    """n labelled lines, each with what was known of it when it was declared.

    labels: ``failed`` and ``propensity``. declared_at: moments. alike: one code for lines of the
    same enterprise and goods, by which the doubt is learned.
    """

    @property
    def rows(self) -> Rows:
        """What was known of each line."""

    @property
    def labels(self) -> pd.DataFrame:
        """How each turned out."""

    @property
    def declared_at(self) -> pd.Series:
        """When each was declared."""

    @property
    def alike(self) -> Integers:
        """Which lines are of the same enterprise and goods."""


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


def fit(past: Past, *, recipe: Recipe = SHIPPED, progress: Progress = unheard) -> Training:
    """Train on labelled rows in time: later parts choose and calibrate, then all of it trains."""
    sample = _sample(past)
    recent = splits.latest(past.declared_at, most=SEARCHED_ROWS)
    some = sample.take(recent)
    folds = splits.later_folds(past.declared_at[recent], folds=FOLDS, share=LATER_SHARE, gap=GAP)
    tried = search(
        some,
        folds,
        trials=recipe.trials,
        seed=recipe.seed,
        progress=lambda share: progress(SEARCHING * share),
    )
    trained = _boosters(
        sample,
        tried[0],
        seed=recipe.seed,
        progress=lambda share: progress(SEARCHING + (1 - SEARCHING) * share),
    )
    shape = calibrate.choose([_held(some, f.later, scores=tried[0].scores) for f in folds])
    last = folds[-1].later
    scores = np.full(len(some), np.nan)
    scores[last] = booster.scores(trained, some.matrix[last])
    calibration = calibrate.levelled(shape, _held(some, last, scores=scores))
    told = ~np.isnan(tried[0].scores)
    judged = shape.probability(tried[0].scores[told])
    doubt = pairs.learned(later(past, np.flatnonzero(recent)[told], likelihood=judged))
    model = RiskModel(past.rows.features, trained, calibration, typical(past.rows), doubt)
    return Training(model, tried)


def _sample(past: Past) -> Sample:
    failed = past.labels["failed"].to_numpy(bool)
    directions = monotone.directions(past.rows.features)
    return Sample(past.rows.numbers, failed, weights(past.labels["propensity"]), directions)


def _boosters(sample: Sample, best: Trial, *, seed: int, progress: Progress) -> list[lgb.Booster]:
    """Train on all rows: several boosters of few rows, whose scores are averaged, one of many."""
    trained: list[lgb.Booster] = []
    count = SEEDS if len(sample) <= AVERAGED_ROWS else 1

    def heard(share: float) -> None:
        progress((len(trained) + share) / count)

    for number in range(count):
        order = Order(best.parameters, seed + number)
        trained.append(booster.train(sample, order, rounds=best.rounds, progress=heard))
    return trained


def _held(sample: Sample, rows: Mask, *, scores: Numbers) -> Held:
    later = sample.take(rows)
    return Held(scores[rows], later.failed.astype(float), later.weight)


def later(past: Past, rows: Positions, *, likelihood: Numbers) -> Later:
    """Return some lines beside what a model that had not seen them believed of each."""
    return Later(
        likelihood=likelihood,
        failed=past.labels["failed"].to_numpy(float)[rows],
        weight=weights(past.labels["propensity"])[rows],
        known=interval.known(past.rows)[rows],
        alike=past.alike[rows],
        declared=past.declared_at.dt.as_unit("ms").astype("int64").to_numpy()[rows],
    )


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
