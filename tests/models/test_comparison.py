"""Two models on the same lines: which is better, and whether that is more than chance."""

import json

import numpy as np
import pytest

from models import comparison
from models.comparison import NAMES, compare, conclusion
from models.metrics import Scores
from models.resampling import Lines

CHANCE = np.random.default_rng(11)
TRUE = CHANCE.beta(1, 6, 3000)
LINES = Lines(CHANCE.random(3000) < TRUE, CHANCE.integers(0, 150, 3000), np.ones(3000))


def noisy(amount: float) -> Scores:
    """The true probabilities, in an order that chance has spoilt, for each amount another way."""
    spoilt = np.random.default_rng(int(100 * amount)).normal(size=3000)
    odds = np.log(TRUE / (1 - TRUE)) + amount * spoilt
    said: Scores = 1 / (1 + np.exp(-odds))
    return said


@pytest.mark.parametrize(
    ("amounts", "verdict", "words"),
    [
        ((2.0, 0.1), 1, ("确实更好", "surely better")),
        ((0.1, 2.0), -1, ("确实更差", "surely worse")),
        ((0.3, 0.31), 0, ("看不出差别", "no difference")),
    ],
)
def test_the_better_model_is_told_when_it_is_sure(
    amounts: tuple[float, float], verdict: int, words: tuple[str, str]
) -> None:
    first, second = map(noisy, amounts)
    found = compare(LINES, first, challenger=second, seed=0, draws=200)
    assert found.differences["average_precision"].verdict == verdict
    zh, en = conclusion(found)
    assert words[0] in zh
    assert words[1] in en


def test_turned_round_the_differences_turn_round() -> None:
    first, second = noisy(1.0), noisy(0.2)
    there = compare(LINES, first, challenger=second, seed=3, draws=100)
    back = compare(LINES, second, challenger=first, seed=3, draws=100)
    for name in NAMES:
        assert there.differences[name].low == pytest.approx(-back.differences[name].high)
        assert there.differences[name].verdict == -back.differences[name].verdict
        assert there.differences[name].champion == back.differences[name].challenger


def test_a_model_beside_itself_shows_no_difference() -> None:
    found = compare(LINES, TRUE, challenger=TRUE, seed=0, draws=50)
    assert {(d.low, d.difference, d.high) for d in found.differences.values()} == {(0.0, 0.0, 0.0)}
    assert "no difference" in conclusion(found)[1]


def test_the_same_order_with_dishonest_probabilities_is_told() -> None:
    found = compare(LINES, TRUE, challenger=np.sqrt(TRUE), seed=0, draws=100)
    assert found.differences["auc"].difference == 0
    assert [found.differences[name].verdict for name in ("brier", "ece")] == [-1, -1]
    zh, en = conclusion(found)
    assert "概率不如现役可信" in zh
    assert "by its calibration error and Brier score its probabilities" in en


def test_few_enterprises_are_told() -> None:
    few = Lines(LINES.failed, LINES.group % 5, LINES.weight)
    found = compare(few, TRUE, challenger=noisy(1), seed=0, draws=50)
    assert found.enterprises == 5
    assert "区间偏窄" in conclusion(found)[0]
    assert "too narrow" in conclusion(found)[1]


def test_plain_values_are_json_without_nan() -> None:
    nothing = Lines(np.zeros(20, bool), np.arange(20), np.ones(20))
    found = compare(nothing, np.full(20, 0.1), challenger=np.full(20, 0.2), seed=0, draws=5)
    told = json.loads(json.dumps(found.plain(), allow_nan=False))
    assert told["metrics"]["auc"]["difference"] is None
    assert told["metrics"].keys() == comparison.NAMES.keys()
    assert (told["lines"], told["failures"], told["enterprises"]) == (20, 0, 20)
