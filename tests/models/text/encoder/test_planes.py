"""Planes: held-out answers are by planes that did not see the text, and are kept as they answer."""

from pathlib import Path

import numpy as np
import pytest

from features.errors import Invalid
from models.text.encoder import planes
from models.text.encoder.planes import Planes

RNG = np.random.default_rng(0)
TRUTH = RNG.integers(0, 3, 150)
PLACED = (RNG.normal(0, 1, (3, 8))[TRUTH] + RNG.normal(0, 1, (150, 8))).astype(np.float32)


@pytest.mark.parametrize("classes", [2, 3])
def test_they_learn_classes_and_are_honest_about_noise(classes: int) -> None:
    some = classes > TRUTH
    fitted, held_out = planes.fitted(PLACED[some], TRUTH[some], seed=0)
    assert held_out.shape == (some.sum(), classes)
    assert (held_out.argmax(axis=1) == TRUTH[some]).mean() > 0.75
    assert np.allclose(np.exp(fitted.scores(PLACED)).sum(axis=1), 1)
    shuffled = RNG.permutation(TRUTH[some])
    _, noise = planes.fitted(PLACED[some], shuffled, seed=0)
    assert (noise.argmax(axis=1) == shuffled).mean() < 1 / classes + 0.15


def test_what_is_kept_scores_the_same_one_by_one(tmp_path: Path) -> None:
    fitted, _ = planes.fitted(PLACED, TRUTH, seed=0)
    fitted.save(tmp_path / "planes.npz")
    again = Planes.load(tmp_path / "planes.npz")
    alone = np.concatenate([again.scores(PLACED[[i]]) for i in range(150)])
    assert np.array_equal(alone, fitted.scores(PLACED))
    assert fitted.scores(PLACED[:0]).shape == (0, 3)


def test_a_class_of_one_text_cannot_be_held_out() -> None:
    with pytest.raises(Invalid, match="one text only"):
        planes.fitted(PLACED[:4], np.array([0, 0, 1, 2]), seed=0)
