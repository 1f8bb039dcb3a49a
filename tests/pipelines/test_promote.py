"""A version decides only when it passes every gate; either way the reason is kept."""

from pathlib import Path

import pytest

from features.errors import NotFound, NotReady
from models import gates
from models.registry import Registry
from pipelines.promote import promote

RULES = gates.load()
GOOD = {
    "auc": 0.8,
    "ece_excess": 0.01,
    "positives": 100.0,
    "parity_gap": 0.0,
    "average_precision": 0.4,
    "precision_at_5pct": 0.5,
}

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


def logged(registry: Registry, folder: Path, model: str = "risk", **changed: float) -> str:
    """Register one more version with these metrics."""
    (folder / "manifest.json").write_text("{}")
    metrics = {**GOOD, **changed}
    return registry.log("train", params={}, metrics=metrics, directory=folder, register=model)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "artifact"
    path.mkdir()
    return path


def test_promotion_from_the_first_version_on(registry: Registry, folder: Path) -> None:
    good = logged(registry, folder)
    first = promote(registry, "risk", version=None, rules=RULES)
    assert (first.version, first.promoted, first.why) == (good, True, ("passed every gate",))
    assert registry.version("risk") == good

    worse = logged(registry, folder, average_precision=0.3)
    second = promote(registry, "risk", version=None, rules=RULES)
    assert (second.version, second.promoted) == (worse, False)
    assert second.why == ("average_precision 0.300 is worse than the champion's 0.400",)
    assert registry.version("risk") == good
    assert registry.version("risk", "challenger") == worse

    better = logged(registry, folder, average_precision=0.45)
    third = promote(registry, "risk", version=better, rules=RULES)
    assert third.why == (f"passed every gate, in place of version {good}",)
    assert registry.version("risk") == better

    back = promote(registry, "risk", version=good, rules=RULES)
    assert not back.promoted
    assert promote(registry, "risk", version=better, rules=RULES).promoted


def test_without_a_champion_a_weak_version_becomes_no_champion(
    registry: Registry, folder: Path
) -> None:
    logged(registry, folder, auc=0.5, parity_gap=0.1)
    done = promote(registry, "risk", version=None, rules=RULES)
    assert not done.promoted
    assert len(done.why) == 2
    assert registry.version("risk") is None
    assert registry.version("risk", "challenger") == done.version


def test_a_metric_that_was_never_a_number_is_no_pass(registry: Registry, folder: Path) -> None:
    logged(registry, folder, auc=float("nan"))
    assert not promote(registry, "risk", version=None, rules=RULES).promoted


def test_text_models_have_no_gates(registry: Registry, folder: Path) -> None:
    logged(registry, folder, "text", auc=0.0)
    assert promote(registry, "text", version=None, rules=RULES).promoted


@pytest.mark.parametrize("version", ["99", "abc", "-1"])
def test_a_version_that_is_not_there_is_named(registry: Registry, version: str) -> None:
    with pytest.raises(NotFound, match=f"no version '{version}' of 'risk'"):
        promote(registry, "risk", version=version, rules=RULES)


def test_without_any_version_there_is_nothing_to_promote(registry: Registry) -> None:
    with pytest.raises(NotReady, match="no version of 'text'"):
        promote(registry, "text", version=None, rules=RULES)
