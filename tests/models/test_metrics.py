import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import metrics

DAY = np.datetime64("2024-01-01")
ROWS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=25
)
Row = tuple[bool, int, int]


def arrays(rows: list[Row]) -> tuple[metrics.Failed, metrics.Scores, metrics.Days]:
    failed, scores, days = zip(*rows, strict=True)
    when = DAY + np.array(days).astype("timedelta64[D]")
    return np.array(failed), np.array(scores) / 4, when


@given(ROWS)
def test_auc_is_the_share_of_pairs_in_order(rows: list[Row]) -> None:
    failed, scores, _ = arrays(rows)
    pairs = [(f > p) + 0.5 * (f == p) for f in scores[failed] for p in scores[~failed]]
    expected = np.mean(pairs) if pairs else np.nan
    assert metrics.auc(failed, scores) == pytest.approx(expected, nan_ok=True)


@given(ROWS)
def test_days_earlier_and_its_share_follow_the_protocol(rows: list[Row]) -> None:
    failed, scores, days = arrays(rows)
    order = sorted(range(len(rows)), key=lambda i: -scores[i])  # Python's sort is stable
    simulated = dict(zip(order, sorted(days), strict=True))
    gained = [(days[i] - simulated[i]) / np.timedelta64(1, "D") for i in order if failed[i]]
    expected = np.mean(gained) if gained else np.nan
    assert metrics.days_earlier(failed, scores, days=days) == pytest.approx(expected, nan_ok=True)
    first = {d for d in days if (days <= d).sum() < len(days) / 2}
    found = [simulated[i] in first for i in order if failed[i]]
    share = metrics.first_half_share(failed, metrics.simulated_days(scores, days))
    assert share == pytest.approx(np.mean(found) if found else np.nan, nan_ok=True)


def test_an_oracle_gains_all_and_equal_scores_keep_the_order_of_the_rows() -> None:
    days = DAY + np.arange(10).astype("timedelta64[D]")
    failed = np.arange(10) >= 8
    assert metrics.days_earlier(failed, failed.astype(float), days=days) == 8
    assert metrics.days_earlier(failed, np.zeros(10), days=days) == 0
    assert metrics.first_half_share(failed, metrics.simulated_days(failed.astype(float), days)) == 1
    assert metrics.first_half_share(failed, days) == 0


@pytest.mark.parametrize(("share", "expected"), [(0.01, 1.0), (0.5, 0.5), (1.0, 0.5)])
def test_precision_at_a_capacity(share: float, expected: float) -> None:
    failed = np.array([True, False, False, True])
    scores = np.array([0.9, 0.8, 0.7, 0.6])
    assert metrics.precision_at(failed, scores, share=share) == expected


@given(ROWS)
def test_recall_and_lift_say_what_precision_does_beside_all_failures(rows: list[Row]) -> None:
    failed, scores, _ = arrays(rows)
    for share in metrics.CAPACITIES:
        size = metrics.capacity(len(failed), share=share)
        hits = metrics.precision_at(failed, scores, share=share)
        recall = metrics.recall_at(failed, scores, share=share)
        lift = metrics.lift_at(failed, scores, share=share)
        if failed.any():
            assert recall == pytest.approx(hits * size / failed.sum())
            assert lift == pytest.approx(hits / failed.mean())
        else:
            assert np.isnan([recall, lift]).all()
    assert len(metrics.at_capacities(failed, scores)) == 12


def test_a_capacity_is_not_lost_to_a_float() -> None:
    assert metrics.precision_at(np.arange(100) == 28, -np.arange(100.0), share=0.29) > 0


def test_calibration_errors_by_hand() -> None:
    failed = np.array([False, False, True, True])
    honest = np.array([0.0, 0.0, 1.0, 1.0])
    assert metrics.ece(failed, honest, bins=2) == 0
    assert metrics.ece(failed, 1 - honest, bins=2) == 1
    assert metrics.brier(failed, np.full(4, 0.5)) == 0.25


def test_weights_make_inspected_lines_speak_for_all() -> None:
    rng = np.random.default_rng(0)
    worse = rng.random(40_000) < 0.5  # unseen by the model, seen by whoever chose the lines
    chance = np.where(worse, 0.8, 0.1)
    failed, taken = rng.random(40_000) < np.where(worse, 0.3, 0.1), rng.random(40_000) < chance
    said, weight = np.full(int(taken.sum()), 0.2), 1 / chance[taken]
    assert metrics.ece(failed[taken], said, bins=1) > 0.06
    assert metrics.ece(failed[taken], said, weight=weight, bins=1) < 0.01


def test_chance_explains_the_error_of_exact_probabilities() -> None:
    rng = np.random.default_rng(1)
    said = rng.uniform(0.02, 0.4, 300)
    errors = [metrics.ece(rng.random(300) < said, said) for _ in range(200)]
    assert np.mean(errors) == pytest.approx(metrics.ece_by_chance(said), rel=0.1)


def test_without_rows_or_failures_a_metric_is_nan() -> None:
    none = np.empty(0, "datetime64[D]")
    told = metrics.summary(np.empty(0, bool), np.empty(0), days=none)
    assert told.pop("n") == told.pop("positives") == 0
    assert all(np.isnan(v) for v in told.values())
    passed = metrics.summary(np.zeros(3, bool), np.full(3, 0.1), days=np.repeat(DAY, 3))
    assert np.isnan([passed[n] for n in ("auc", "average_precision", "days_earlier")]).all()
    assert passed["brier"] == pytest.approx(0.01)
