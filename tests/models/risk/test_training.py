"""A training hears later rows to choose its rounds, and tells how far it is."""

from itertools import islice

import numpy as np
import pytest

from models import splits
from models.risk import booster, search, training
from models.risk.booster import STEP, Order, Sample
from models.risk.training import Recipe
from models.splits import Fold
from tests.models.conftest import Trained

ORDER = Order({"num_leaves": 4}, 5)


def sample(rows: int = 600) -> Sample:
    rng = np.random.default_rng(8)
    matrix = rng.normal(size=(rows, 6))
    failed = rng.random(rows) < 1 / (1 + np.exp(2 - 1.5 * matrix[:, 0]))
    return Sample(matrix, failed, rng.uniform(0.5, 2, rows), [0] * 6)


def halves(rows: int) -> list[Fold]:
    first = np.arange(rows) < rows // 2
    return [Fold(first, ~first)]


def test_a_course_is_that_of_a_training_of_as_many_rounds() -> None:
    made = sample()
    for looks, scores in enumerate(islice(booster.course(made, ORDER, matrix=made.matrix), 3), 1):
        whole = booster.train(made, ORDER, rounds=looks * STEP)
        assert scores == pytest.approx(booster.scores([whole], made.matrix), abs=1e-12)


def test_rounds_are_those_at_which_later_rows_are_told_best() -> None:
    made = sample()
    best = search.search(made, halves(len(made)), trials=1, seed=0)[0]
    told = best.scores[halves(len(made))[0].later]
    course = booster.course(
        made.take(halves(len(made))[0].fit),
        Order(best.parameters, 0),
        matrix=made.matrix[halves(len(made))[0].later],
    )
    looks = list(islice(course, search.MOST_STEPS))
    assert (told == looks[best.rounds // STEP - 1]).all()
    assert np.isnan(best.scores[halves(len(made))[0].fit]).all()


def test_no_more_rounds_are_tried_once_they_only_do_harm() -> None:
    """Outcomes by lot alone: the first rounds are the best."""
    made = sample()
    lot = np.random.default_rng(0).random(len(made)) < 0.2
    heard: list[float] = []
    blind = Sample(made.matrix, lot, made.weight, made.directions)
    best = search.search(blind, halves(len(made)), trials=1, seed=0, progress=heard.append)[0]
    assert best.rounds <= 3 * STEP
    assert len(heard) < search.MOST_STEPS


def test_progress_rises_to_the_end(trained: Trained) -> None:
    heard: list[float] = []
    made = training.fit(trained.past, recipe=Recipe(trials=2), progress=heard.append)
    assert len(made.trials) == 2
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert heard[0] < 0.1


def test_the_level_is_that_of_the_latest_rows(trained: Trained) -> None:
    """As many of the last fold's lines fail as the kept boosters, calibrated, say of them."""
    past = trained.past
    latest = splits.later_folds(
        past.declared_at, folds=training.FOLDS, share=training.LATER_SHARE, gap=training.GAP
    )[-1].later
    weight = training.weights(past.labels["propensity"])[latest]
    told = trained.model.likelihood(past.rows.take(np.flatnonzero(latest)))
    failed = past.labels["failed"].to_numpy(float)[latest]
    assert np.average(told, weights=weight) == pytest.approx(
        np.average(failed, weights=weight), abs=1e-6
    )
