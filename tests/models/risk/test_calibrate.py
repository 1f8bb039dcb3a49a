import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.risk.calibrate import Calibration

SCORES = st.lists(
    st.tuples(st.floats(-6, 6), st.booleans(), st.floats(0.1, 5)), min_size=1, max_size=60
)


@given(SCORES)
def test_it_never_turns_the_ranking_round(rows: list[tuple[float, bool, float]]) -> None:
    scores, failed, weight = (np.array(column, float) for column in zip(*rows, strict=True))
    calibration = Calibration.fit(scores, failed, weight=weight)
    found = calibration.probability(np.sort(scores))
    assert calibration.slope > 0
    assert (np.diff(found) >= 0).all()
    assert ((found >= 0) & (found <= 1)).all()


def test_it_makes_overconfident_scores_honest() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(-2, 1, 20_000)
    failed = (rng.random(20_000) < 1 / (1 + np.exp(-truth))).astype(float)
    calibration = Calibration.fit(3 * truth + 1, failed, weight=np.ones(20_000))
    assert calibration.slope == pytest.approx(1 / 3, rel=0.05)
    assert calibration.probability(3 * truth + 1).mean() == pytest.approx(failed.mean(), abs=0.005)


def test_few_failures_move_the_level_only() -> None:
    scores = np.linspace(-3, 0, 100)
    failed = (np.arange(100) >= 95).astype(float)
    calibration = Calibration.fit(scores, failed, weight=np.ones(100))
    assert calibration.slope == 1
    before, after = 1 / (1 + np.exp(-scores)), calibration.probability(scores)
    rate = 6 / 102  # smoothed
    assert abs(after.mean() - rate) < abs(before.mean() - rate)


def test_scores_that_say_nothing_are_left_as_they_are() -> None:
    scores = np.linspace(-2, 2, 100)
    failed = (scores < 0).astype(float)
    assert Calibration.fit(scores, failed, weight=np.ones(100)) == Calibration(0.0, 1.0)
