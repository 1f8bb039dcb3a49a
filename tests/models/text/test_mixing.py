"""Mixing: the weights are those that made the answers, and classes come as often as they do."""

from pathlib import Path

import numpy as np
from scipy.special import softmax

from models.text.mixing import Mix

RNG = np.random.default_rng(0)
VIEWS = RNG.normal(0, 1, (2, 20_000, 3))


def drawn(logits: np.ndarray) -> np.ndarray:
    """Return a class for each row, drawn by its probabilities."""
    beyond = softmax(logits, axis=1).cumsum(axis=1) < RNG.random((len(logits), 1))
    return np.asarray(np.minimum(beyond.sum(axis=1), logits.shape[1] - 1))


def test_it_finds_the_weights_and_offsets_that_made_the_answers() -> None:
    offsets = np.array([0.8, 0.0, -0.8])
    truth = drawn(1.5 * VIEWS[0] + 0.5 * VIEWS[1] + offsets)
    mix = Mix.fitted(list(VIEWS), truth)
    assert np.allclose(mix.weights, [1.5, 0.5], atol=0.08)
    assert np.allclose(mix.offsets - mix.offsets.mean(), offsets, atol=0.08)
    answered = mix.probabilities(list(VIEWS)).mean(axis=0)
    assert np.allclose(answered, np.bincount(truth) / len(truth), atol=1e-3)


def test_a_model_that_knows_nothing_or_the_contrary_has_no_weight() -> None:
    truth = drawn(2 * VIEWS[0])
    told = Mix.fitted([VIEWS[0], -VIEWS[0]], truth).weights
    assert abs(told[0] - 2) < 0.1
    assert told[1] < 0.01
    assert Mix.fitted([VIEWS[0], VIEWS[1]], truth).weights[1] < 0.05


def test_a_model_alone_still_ranks_where_held_out_texts_say_the_contrary() -> None:
    truth = np.array([0, 1] * 4)
    wrong = np.eye(2)[1 - truth]
    mix = Mix.fitted([wrong], truth)
    assert list(mix.probabilities([np.eye(2)]).argmax(axis=1)) == [0, 1]


def test_scale_of_a_view_does_not_matter() -> None:
    truth = drawn(VIEWS[0] + VIEWS[1])
    plain = Mix.fitted(list(VIEWS), truth).probabilities(list(VIEWS))
    large = [20 * VIEWS[0], VIEWS[1] / 20]
    assert np.allclose(Mix.fitted(large, truth).probabilities(large), plain, atol=1e-3)


def test_a_class_of_few_texts_keeps_near_its_scores() -> None:
    logits = np.zeros((30, 2))
    few = np.array([0] * 29 + [1])
    told = Mix.fitted([logits], few).probabilities([logits])[0]
    assert 1 / 30 < told[1] < 0.2  # the count alone would say 1 / 30


def test_what_is_kept_answers_the_same(tmp_path: Path) -> None:
    mix = Mix.fitted(list(VIEWS), drawn(VIEWS[0]))
    mix.save(tmp_path / "mix.npz")
    again = Mix.load(tmp_path / "mix.npz")
    assert np.array_equal(again.probabilities(list(VIEWS)), mix.probabilities(list(VIEWS)))
    assert mix.probabilities([VIEWS[0][:0], VIEWS[1][:0]]).shape == (0, 3)
