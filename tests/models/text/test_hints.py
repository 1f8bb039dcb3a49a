"""Hints train and calibrate nothing: an answer is as sure as the file's own labels make it."""

from pathlib import Path

import numpy as np
import pytest

from models.text import recipes
from models.text.multilabel.model import MultiLabel
from models.text.prepared import Prepared

RNG = np.random.default_rng(0)
GOODS = ("电水壶", "饼干", "奶粉", "插座")


def noise() -> str:
    return GOODS[RNG.integers(4)] + "".join(RNG.choice(list("一二三四五六"), 5))


def written(label: str, count: int) -> list[tuple[str, str]]:
    """Return texts with their class, of which one in three tells it."""
    says = {"safety": "起火冒烟", "food": "发霉有虫"}[label]
    return [(label, noise() + (says if i % 3 == 0 else "")) for i in range(count)]


OWN = written("safety", 108) + written("food", 12)
HINTS = written("food", 108) + written("safety", 12)
LABELS = [label for label, _ in OWN + HINTS]
TEXTS = Prepared.of(text for _, text in OWN + HINTS)
MASK = np.array([True] * len(OWN) + [False] * len(HINTS))
ASKED = Prepared.of(noise() for _ in range(50))


@pytest.mark.parametrize("model", ["linear", "encoder", "cascade", "tuned"])
def test_a_class_is_as_frequent_as_the_file_says(
    model: recipes.Model, request: pytest.FixtureRequest
) -> None:
    folder = Path() if model == "linear" else request.getfixturevalue("encoder_folder")
    made = recipes.classifier(model, seed=0, encoder=folder)
    own = made.fit(TEXTS, LABELS, own=MASK).predict_proba(ASKED)[:, 1].mean()
    alike = made.fit(TEXTS, LABELS).predict_proba(ASKED)[:, 1].mean()
    assert list(made.classes_) == ["food", "safety"]
    assert own > 0.7  # nine in ten of the file's own texts
    assert 0.35 < alike < 0.65
    none = made.fit(TEXTS, LABELS, own=~(MASK | True)).predict_proba(ASKED)[:, 1].mean()
    assert none == alike  # where all are hints, they are all there is


def test_several_labels_are_as_frequent_as_the_file_says() -> None:
    made, labels = MultiLabel(seed=0), [(label,) for label in LABELS]
    own = made.fit(TEXTS, labels, own=MASK).predict_proba(ASKED)[:, 1].mean()
    alike = made.fit(TEXTS, labels).predict_proba(ASKED)[:, 1].mean()
    assert own > 0.7
    assert 0.35 < alike < 0.65
