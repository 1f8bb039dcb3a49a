"""The head: closed-form held-out scores are those of models that did not see the text."""

from pathlib import Path

import numpy as np

from models.text.encoder import head
from models.text.encoder.head import Head

RNG = np.random.default_rng(0)
CENTRES = RNG.normal(0, 1, (3, 20))
TRUTH = RNG.integers(0, 3, 120)
FEATURES = (CENTRES[TRUTH] + RNG.normal(0, 1, (120, 20))).astype(np.float32)
TARGETS = np.eye(3)[TRUTH]


def accuracy(scores: np.ndarray, targets: np.ndarray) -> float:
    return float((scores.argmax(axis=1) == targets.argmax(axis=1)).mean())


def test_scores_held_out_are_those_of_a_fit_without_the_text() -> None:
    kernel = head._Kernel.of(FEATURES.astype(float) / 5, FEATURES[:50].astype(float) / 5, width=0.5)
    _, told = kernel.solved(TARGETS, 0.1)
    frequency = TARGETS.mean(axis=0)
    for row in (0, 60, 119):
        rest = np.arange(120) != row
        near = kernel.near[rest]
        ridge = near.T @ near + 0.1 * kernel.between
        weights = np.linalg.solve(ridge, near.T @ (TARGETS[rest] - frequency))
        assert np.allclose(told[row], kernel.near[row] @ weights + frequency)


def test_it_learns_what_lies_together_and_not_what_does_not() -> None:
    fitted, held_out = head.fitted(FEATURES, TARGETS, seed=0)
    assert accuracy(held_out, TARGETS) > 0.9
    assert accuracy(fitted.scores(FEATURES), TARGETS) > 0.95
    shuffled = RNG.permutation(TARGETS)
    assert accuracy(head.fitted(FEATURES, shuffled, seed=0)[1], shuffled) < 0.55


def test_what_is_kept_scores_the_same_one_by_one(tmp_path: Path) -> None:
    fitted, _ = head.fitted(FEATURES, TARGETS, seed=0)
    fitted.save(tmp_path / "head.npz")
    again = Head.load(tmp_path / "head.npz")
    alone = np.concatenate([again.scores(FEATURES[[i]]) for i in range(120)])
    assert np.array_equal(alone, fitted.scores(FEATURES))
    assert fitted.scores(FEATURES[:0]).shape == (0, 3)


def test_constant_features_answer_by_frequency() -> None:
    same = np.ones((40, 20), dtype=np.float32)
    fitted, _ = head.fitted(same, TARGETS[:40], seed=0)
    assert np.allclose(fitted.scores(same[:1]), TARGETS[:40].mean(axis=0), atol=1e-3)
