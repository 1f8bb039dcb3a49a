"""What is told of a model is what its contributions and its trees say."""

import numpy as np
import pytest

from features.errors import NotFound
from models import reading
from models.risk import monotone
from models.risk.assess import Assessment, assess
from models.risk.matrix import load
from tests.models.conftest import Trained


@pytest.fixture(scope="module")
def assessment(trained: Trained) -> Assessment:
    return assess(trained.model, trained.rows.take(np.arange(80)), matrix=load())


def test_importance_tells_every_feature_once_the_farthest_first(
    trained: Trained, assessment: Assessment
) -> None:
    found = reading.importance(trained.features, assessment.contributions)
    assert sorted(found["feature"]) == sorted(trained.features.names)
    assert found["moved"].is_monotonic_decreasing
    assert found["moved"].sum() == pytest.approx(
        np.abs(assessment.contributions).sum(axis=1).mean()
    )
    first = found.iloc[0]
    assert first["zh"] == trained.features.meaning(first["feature"], 0)
    assert first["family"] == trained.features.family(first["feature"])


def test_without_lines_nothing_moves(trained: Trained) -> None:
    none = np.empty((0, len(trained.features.names)))
    assert not reading.importance(trained.features, none)["moved"].any()
    assert not len(reading.by_family(trained.features, none))


def test_families_add_up_to_the_features(trained: Trained, assessment: Assessment) -> None:
    found = reading.by_family(trained.features, assessment.contributions)
    assert set(found.columns) == {trained.features.family(n) for n in trained.features.names}
    assert found.sum(axis=1).to_numpy() == pytest.approx(assessment.contributions.sum(axis=1))


def test_no_curve_turns_against_its_direction(trained: Trained, assessment: Assessment) -> None:
    directions = monotone.directions(trained.features)
    moved = np.abs(assessment.contributions).sum(axis=0)
    for direction in (monotone.UP, monotone.DOWN):
        places = [p for p, d in enumerate(directions) if d == direction]
        name = trained.features.names[max(places, key=lambda p: moved[p])]
        curves = reading.dependence(trained.model, trained.rows, name=name)
        steps = curves.groupby("line")["likelihood"].diff().dropna() * direction
        assert steps.min() >= -1e-12


def test_a_line_at_its_own_value_has_its_own_likelihood(trained: Trained) -> None:
    one = trained.rows.take(np.array([7]))
    name = trained.features.names[0]
    curve = reading.dependence(trained.model, one, name=name)
    assert curve["value"].tolist() == one.numbers[:, 0].tolist()
    assert curve["likelihood"].to_numpy() == pytest.approx(trained.model.likelihood(one))


def test_what_the_model_does_not_take_or_no_line_has_is_not_found(trained: Trained) -> None:
    with pytest.raises(NotFound, match="no feature 'height'"):
        reading.dependence(trained.model, trained.rows, name="height")
    none = trained.rows.take(np.arange(0))
    with pytest.raises(NotFound, match="no line has a value"):
        reading.dependence(trained.model, none, name=trained.features.names[0])


def test_a_swarm_ranks_values_and_leaves_missing_ones_out(
    trained: Trained, assessment: Assessment
) -> None:
    some = trained.rows.take(np.arange(80))
    names = list(reading.importance(trained.features, assessment.contributions)["feature"][:3])
    found = reading.swarm(some, assessment.contributions, names=names)
    assert len(found) == 3 * 80
    assert found["rank"].dropna().between(0, 1).all()
    assert (found["rank"].isna() == found["value"].isna()).all()
    high = found.sort_values("value").dropna().groupby("feature")["rank"]
    assert high.apply(lambda rank: rank.is_monotonic_increasing).all()
