import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.plans import Numbers
from models.risk import calibrate
from models.risk.calibrate import FORMS, Calibration, Form, Held

SCORES = st.lists(
    st.tuples(st.floats(-6, 6), st.booleans(), st.floats(0.1, 5)), min_size=1, max_size=60
)


def drawn(log_odds: Numbers, *, seed: int) -> Numbers:
    rng = np.random.default_rng(seed)
    return (rng.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(float)


def blocks(scores: Numbers, log_odds: Numbers, *, count: int = 3) -> list[Held]:
    """Return rows whose outcomes follow the log-odds, in consecutive blocks."""
    failed = drawn(log_odds, seed=1)
    parts = np.array_split(np.arange(len(scores)), count)
    return [Held(scores[p], failed[p], np.ones(len(p))) for p in parts]


@given(SCORES, st.sampled_from(FORMS))
def test_it_never_turns_the_ranking_round(
    rows: list[tuple[float, bool, float]], form: Form
) -> None:
    scores, failed, weight = (np.array(column, float) for column in zip(*rows, strict=True))
    found = calibrate.fit(form, Held(scores, failed, weight)).probability(np.sort(scores))
    assert (np.diff(found) >= 0).all()
    assert ((found >= 0) & (found <= 1)).all()


def test_it_makes_overconfident_scores_honest() -> None:
    truth = np.random.default_rng(2).normal(-2, 1, 20_000)
    scores = 3 * truth + 1
    calibration = calibrate.choose(blocks(scores, truth))
    assert calibration.form != "level"
    assert calibration.log_odds(scores) == pytest.approx(truth, abs=0.35)
    level = calibrate.fit("level", Held(scores, drawn(truth, seed=1), np.ones(len(scores))))
    assert np.abs(level.log_odds(scores) - truth).max() > 1


def test_scores_that_are_bent_need_two_slopes() -> None:
    scores = np.random.default_rng(3).normal(0, 2, 60_000)
    bent = Calibration("beta", -1.0, 0.4, 2.0)
    found = calibrate.choose(blocks(scores, bent.log_odds(scores)))
    assert found.form == "beta"
    assert found.b > 2 * found.a


def test_the_form_is_chosen_by_the_last_block_alone() -> None:
    """The slope of the past no longer holds: it would turn honest scores overconfident."""
    scores = np.random.default_rng(4).normal(0, 2, 9_000)
    past = np.arange(9_000) < 6_000
    assert calibrate.choose(blocks(scores, 0.2 * scores)).form != "level"
    assert calibrate.choose(blocks(scores, np.where(past, 0.2 * scores, scores))).form == "level"


@pytest.mark.parametrize("count", [1, 3])
def test_few_failures_move_the_level_only(count: int) -> None:
    scores = np.linspace(-3, 0, 99)
    failed = (np.arange(99) >= 94).astype(float)
    parts = np.array_split(np.random.default_rng(0).permutation(99), count)
    found = calibrate.choose([Held(scores[p], failed[p], np.ones(len(p))) for p in parts])
    assert found.form == "level"
    assert found.probability(scores).mean() == pytest.approx(5 / 99, abs=0.01)


def test_no_rows_leave_the_scores_as_they_are() -> None:
    none = np.empty(0)
    assert calibrate.choose([Held(none, none, none)]) == Calibration("level", 0.0, 1.0, 1.0)


@pytest.mark.parametrize("form", ["logistic", "beta"])
def test_the_stretch_leads_from_one_score_to_the_other(form: Form) -> None:
    calibration = Calibration(form, -0.5, 0.7, 1.9)
    start, end = np.array([-1.0, 0.5, 2.0]), np.array([2.0, 0.5, -3.0])
    gained = calibration.stretch(start, end) * (end - start)
    assert calibration.log_odds(start) + gained == pytest.approx(calibration.log_odds(end))
    assert (calibration.stretch(start, end) > 0).all()


@given(SCORES, st.sampled_from(FORMS))
def test_a_level_is_set_right_and_the_shape_stays(
    rows: list[tuple[float, bool, float]], form: Form
) -> None:
    scores, failed, weight = (np.array(column, float) for column in zip(*rows, strict=True))
    shape = Calibration(form, 0.7, 1.2, 0.8)
    held = Held(scores, failed, weight)
    found = calibrate.levelled(shape, held)
    assert (found.form, found.a, found.b) == (shape.form, shape.a, shape.b)
    if held.few:
        told = np.average(found.probability(scores), weights=weight)
        assert told == pytest.approx(np.average(failed, weights=weight), abs=1e-6)
    else:
        assert found == shape
