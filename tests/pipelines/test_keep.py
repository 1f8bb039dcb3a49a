"""What a step found is kept as a run; where nothing can be kept, a warning says so."""

from pathlib import Path

import pytest
from mlflow.tracking import MlflowClient

from features.errors import Invalid, NotReady
from models.registry import LOCAL, Registry, Tried
from pipelines import arguments
from pipelines.keep import keep

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


def write(folder: Path) -> None:
    (folder / "told.csv").write_text("a\n1\n")


def test_a_run_has_its_numbers_its_files_and_runs_below_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracking = arguments.registry(f"sqlite:///{tmp_path / 'mlflow.db'}")
    run = keep(tracking, "backtest", params={"seed": 0}, metrics={"auc": 0.7}, save=write)
    assert run is not None
    tracking.below(run, tried=[Tried("fold_1", {"from": "a"}, {"auc": 0.6})])
    said = capsys.readouterr().err
    where = tracking.address(run)
    assert f"{run}" in said
    assert where in said
    assert (Path(where) / "told.csv").read_text() == "a\n1\n"
    client = MlflowClient(tracking.uri)
    kept = client.get_run(run)
    assert kept.data.metrics == {"auc": 0.7}
    (below,) = client.search_runs([kept.info.experiment_id], f"tags.mlflow.parentRunId = '{run}'")
    assert below.info.run_name == "fold_1"
    assert below.data.metrics == {"auc": 0.6}


def test_a_server_that_does_not_answer_costs_a_warning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def log(*_: object, **__: object) -> str:
        raise NotReady("the tracking server does not answer: [no route]")

    monkeypatch.setattr(Registry, "log", log)
    assert keep(Registry("http://nowhere"), "x", params={}, metrics={}, save=write) is None
    assert "not kept as a run" in capsys.readouterr().err


def test_an_empty_address_keeps_nothing() -> None:
    assert arguments.tracked("") is None


def test_where_the_usual_file_cannot_be_made_nothing_is_kept_and_a_named_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data").write_text("a file, no folder")
    assert arguments.tracked(LOCAL) is None
    assert "nothing is kept as a run" in caplog.text
    with pytest.raises(Invalid, match="cannot be made"):
        arguments.tracked("sqlite:///data/other.db")
