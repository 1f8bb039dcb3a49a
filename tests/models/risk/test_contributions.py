"""Exactly LightGBM's own SHAP values, for trees of every shape and values of every kind."""

from functools import cache
from itertools import combinations
from math import factorial

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.errors import Invalid
from features.plans import Numbers
from models.risk import contributions
from models.risk.contributions import Paths
from models.risk.shapley import shares

NUMERIC, CODED, ROWS = 6, 2, 400
QUIET: dict[str, object] = {"verbosity": -1, "num_threads": 1, "min_data_in_leaf": 2}


def drawn(seed: int, rows: int, *, missing: float) -> Numbers:
    """Numbers with ties and zeros, categories of which some are only rarely seen, and nothing."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(rows, NUMERIC))
    numbers[:, ::2] = np.round(numbers[:, ::2])
    codes = np.floor(40 * rng.random((rows, CODED)) ** 3)
    matrix = np.column_stack([numbers, codes])
    return np.where(rng.random(matrix.shape) < missing, np.nan, matrix)


def asked(seed: int, *, missing: float) -> Numbers:
    """Rows to explain: also values that training never saw, and what is no whole category."""
    matrix = drawn(seed + 1, 12, missing=missing)
    matrix[0], matrix[1], matrix[2] = 0, np.nan, 1e9
    matrix[3, NUMERIC:], matrix[4, NUMERIC:], matrix[5, NUMERIC:] = -3, 2.7, -0.5
    matrix[6, :NUMERIC], matrix[7, :NUMERIC], matrix[8] = np.inf, -np.inf, 1e-36
    return matrix


@cache
def booster(
    seed: int, leaves: int, *, trees: int = 12, missing: float = 0.2, zero: bool = False
) -> lgb.Booster:
    matrix = drawn(seed, ROWS, missing=missing)
    told = np.nan_to_num(matrix)
    score = told[:, 0] * told[:, 1] + told[:, 2] + np.sin(told[:, -1]) + np.isnan(matrix[:, 3])
    rng = np.random.default_rng(seed)
    failed = (score + rng.logistic(size=ROWS) > 0.5).astype(float)
    parameters = {**QUIET, "objective": "binary", "num_leaves": leaves, "seed": seed}
    parameters |= {"zero_as_missing": zero, "cat_smooth": 1.0, "min_data_per_group": 5}
    data = lgb.Dataset(
        matrix, failed, categorical_feature=[*range(NUMERIC, NUMERIC + CODED)], params=parameters
    )
    return lgb.train(parameters, data, num_boost_round=trees)


def expected(boosters: list[lgb.Booster], matrix: Numbers) -> Numbers:
    told = [np.asarray(b.predict(matrix, pred_contrib=True)) for b in boosters]
    mean: Numbers = np.mean(told, axis=0)
    return mean


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 30),
    leaves=st.sampled_from([2, 3, 7, 15, 31, 63]),
    missing=st.sampled_from([0.0, 0.3]),
    zero=st.booleans(),
)
def test_they_are_those_of_lightgbm(seed: int, leaves: int, missing: float, zero: bool) -> None:
    trained = booster(seed, leaves, missing=missing, zero=zero)
    matrix = asked(seed, missing=0.3)
    found = Paths.of([trained]).contributions(matrix)
    np.testing.assert_allclose(found, expected([trained], matrix), rtol=0, atol=1e-9)


@given(seed=st.integers(0, 3), most=st.integers(0, 10))
@settings(max_examples=20, deadline=None)
def test_it_does_not_matter_what_is_looked_up_and_what_is_computed(seed: int, most: int) -> None:
    trained, matrix = booster(seed, 31), asked(seed, missing=0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contributions, "MOST", most)
        paths = Paths.of([trained])
    assert len(paths.lone.value) >= (most < 4)
    found = paths.contributions(matrix)
    np.testing.assert_allclose(found, expected([trained], matrix), rtol=0, atol=1e-9)


def test_the_tables_stay_within_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    trained, matrix = booster(0, 31), asked(0, missing=0.1)
    for memory in (0, 10_000, 100_000):
        monkeypatch.setattr(contributions, "MEMORY", memory)
        paths = Paths.of([trained])
        assert paths.patterns.table.nbytes <= memory
        found = paths.contributions(matrix)
        np.testing.assert_allclose(found, expected([trained], matrix), rtol=0, atol=1e-9)


def test_several_boosters_give_the_contributions_of_their_mean_score() -> None:
    boosters, matrix = [booster(seed, 15) for seed in range(3)], asked(1, missing=0.2)
    found = Paths.of(boosters).contributions(matrix)
    np.testing.assert_allclose(found, expected(boosters, matrix), rtol=0, atol=1e-9)
    raw = np.mean([np.asarray(b.predict(matrix, raw_score=True)) for b in boosters], axis=0)
    np.testing.assert_allclose(found.sum(axis=1), raw, rtol=0, atol=1e-9)


def test_row_by_row_equals_all_at_once() -> None:
    paths, matrix = Paths.of([booster(0, 31)]), asked(0, missing=0.2)
    bulk = paths.contributions(matrix)
    for row in range(len(matrix)):
        assert paths.contributions(matrix[row : row + 1]).tobytes() == bulk[row].tobytes()
    assert paths.contributions(matrix[:0]).shape == (0, NUMERIC + CODED + 1)


def test_a_saved_booster_gives_the_same() -> None:
    trained, matrix = booster(0, 15), asked(0, missing=0.2)
    again = lgb.Booster(model_str=trained.model_to_string())
    found, known = (Paths.of([b]).contributions(matrix) for b in (again, trained))
    assert found.tobytes() == known.tobytes()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_booster_without_a_split_moves_nothing(rows: int) -> None:
    data = lgb.Dataset(np.ones((rows, 2)), np.arange(rows) % 2, params=QUIET)
    trained = lgb.train({**QUIET, "objective": "binary"}, data, num_boost_round=3)
    matrix = np.array([[0.0, np.nan]])
    found = Paths.of([trained]).contributions(matrix)
    np.testing.assert_allclose(found, expected([trained], matrix), rtol=0, atol=1e-9)
    assert (found[:, :-1] == 0).all()


def test_nothing_but_known_features_and_one_output() -> None:
    matrix, kinds = drawn(0, 60, missing=0.0), np.arange(60) % 3
    parameters = {**QUIET, "objective": "multiclass", "num_class": 3}
    several = lgb.train(parameters, lgb.Dataset(matrix, kinds, params=QUIET), num_boost_round=1)
    with pytest.raises(Invalid, match=r"\(8, 3\)"):
        Paths.of([several])
    with pytest.raises(Invalid, match="8"):
        Paths.of([booster(0, 15)]).contributions(matrix[:, :-1])


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.floats(0.01, 1)), min_size=1, max_size=8))
def test_a_leaf_by_its_definition(told: list[tuple[bool, float]]) -> None:
    met, cover = np.array([m for m, _ in told]), np.array([c for _, c in told])
    np.testing.assert_allclose(shares(met, cover), defined(met, cover), rtol=0, atol=1e-12)


def defined(met: Numbers, cover: Numbers) -> Numbers:
    """Shapley's sum over all sets of other features."""
    count = len(met)
    moved = np.zeros(count)
    for feature in range(count):
        others = [one for one in range(count) if one != feature]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for known in combinations(others, size):
                factors = np.where(np.isin(others, known), met[others], cover[others])
                moved[feature] += weight * (met[feature] - cover[feature]) * factors.prod()
    return moved
