"""A report prints what was asked for, beside it what was published, and keeps it as a run."""

import math
from pathlib import Path

import pandas as pd
import pytest
from mlflow.tracking import MlflowClient

from features.errors import Invalid
from features.moments import CIVIL
from pipelines import arguments
from pipelines.backtest import Asked
from pipelines.ingest import Ingested
from pipelines.load import Loaded
from pipelines.report import report
from pipelines.studies.customs import STUDY

Tables = dict[str, pd.DataFrame]
ASKED = Asked(test_from="2025-01-01", test_until="2025-06-30", keys="departure")
pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


@pytest.fixture
def loaded(tables: Tables, quick: None) -> Loaded:
    assert quick is None
    return Loaded(tables, Ingested({}, (), (), ()))


def test_a_study_stands_beside_the_published_rows(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    found = report(loaded, ASKED, zone=CIVIL, published=STUDY)
    said = capsys.readouterr().out
    assert "CatBoost" in said
    assert "CTGAN-synthesised" in said
    assert found["n"] > 0


def test_people_read_metrics_with_bounds_slices_fairness_and_all_lines(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    found = report(loaded, ASKED, zone=CIVIL)
    said = capsys.readouterr().out
    assert "{" not in said
    assert "2024-12-31 16:00" in said
    assert f"{found['auc_low']:.3f}–{found['auc_high']:.3f}" in said
    assert "偏离 off" in said
    assert "公平 fairness" in said
    assert "双重稳健" in said


def test_a_run_keeps_metrics_files_periods_and_families(
    loaded: Loaded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracking = arguments.registry(f"sqlite:///{tmp_path / 'mlflow.db'}")
    asked = Asked(
        test_from="2025-04-01",
        test_until="2025-06-30",
        without="warning,annotation,enterprise,declaration",
        folds=2,
        ablate=True,
    )
    found = report(loaded, asked, zone=CIVIL, tracking=tracking)
    assert "without a family" in capsys.readouterr().out
    client = MlflowClient(tracking.uri)
    (experiment,) = client.search_experiments(filter_string="name = 'yujing'")
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    names = {"fold_1", "fold_2", "without_declared", "without_inspection", "without_report"}
    assert set(runs) == {"backtest", *names}
    kept = runs["backtest"].data
    finite = {name: value for name, value in found.items() if math.isfinite(value)}
    assert kept.metrics == pytest.approx(finite)
    assert kept.params["from"] == "2025-03-31T16:00:00+00:00"
    folder = Path(tracking.address(runs["backtest"].info.run_id))
    assert {"ablation.svg", "ablation.csv", "evaluation.html"} <= {p.name for p in folder.iterdir()}
    lost = runs["without_inspection"].data.metrics["average_precision_lost"]
    assert found["average_precision_lost_of_inspection"] == pytest.approx(lost)


def test_wrong_keys_are_refused_before_anything_is_printed(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Invalid, match="unknown key"):
        report(loaded, Asked(keys="nope"), zone=CIVIL)
    assert capsys.readouterr().out == ""


def test_each_fold_is_a_row_and_the_last_is_as_asked(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Asked(test_from="2025-04-01", test_until="2025-06-30", folds=2)
    both = report(loaded, asked, zone=CIVIL)
    assert "2024-12-30" in capsys.readouterr().out
    alone = report(loaded, Asked(test_from="2025-04-01", test_until="2025-06-30"), zone=CIVIL)
    assert both["auc"] == alone["auc"]
