"""What intervals are said to hold is counted as it is."""

import numpy as np
import pytest
from scipy.special import expit

from models.risk import interval
from pipelines.studies import intervals
from pipelines.studies.intervals import Around
from tests.models.conftest import Trained, trained  # noqa: F401


def test_a_truth_drawn_from_the_doubt_is_held_nine_times_in_ten(
    trained: Trained,  # noqa: F811
) -> None:
    model, rows = trained.model, trained.rows
    likelihood, known = model.likelihood(rows), interval.known(rows)
    variance = model.doubt.variance(known)
    error = np.random.default_rng(0).normal(size=len(likelihood)) * np.sqrt(variance)
    truth = expit(interval.centre(likelihood, variance) + error)
    found = intervals.honesty([intervals.around(model, rows, likelihood=likelihood, truth=truth)])
    assert found["interval_coverage"] == pytest.approx(0.9, abs=0.04)
    assert found["interval_width_thin"] > found["interval_width_thick"] > 0


def test_months_are_counted_together_and_thin_goods_apart() -> None:
    parts = np.array([1.0, 0.0]), np.array([0.2, 0.4]), np.array([0.3, 0.1]), np.array([0.0, 50.0])
    found = intervals.honesty([Around(*parts), Around(*(part[:1] for part in parts))])
    assert found == pytest.approx(
        {
            "interval_coverage": 2 / 3,
            "interval_width": 0.8 / 3,
            "interval_coverage_thin": 1.0,
            "interval_coverage_thick": 0.0,
            "interval_width_thin": 0.3,
            "interval_width_thick": 0.1,
        }
    )


def test_a_group_without_lines_has_no_coverage() -> None:
    thick = Around(np.ones(1), np.ones(1), np.ones(1), np.full(1, 50.0))
    assert np.isnan(intervals.honesty([thick])["interval_coverage_thin"])
