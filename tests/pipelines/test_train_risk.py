"""A registered model carries everything that says what it is, and both doors feed it alike."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlflow.tracking import MlflowClient

from features import catalog
from features.errors import Invalid
from features.store import Store
from models.approval import Approval
from models.registry import Registry
from models.risk.model import RiskModel
from pipelines import judged, office
from pipelines.table import table
from pipelines.train_risk import (
    JUDGED,
    TrainedRisk,
    interval_coverage,
    log,
    parity_gap,
    train_risk,
)
from tests.pipelines.conftest import UNTIL, lexicon_reader

YUJING = "name = 'yujing'"
Tables = dict[str, pd.DataFrame]

SUFFIXES = {".txt", ".json", ".md", ".parquet", ".csv", ".html", ".svg"}  # no code
pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


def test_the_manifest_says_what_the_model_is(trained: TrainedRisk) -> None:
    told = trained.manifest
    assert told["features"] == list(trained.model.features.names)
    assert told["as_of"] == UNTIL.isoformat()
    assert told["text_version"] == lexicon_reader().version
    assert told["seed"] == 0
    assert isinstance(told["libraries"], dict)
    assert told["libraries"].keys() >= {"lightgbm", "numpy", "pandas"}
    assert int(str(told["rows"])) > int(str(told["failures"])) > 0
    json.dumps(told)


def maturity(made: TrainedRisk) -> timedelta:
    return timedelta(days=float(str(made.manifest["maturity_days"])))


def test_it_is_judged_on_the_last_period_by_a_model_that_had_not_seen_it(
    trained: TrainedRisk,
) -> None:
    tested, ripe = trained.judged.tested.declared_at, UNTIL - maturity(trained)
    assert ((tested >= ripe - JUDGED) & (tested < ripe)).all()
    assert trained.metrics["n"] == len(tested)
    assert trained.judged.model is not trained.model


def test_bulk_and_online_features_have_no_gap(trained: TrainedRisk) -> None:
    assert trained.metrics["parity_gap"] == 0


def test_the_card_tells_bounds_and_who_is_inspected_more(
    trained: TrainedRisk, tmp_path: Path
) -> None:
    assert trained.metrics["auc_low"] < trained.metrics["auc"] < trained.metrics["auc_high"]
    trained.save(tmp_path)
    text = (tmp_path / "card.md").read_text()
    low, high = trained.manifest["intervals"]["auc"]  # type: ignore[index]
    assert f"| auc | {trained.metrics['auc']:.4g} | {low:.4g} – {high:.4g} |" in text
    assert trained.evaluation.headline[0] in text
    assert trained.evaluation.headline[1] in text
    assert "auc_low" not in text


def test_a_gap_would_be_found(tables: Tables) -> None:
    made = table(tables, catalog.standard(tables))
    numbers = made.rows.numbers.copy()
    row, column = np.argwhere(~np.isnan(numbers[:1]))[0]
    numbers[row, column] += 0.5
    assert parity_gap(tables, replace(made, rows=replace(made.rows, numbers=numbers))) == 0.5
    numbers[row, column] = np.nan
    assert parity_gap(tables, replace(made, rows=replace(made.rows, numbers=numbers))) == np.inf


def test_the_saved_folder_is_text_and_answers_the_same(
    trained: TrainedRisk, tmp_path: Path
) -> None:
    trained.save(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    charts = {"lift.svg", "capacity.svg", "reliability.svg", "importance.svg"}
    tables = {"metrics.csv", "slices.csv", "fairness.csv", "evaluation.json", "evaluation.html"}
    told = {"manifest.json", "card.md", "judged.parquet", *tables, *charts}
    assert {"booster_0.txt", "risk.json", *told} <= names
    assert {path.suffix for path in tmp_path.iterdir()} <= SUFFIXES
    for path in tmp_path.iterdir():
        assert path.suffix == ".parquet" or path.read_text()
    rows = trained.judged.tested.rows
    assert np.array_equal(RiskModel.load(tmp_path).likelihood(rows), trained.model.likelihood(rows))
    assert json.loads((tmp_path / "manifest.json").read_text()) == trained.manifest


def test_the_registry_keeps_metrics_and_folder(registry: Registry, trained: TrainedRisk) -> None:
    assert registry.newest("risk") == "1"
    kept = registry.metrics("risk", "1")
    assert kept["average_precision"] == pytest.approx(trained.metrics["average_precision"])
    assert kept["parity_gap"] == 0
    registry.promote("risk", "1", alias="champion", why="a test")
    assert json.loads((registry.fetch("risk") / "manifest.json").read_text()) == trained.manifest


def test_every_trial_is_a_run_below_the_trainings_own(
    registry: Registry, trained: TrainedRisk
) -> None:
    client = MlflowClient(registry.uri)
    above = str(client.get_model_version("risk", "1").run_id)
    (experiment,) = {e.experiment_id for e in client.search_experiments(filter_string=YUJING)}
    runs = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{above}'")
    assert len(runs) == len(trained.trials)
    best = trained.trials[0]
    (first,) = [run for run in runs if run.info.run_name == "trial_1"]
    assert first.data.metrics["log_loss"] == pytest.approx(best.loss)
    assert first.data.params["rounds"] == str(best.rounds)
    assert set(best.parameters) < set(first.data.params)


def test_the_doubt_travels_with_the_model_and_is_judged(trained: TrainedRisk) -> None:
    assert trained.manifest["doubt"] == asdict(trained.model.doubt)
    assert trained.model.doubt.variance(np.zeros(1))[0] > 0
    held = interval_coverage(trained.judged, seed=0)
    assert held == pytest.approx(trained.metrics["interval_coverage_of_groups"], nan_ok=True)


def test_lines_from_before_the_reader_had_learned_are_not_trained_on(
    small: Store, quick: None
) -> None:
    assert quick is None
    learned = UNTIL - timedelta(days=700)
    reader = replace(lexicon_reader(), as_of=learned)
    made = train_risk(small, until=UNTIL, reader=reader)
    declared = small.frame("declarations").set_index("declaration_id")["declared_at"]
    seen = small.frame("inspections").drop_duplicates("declaration_id")["declaration_id"]
    ripe = declared[seen] < UNTIL - maturity(made)
    assert made.manifest["rows"] == ((declared[seen] >= learned) & ripe).sum()


def test_what_is_known_after_the_cut_is_not_there(small: Store, quick: None) -> None:
    assert quick is None
    cut = UNTIL - timedelta(days=100)
    made = train_risk(small, until=cut, reader=lexicon_reader())
    visits = small.frame("inspections")
    declared = small.frame("declarations").set_index("declaration_id")["declared_at"]
    known = visits[visits["known_at"] < pd.Timestamp(cut)]["declaration_id"]
    assert maturity(made) > timedelta(days=1)
    assert made.manifest["rows"] == (declared[known] < cut - maturity(made)).sum() < len(known)
    assert (made.judged.tested.labels["known_at"] < pd.Timestamp(cut)).all()


def test_the_judged_lines_travel_with_the_model(trained: TrainedRisk, tmp_path: Path) -> None:
    judged.write(trained.judged, tmp_path)
    kept = judged.read(tmp_path)
    assert tuple(kept) == judged.COLUMNS
    assert np.array_equal(kept["likelihood"], trained.judged.likelihood)
    assert kept["declaration_id"].is_unique
    assert judged.read(tmp_path / "older").empty


def test_the_card_tells_intervals_maturity_families_and_who(
    registry: Registry, trained: TrainedRisk, tmp_path: Path
) -> None:
    assert tmp_path.is_dir()
    version = log(trained, registry, params={}, by="甲")
    assert registry.tags("risk", version)["trained_by"] == "甲"
    assert registry.tags("risk", version)["as_of"] == UNTIL.isoformat()
    text = (registry.folder("risk", version) / "card.md").read_text()
    assert f"**{trained.manifest['maturity_days']}**" in text
    assert "| 训练 · trained by | 甲 |" in text
    assert "| 批准 · approved by | 尚未批准 not yet approved |" in text
    assert "| inspection | " in text
    low, high = dict(trained.manifest["intervals"])["auc"]  # type: ignore[call-overload]
    assert low < trained.metrics["auc"] < high
    assert f"{low:.4g} – {high:.4g}" in text
    assert f"stays {trained.model.doubt.stays:.3g}" in text
    assert "| interval_coverage_of_groups | " in text
    assert "未知 unknown" not in text.replace("| 未知 unknown |", "")
    signed = Approval("乙", UNTIL, "因为", {"auc": 0.8})
    office.enter(registry, "risk", version=version, approval=signed, how="promoted")
    assert "| 批准 · approved by | 乙 |" in (registry.fetch("risk") / "card.md").read_text()


def test_too_little_is_one_clear_error(small: Store) -> None:
    with pytest.raises(Invalid, match="failures are known before"):
        train_risk(small, until=UNTIL - timedelta(days=1000), reader=lexicon_reader())


def test_a_custom_key_travels_with_the_model(small: Store, quick: None) -> None:
    assert quick is None
    made = train_risk(small, until=UNTIL, custom=(("departure", "hs2"),), reader=lexicon_reader())
    assert "departure_hs2_declaration_count_30d" in made.model.features.names
