"""Search: parameters and rounds of a booster, chosen on later folds of the training rows.

A bounded search by a tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011; Optuna). The
first trial is the shipped parameters. A trial's score is its log loss on what came after each fold,
weighted by inverse propensity and with the level of failures set right, at the number of rounds
that is best over all folds together: one fold's best round is mostly luck, and so is a ranking's
top. Precision itself was tried as the score, and chose worse models of the next period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import optuna
import pandas as pd

from features.plans import Numbers
from models.risk import booster, calibrate
from models.risk.booster import STEP, Order, Progress, Sample, unheard
from models.risk.calibrate import Held
from models.splits import Fold

MOST_STEPS = 50  # of rounds, that are compared
PATIENCE = 4  # steps without a better one, after which no more are tried
TRIALS = 1


@dataclass(frozen=True)
class Trial:
    """One set of parameters: its rounds, its mean log loss and its scores of later rows.

    scores: (rows,) raw scores by boosters that had not seen the row, missing where none judged it.
    """

    parameters: Mapping[str, object]
    rounds: int
    loss: float
    scores: Numbers


def search(
    sample: Sample,
    folds: Sequence[Fold],
    *,
    trials: int,
    seed: int,
    progress: Progress = unheard,
) -> list[Trial]:
    """Return the trials, the best first."""
    made: list[Trial] = []
    trials = max(1, trials)

    def judge(asked: optuna.Trial) -> float:
        def heard(share: float) -> None:
            progress((len(made) + share) / trials)

        order = Order(_suggested(asked), seed)
        made.append(_judged(sample, folds, order=order, progress=heard))
        return made[-1].loss

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=5))
    study.enqueue_trial({name: booster.PARAMETERS[name] for name in SEARCHED})
    study.optimize(judge, n_trials=trials)
    return sorted(made, key=lambda trial: trial.loss)


SEARCHED = ("num_leaves", "min_data_in_leaf", "lambda_l2", "feature_fraction", "bagging_fraction")


def _suggested(asked: optuna.Trial) -> dict[str, object]:
    return {
        "num_leaves": asked.suggest_int("num_leaves", 4, 48, log=True),
        "min_data_in_leaf": asked.suggest_int("min_data_in_leaf", 10, 200, log=True),
        "lambda_l2": asked.suggest_float("lambda_l2", 0.1, 100.0, log=True),
        "feature_fraction": asked.suggest_float("feature_fraction", 0.1, 0.8),
        "bagging_fraction": asked.suggest_float("bagging_fraction", 0.5, 1.0),
    }


def _judged(sample: Sample, folds: Sequence[Fold], *, order: Order, progress: Progress) -> Trial:
    """Train on all folds side by side until their mean loss no longer falls."""
    courses = [
        booster.course(sample.take(fold.fit), order, matrix=sample.matrix[fold.later])
        for fold in folds
    ]
    looks: list[tuple[Numbers, ...]] = []
    losses: list[float] = []
    done = 0.0
    for look in islice(zip(*courses, strict=True), MOST_STEPS):
        looks.append(look)
        told = [_loss(sample, fold, scores=s) for fold, s in zip(folds, look, strict=True)]
        losses.append(float(np.mean(told)))
        done = max(done, len(looks) / (int(_smooth(losses).argmin()) + 1 + PATIENCE))
        progress(done)  # as if no later step were better
        if done >= 1:
            break
    smooth = _smooth(losses)
    best = int(smooth.argmin())
    scores = np.full(len(sample), np.nan)
    for fold, later in zip(folds, looks[best], strict=True):
        scores[fold.later] = later
    return Trial(dict(order.parameters), (best + 1) * STEP, float(smooth[best]), scores)


def _loss(sample: Sample, fold: Fold, *, scores: Numbers) -> float:
    later = sample.take(fold.later)
    held = Held(scores, later.failed.astype(float), later.weight)
    return calibrate.loss(calibrate.fit("level", held), held)


def _smooth(curve: Sequence[float]) -> Numbers:
    """Return a curve's running mean over five points, fewer at its ends."""
    return pd.Series(curve).rolling(5, center=True, min_periods=1).mean().to_numpy(float)
