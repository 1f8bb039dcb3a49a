import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.build import Rows
from features.errors import Invalid
from models import metrics
from models.risk import monotone, training
from models.risk.assess import assess
from models.risk.matrix import load
from models.risk.model import RiskModel
from models.risk.training import Recipe
from tests.models.conftest import Trained


def test_it_finds_the_pattern(trained: Trained) -> None:
    failed = trained.outcomes["failed"].to_numpy(bool)
    assert metrics.auc(failed, trained.model.likelihood(trained.rows)) > 0.65


def test_a_saved_model_answers_the_same(trained: Trained, tmp_path: Path) -> None:
    trained.model.save(tmp_path)
    again = RiskModel.load(tmp_path)
    assert again.features == trained.model.features
    found, expected = again.likelihood(trained.rows), trained.model.likelihood(trained.rows)
    assert found.tobytes() == expected.tobytes()
    assert again.doubt == trained.model.doubt


def test_a_model_from_before_doubts_were_learned_tells_no_interval(
    trained: Trained, tmp_path: Path
) -> None:
    trained.model.save(tmp_path)
    parts = json.loads((tmp_path / "risk.json").read_text(encoding="utf-8"))
    del parts["doubt"]
    (tmp_path / "risk.json").write_text(json.dumps(parts), encoding="utf-8")
    found = assess(RiskModel.load(tmp_path), trained.rows, matrix=load("port"))
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()
    assert (found.likelihood == trained.model.likelihood(trained.rows)).all()


def test_a_model_of_features_that_are_not_computed_is_refused(
    trained: Trained, tmp_path: Path
) -> None:
    trained.model.save(tmp_path)
    parts = json.loads((tmp_path / "risk.json").read_text(encoding="utf-8"))
    parts["features"]["numeric"].append("declaration_karma")
    (tmp_path / "risk.json").write_text(json.dumps(parts), encoding="utf-8")
    with pytest.raises(Invalid, match="declaration_karma"):
        RiskModel.load(tmp_path)


def test_the_same_seed_gives_the_same_model(trained: Trained) -> None:
    again = training.fit(trained.past, recipe=Recipe(seed=3)).model
    found, expected = ([b.model_to_string() for b in m.boosters] for m in (again, trained.model))
    assert found == expected
    assert again.calibration == trained.model.calibration


def test_row_by_row_equals_all_at_once(trained: Trained) -> None:
    matrix = load("port")
    bulk = assess(trained.model, trained.rows, matrix=matrix)
    for row in range(0, len(trained.rows.numbers), 97):
        alone = assess(trained.model, trained.rows.take(np.array([row])), matrix=matrix)
        assert alone.likelihood[0] == bulk.likelihood[row]
        assert (alone.low[0], alone.high[0]) == (bulk.low[row], bulk.high[row])
        assert alone.severity[0] == bulk.severity[row]
        assert alone.level[0] == bulk.level[row]
        assert alone.contributions[0].tobytes() == bulk.contributions[row].tobytes()


def test_contributions_add_up_to_the_calibrated_log_odds(trained: Trained) -> None:
    found = assess(trained.model, trained.rows, matrix=load("port"))
    matrix = trained.rows.numbers
    parts = [np.asarray(b.predict(matrix, pred_contrib=True)) for b in trained.model.boosters]
    usual = trained.model.calibration.log_odds(np.mean(parts, axis=0)[:, -1])
    log_odds = np.log(found.likelihood / (1 - found.likelihood))
    assert found.contributions.sum(axis=1) + usual == pytest.approx(log_odds, abs=1e-9)
    assert found.contributions.shape == (len(matrix), len(trained.features.names))


def test_contributions_are_those_of_lightgbm(trained: Trained) -> None:
    matrix = trained.rows.numbers[:200]
    parts = [np.asarray(b.predict(matrix, pred_contrib=True)) for b in trained.model.boosters]
    expected = np.mean(parts, axis=0)
    assert trained.model.paths.contributions(matrix) == pytest.approx(expected, abs=1e-9)


def test_no_direction_is_ever_turned_round(trained: Trained) -> None:
    """Raise one feature at a time, all else equal: the likelihood goes its way, or stays."""
    rows = trained.rows.take(np.arange(0, len(trained.rows.numbers), 11))
    before = trained.model.likelihood(rows)
    told = [*enumerate(monotone.directions(trained.features))]
    assert {direction for _, direction in told} == {-1, 0, 1}
    for column, direction in told:
        for step in (0.5, 1, 5, 100) if direction else ():
            numbers = rows.numbers.copy()
            numbers[:, column] += step
            after = trained.model.likelihood(Rows(rows.features, numbers, rows.categories))
            assert (direction * (after - before) >= -1e-12).all(), rows.features.names[column]


@given(st.lists(st.none() | st.floats(0.001, 1), min_size=1, max_size=30))
def test_weights_are_of_mean_one_capped_and_fall_with_the_propensity(
    told: list[float | None],
) -> None:
    propensity = pd.Series(told, dtype=float)
    found = training.weights(propensity)
    inverse = (1 / propensity).fillna(1.0)
    assert found.mean() == pytest.approx(1)
    assert (
        found.max() <= found.min() * training.WEIGHT_CAP * inverse.median() / inverse.min() + 1e-9
    )
    order = np.argsort(inverse.to_numpy(), kind="stable")
    assert (np.diff(found[order]) >= -1e-12).all()


def test_typical_leaves_out_what_nobody_tells(trained: Trained) -> None:
    assert "declaration_value_log" in trained.model.typical
    assert "declaration_weight_log" not in trained.model.typical
    assert np.isfinite([*trained.model.typical.values()]).all()
