"""Weighing: views that know more weigh more, and the probabilities hold."""

import numpy as np

from models.text.multilabel.weighing import Weighing

RNG = np.random.default_rng(0)
TRUTH = RNG.random((3_000, 4)) < [0.6, 0.3, 0.2, 0.1]
KNOWING = TRUTH + RNG.normal(0, 0.5, TRUTH.shape)
NOISE = RNG.normal(0, 0.5, TRUTH.shape)


def test_a_view_that_knows_beats_one_that_does_not() -> None:
    learned = Weighing.fitted(np.stack([KNOWING, NOISE]), TRUTH, seed=0)
    knowing, noise = np.abs(learned.weights.reshape(3, 2)).sum(axis=0)
    assert knowing > 5 * noise


def test_the_probabilities_hold() -> None:
    learned = Weighing.fitted(KNOWING[None], TRUTH, seed=0)
    told = learned.probabilities(KNOWING[None])
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.0)):
        own = (told >= low) & (told < high)
        assert abs(told[own].mean() - TRUTH[own].mean()) < 0.05


def test_each_label_is_answered_as_often_as_it_is_there() -> None:
    learned = Weighing.fitted(KNOWING[None], TRUTH, seed=0)
    told = learned.probabilities(KNOWING[None]).mean(axis=0)
    assert np.allclose(told, TRUTH.mean(axis=0), atol=0.005)


def test_one_text_equals_the_batch_and_what_is_kept() -> None:
    views = np.stack([KNOWING, NOISE])
    learned = Weighing.fitted(views, TRUTH, seed=0)
    told = learned.probabilities(views[:, :20])
    alone = [Weighing.load(learned.kept()).probabilities(views[:, [i]]) for i in range(20)]
    assert np.array_equal(np.concatenate(alone), told)
