import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import catalog, keys
from features.feature_set import FeatureSet
from models.risk.grounds.ground import Grounds, subject
from tests.models.conftest import Trained
from tests.worlds import World, worlds


@settings(max_examples=15, deadline=None)
@given(worlds())
def test_every_feature_is_of_exactly_one_ground(world: World) -> None:
    features = catalog.standard(world.tables(), custom=[keys.parse("x_cell+hs4")])
    grounds = Grounds.of(features)
    columns = [int(c) for ground in grounds.each for c in ground.columns]
    assert sorted(columns) == [*range(len(features.names))]
    places = [(ground.theme, ground.subject) for ground in grounds.each]
    assert len(set(places)) == len(places)


def test_grounds_add_up_to_what_all_features_add(trained: Trained) -> None:
    grounds = trained.model.grounds
    added = np.random.default_rng(1).normal(size=(30, len(trained.features.names)))
    sums = grounds.sums(added)
    assert sums.shape == (30, len(grounds.each))
    np.testing.assert_allclose(sums.sum(axis=1), added.sum(axis=1), rtol=0, atol=1e-12)
    by_hand = [added[:, ground.columns].sum(axis=1) for ground in grounds.each]
    np.testing.assert_allclose(sums, np.transpose(by_hand), rtol=0, atol=1e-12)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_what_is_not_declared_takes_its_grounds_along(trained: Trained, seed: int) -> None:
    grounds = trained.model.grounds
    added = np.random.default_rng(seed).normal(size=len(grounds.each))
    lacking = [name for name in ("brand", "origin") if name in grounds.by_column]
    found = grounds.strongest(added, lacking=lacking, most=len(added) + 2)
    strengths = [strength for strength, _ in found]
    assert strengths == sorted(strengths, reverse=True)
    assert sum(strengths) == pytest.approx(added.sum(), abs=1e-9)
    assert {g for _, g in found if isinstance(g, str)} == set(lacking)


def test_windows_and_statistics_of_one_thing_are_one_ground(trained: Trained) -> None:
    grounds = {
        (g.theme, g.subject): {m.name for m in g.members} for g in trained.model.grounds.each
    }
    fires = grounds["hazard_fire", subject(("enterprise",))]
    assert fires == {"enterprise_annotation_hazard_fire_count_90d"}
    failed = grounds["inspections", subject(("hs4",))]
    assert {"hs2_inspection_fail_shrunk_rate_60d", "hs8_inspection_fail_count_180d"} <= failed
    assert not any(name.startswith("origin") for name in failed)
    assert "hs6_declaration_unit_value_log_deviation_365d" in grounds["price", ()]


def test_a_set_without_features_has_no_grounds() -> None:
    nothing = Grounds.of(FeatureSet((), (), ()))
    assert nothing.each == ()
    assert nothing.sums(np.empty((3, 0))).shape == (3, 0)
    assert nothing.strongest(np.empty(0), lacking=[], most=4) == []
