"""Intervals hold the likelihood, widen with doubt, and hold the truth as often as they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from features.build import Rows
from features.feature_set import FeatureSet
from features.plans import Numbers
from models.risk import interval
from models.risk.interval import Doubt
from tests.models.conftest import Trained

CHANCE = st.floats(0, 1)
DOUBT = st.builds(Doubt, st.floats(0, 9), st.floats(0, 9))
KNOWN = st.integers(0, 10_000)


def one(value: float) -> Numbers:
    return np.array([float(value)])


@given(DOUBT, CHANCE, KNOWN)
def test_an_interval_holds_its_likelihood_and_stays_a_chance(
    doubt: Doubt, likelihood: float, known: int
) -> None:
    low, high = doubt.ends(one(likelihood), one(known))
    assert 0 <= low[0] <= likelihood <= high[0] <= 1


@given(DOUBT, CHANCE, KNOWN, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_surer_interval_is_wider(
    doubt: Doubt, likelihood: float, known: int, a: float, b: float
) -> None:
    lesser, greater = (
        doubt.ends(one(likelihood), one(known), level=level) for level in sorted((a, b))
    )
    assert greater[0, 0] <= lesser[0, 0] <= lesser[1, 0] <= greater[1, 0]


@given(DOUBT, KNOWN, KNOWN)
def test_the_fewer_inspections_are_known_the_greater_is_the_variance(
    doubt: Doubt, a: int, b: int
) -> None:
    few, many = sorted((a, b))
    assert doubt.variance(one(few))[0] >= doubt.variance(one(many))[0] >= doubt.stays


def test_thinly_known_goods_have_wider_intervals() -> None:
    low, high = Doubt(1.0, 0.5).ends(np.full(3, 0.12), np.array([0.0, 10, 1000]))
    assert (np.diff(high - low) < 0).all()


@given(CHANCE, KNOWN)
def test_without_doubt_both_ends_are_the_likelihood(likelihood: float, known: int) -> None:
    ends = Doubt(0.0, 0.0).ends(one(likelihood), one(known))
    assert ends[:, 0] == pytest.approx([likelihood] * 2, abs=1e-12)


def test_an_unknown_doubt_tells_no_ends() -> None:
    assert np.isnan(interval.UNKNOWN.ends(one(0.3), one(5))).all()


@pytest.mark.parametrize("variance", [0.01, 0.5, 1.5, 4.0])
def test_the_mean_chance_is_the_likelihood(variance: float) -> None:
    likelihood, error = np.linspace(0.01, 0.99, 25), np.random.default_rng(0).normal(size=200_000)
    middle = interval.centre(likelihood, np.full(25, variance))
    mean = [expit(m + variance**0.5 * error).mean() for m in middle]
    assert mean == pytest.approx(likelihood, abs=0.02)


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_intervals_hold_true_chances_as_often_as_they_say(level: float) -> None:
    rng = np.random.default_rng(1)
    doubt, known = Doubt(0.8, 0.6), rng.integers(0, 50, 50_000).astype(float)
    likelihood, variance = rng.beta(0.8, 6, 50_000), doubt.variance(known)
    truth = expit(interval.centre(likelihood, variance) + variance**0.5 * rng.normal(size=50_000))
    low, high = doubt.ends(likelihood, known, level=level)
    # The likelihood itself is never left out, so the interval may hold a little more.
    assert level - 0.01 < ((low <= truth) & (truth <= high)).mean() < level + 0.03


def test_known_inspections_are_those_of_the_finest_key(trained: Trained) -> None:
    names = trained.features.names
    column = names.index("enterprise_hs4_inspection_count_ever")
    expected = trained.rows.numbers[:, column]
    assert (interval.known(trained.rows) == np.nan_to_num(expected)).all()
    assert np.ptp(expected) > 0


def test_a_model_that_counts_no_inspections_knows_none() -> None:
    features = FeatureSet(("declaration_value_log",), (), ())
    assert (interval.known(Rows(features, np.ones((3, 1)), {})) == 0).all()
