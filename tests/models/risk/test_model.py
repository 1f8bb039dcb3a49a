import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import Invalid
from models import metrics
from models.risk import model
from models.risk.assess import assess
from models.risk.matrix import load
from models.risk.model import RiskModel
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
    again = model.fit(trained.rows, trained.outcomes, moments=trained.moments, seed=3)
    assert again.booster.model_to_string() == trained.model.booster.model_to_string()
    assert again.calibration == trained.model.calibration


def test_row_by_row_equals_all_at_once(trained: Trained) -> None:
    matrix = load("port")
    bulk = assess(trained.model, trained.rows, matrix=matrix)
    for row in range(0, len(trained.rows.numbers), 97):
        alone = assess(trained.model, trained.rows.take(np.array([row])), matrix=matrix)
        assert alone.likelihood[0] == bulk.likelihood[row]
        assert alone.severity[0] == bulk.severity[row]
        assert alone.level[0] == bulk.level[row]
        assert alone.contributions[0].tobytes() == bulk.contributions[row].tobytes()


def test_contributions_add_up_to_the_calibrated_log_odds(trained: Trained) -> None:
    found = assess(trained.model, trained.rows, matrix=load("port"))
    encoded = trained.model.encoder.matrix(trained.rows)
    parts = np.asarray(trained.model.booster.predict(encoded, pred_contrib=True))
    calibration = trained.model.calibration
    bias = calibration.intercept + calibration.slope * parts[:, -1]
    log_odds = np.log(found.likelihood / (1 - found.likelihood))
    assert found.contributions.sum(axis=1) + bias == pytest.approx(log_odds, abs=1e-9)
    assert found.contributions.shape == (len(encoded), len(trained.features.names))


@given(st.lists(st.none() | st.floats(0.001, 1), min_size=1, max_size=30))
def test_weights_are_of_mean_one_capped_and_fall_with_the_propensity(
    told: list[float | None],
) -> None:
    propensity = pd.Series(told, dtype=float)
    found = model.weights(propensity)
    inverse = (1 / propensity).fillna(1.0)
    assert found.mean() == pytest.approx(1)
    assert found.max() <= found.min() * model.WEIGHT_CAP * inverse.median() / inverse.min() + 1e-9
    order = np.argsort(inverse.to_numpy(), kind="stable")
    assert (np.diff(found[order]) >= -1e-12).all()


def test_typical_leaves_out_what_nobody_tells(trained: Trained) -> None:
    assert "declaration_value_log" in trained.model.typical
    assert "declaration_weight_log" not in trained.model.typical
    assert np.isfinite([*trained.model.typical.values()]).all()
