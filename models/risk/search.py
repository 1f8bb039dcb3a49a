"""Search: parameters and rounds of a booster, chosen on later folds of the training rows.

A bounded search by a tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011; Optuna). The
first trial is the shipped parameters. A trial's score is its log loss on what came after each fold,
weighted by inverse propensity and with the level of failures set right, at the number of rounds
that is best over all folds together: one fold's best round is mostly luck, and so is a ranking's
top. Precision itself was tried as the score, and chose worse models of the next period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import optuna

from features.plans import Numbers
from models.risk import booster, calibrate
from models.risk.booster import Sample
from models.risk.calibrate import Held
from models.splits import Fold

STEPS = tuple(range(20, 401, 20))  # numbers of rounds that are compared
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


def search(sample: Sample, folds: Sequence[Fold], *, trials: int, seed: int) -> list[Trial]:
    """Return the trials, the best first."""
    made: list[Trial] = []

    def judge(asked: optuna.Trial) -> float:
        made.append(_judged(sample, folds, parameters=_suggested(asked), seed=seed))
        return made[-1].loss

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=5))
    study.enqueue_trial({name: booster.PARAMETERS[name] for name in SEARCHED})
    study.optimize(judge, n_trials=max(1, trials))
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


def _judged(
    sample: Sample,
    folds: Sequence[Fold],
    *,
    parameters: Mapping[str, object],
    seed: int,
) -> Trial:
    courses = [
        booster.course(
            booster.train(
                sample.take(fold.fit),
                parameters=parameters,
                rounds=STEPS[-1],
                seed=seed,
            ),
            sample.matrix[fold.later],
            steps=STEPS,
        )
        for fold in folds
    ]
    losses = np.array([_losses(sample, f, course=c) for f, c in zip(folds, courses, strict=True)])
    mean = _smooth(losses.mean(axis=0))
    best = int(mean.argmin())
    scores = np.full(len(sample), np.nan)
    for fold, course in zip(folds, courses, strict=True):
        scores[fold.later] = course[best]
    return Trial(dict(parameters), STEPS[best], float(mean[best]), scores)


def _losses(sample: Sample, fold: Fold, *, course: Numbers) -> list[float]:
    later = sample.take(fold.later)
    held = [Held(s, later.failed.astype(float), later.weight) for s in course]
    return [calibrate.loss(calibrate.fit("level", each), each) for each in held]


def _smooth(curve: Numbers) -> Numbers:
    """Return a curve's running mean over five points, fewer at its ends."""
    five = np.ones(5)
    smoothed: Numbers = np.convolve(curve, five, "same") / np.convolve(curve**0, five, "same")
    return smoothed
