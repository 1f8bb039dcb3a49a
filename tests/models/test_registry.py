from pathlib import Path

import pytest
from mlflow.tracking import MlflowClient

from features.errors import NotFound, NotReady
from models.registry import Registry, Tried

# MLflow's own code, on its own database.
pytestmark = pytest.mark.filterwarnings(
    "ignore:The ``noload`` loader strategy:sqlalchemy.exc.SADeprecationWarning"
)
METRICS = {"auc": 0.7, "unknown": float("nan")}


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(f"sqlite:///{tmp_path / 'runs.db'}", tmp_path / "artifacts")


def log(registry: Registry, folder: Path, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "booster.txt").write_text(text, encoding="utf-8")
    return registry.log(
        "train_risk",
        params={"seed": 1, "until": None},
        metrics=METRICS,
        directory=folder,
        register="risk",
    )


def test_a_model_is_logged_promoted_and_fetched(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="no champion of 'risk'"):
        registry.fetch("risk")
    with pytest.raises(NotReady, match="no version of 'risk'"):
        registry.newest("risk")
    assert registry.version("risk") is None
    first = log(registry, tmp_path / "made", "one")
    assert registry.version("risk") is None
    second = log(registry, tmp_path / "made", "two")
    assert registry.newest("risk") == second != first
    registry.promote("risk", first, alias="champion", why="the first")
    registry.promote("risk", second, alias="challenger", why="better on paper")
    assert (registry.fetch("risk") / "booster.txt").read_text(encoding="utf-8") == "one"
    challenger = registry.fetch("risk", "challenger") / "booster.txt"
    assert challenger.read_text(encoding="utf-8") == "two"
    registry.promote("risk", second, alias="champion", why="better")
    assert registry.version("risk") == second
    assert registry.metrics("risk", second) == {"auc": 0.7}


def test_what_was_tried_is_a_run_below_the_versions_own(registry: Registry, tmp_path: Path) -> None:
    made = log(registry, tmp_path / "made", "one")
    tried = [Tried(f"trial_{n}", {"num_leaves": n}, {"log_loss": n / 10}) for n in (1, 2)]
    registry.nest("risk", made, tried=tried)
    client = MlflowClient(registry.uri)
    above = str(client.get_model_version("risk", made).run_id)
    runs = client.search_runs(
        [client.get_run(above).info.experiment_id],
        f"tags.mlflow.parentRunId = '{above}'",
        order_by=["metrics.log_loss"],
    )
    assert [run.info.run_name for run in runs] == ["trial_1", "trial_2"]
    assert [run.data.params for run in runs] == [{"num_leaves": "1"}, {"num_leaves": "2"}]
    assert [run.data.metrics for run in runs] == [{"log_loss": 0.1}, {"log_loss": 0.2}]
    assert {run.info.status for run in runs} == {"FINISHED"}
    with pytest.raises(NotFound, match="no version '9'"):
        registry.nest("risk", "9", tried=tried)


def test_what_is_kept_with_versions_and_models(registry: Registry, tmp_path: Path) -> None:
    assert registry.history("risk") == []
    with pytest.raises(NotReady, match="no version of 'risk'"):
        registry.versions("risk")
    first = log(registry, tmp_path / "made", "one")
    second = log(registry, tmp_path / "made", "two")
    registry.tag("risk", first, tags={"trained_by": "甲", "note": "x" * 9000})
    assert registry.tags("risk", first) == {"trained_by": "甲", "note": "x" * 5000}
    assert registry.tags("risk", second) == {}
    for turn in ("a", "b", "c"):
        registry.remember("risk", turn)
    assert registry.history("risk") == ["a", "b", "c"]
    registry.promote("risk", first, alias="champion", why="good")
    registry.promote("risk", first, alias="challenger", why="both")
    newest, oldest = registry.versions("risk")
    assert (newest.number, newest.aliases, newest.metrics) == (second, (), {"auc": 0.7})
    assert (oldest.number, oldest.aliases) == (first, ("challenger", "champion"))
    assert oldest.made_at <= newest.made_at
    registry.withdraw("risk", "challenger")
    assert registry.version("risk", "challenger") is None
    (tmp_path / "booster.txt").write_text("three", encoding="utf-8")
    registry.amend("risk", first, file=tmp_path / "booster.txt")
    assert (registry.folder("risk", first) / "booster.txt").read_text(encoding="utf-8") == "three"
    for ask in (registry.tags, registry.folder, registry.metrics):
        with pytest.raises(NotFound, match="no version '9' of 'risk'"):
            ask("risk", "9")
