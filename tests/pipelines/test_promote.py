"""A version decides only when it passes every gate and a second person approves; why is kept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from features.errors import Invalid, NotFound, NotReady
from features.store import Store
from models import gates
from models.registry import Registry
from models.succession import Turn
from pipelines.promote import Asked, Promotion, promote

RULES = gates.load()
AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
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
    """Register one more version with these metrics, trained by 甲."""
    (folder / "manifest.json").write_text("{}")
    metrics = {**GOOD, **changed}
    made = registry.log("train", params={}, metrics=metrics, directory=folder, register=model)
    registry.tag(model, made, tags={"trained_by": "甲"})
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "artifact"
    path.mkdir()
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'empty.db'}")
    yield store
    store.close()


@pytest.fixture
def approve(registry: Registry, empty: Store) -> "Approve":
    return Approve(registry, empty)


class Approve:
    """Approves by 乙, unless another is named."""

    def __init__(self, registry: Registry, store: Store) -> None:
        self.registry, self.store = registry, store

    def __call__(
        self, model: str = "risk", *, version: str | None = None, by: str = "乙"
    ) -> Promotion:
        asked = Asked(model, version, by, AT)
        return promote(self.registry, asked, store=self.store, rules=RULES)


def test_promotion_from_the_first_version_on(
    registry: Registry, folder: Path, approve: Approve
) -> None:
    good = logged(registry, folder)
    first = approve()
    assert (first.version, first.promoted, first.why) == (good, True, ("passed every gate",))
    assert first.notes == ()
    assert registry.version("risk") == good

    worse = logged(registry, folder, average_precision=0.3)
    second = approve()
    assert (second.version, second.promoted) == (worse, False)
    assert second.why == ("average_precision 0.300 is worse than the champion's 0.400",)
    assert "not compared with the champion on the same lines" in second.notes[0]
    assert registry.version("risk") == good
    assert registry.version("risk", "challenger") == worse

    better = logged(registry, folder, average_precision=0.45)
    third = approve(version=better)
    assert third.why == (f"passed every gate, in place of version {good}",)
    assert registry.version("risk") == better

    assert not approve(version=good).promoted
    assert approve(version=better).promoted


def test_without_a_champion_a_weak_version_becomes_no_champion(
    registry: Registry, folder: Path, approve: Approve
) -> None:
    logged(registry, folder, auc=0.5, parity_gap=0.1)
    done = approve()
    assert not done.promoted
    assert len(done.why) == 2
    assert registry.version("risk") is None
    assert registry.version("risk", "challenger") == done.version


def test_a_metric_that_was_never_a_number_is_no_pass(
    registry: Registry, folder: Path, approve: Approve
) -> None:
    logged(registry, folder, auc=float("nan"))
    assert not approve().promoted


@pytest.mark.parametrize("model", ["risk", "text"])
def test_whoever_trained_may_not_approve(
    registry: Registry, folder: Path, approve: Approve, model: str
) -> None:
    auc = {"risk": 0.8, "text": 0.0}[model]  # text models have no other gates
    version = logged(registry, folder, model, auc=auc)
    done = approve(model, by=" 甲 ")
    (sentence,) = done.why
    assert sentence.startswith("a second person must approve: 甲 trained this version")
    assert f"yujing promote --model {model} --version {version} --approved-by NAME" in sentence
    assert registry.version(model) is None
    assert registry.version(model, "challenger") == version
    assert approve(model).promoted
    assert registry.version(model, "challenger") is None


def test_who_failed_to_approve_the_champion_again_makes_it_no_challenger(
    registry: Registry, folder: Path, approve: Approve
) -> None:
    version = logged(registry, folder)
    assert approve().promoted
    assert not approve(by="甲").promoted
    assert (registry.version("risk"), registry.version("risk", "challenger")) == (version, None)


def test_nobody_may_not_approve(approve: Approve) -> None:
    for name in ("", "  ", "\u200b", "—", "x" * 101):
        with pytest.raises(Invalid, match="names nobody; give the name of the person"):
            approve(by=name)


def test_without_the_rule_one_person_is_enough(
    registry: Registry, folder: Path, empty: Store
) -> None:
    logged(registry, folder)
    alone = RULES.model_copy(update={"second_person": False})
    assert promote(registry, Asked("risk", None, "甲", AT), store=empty, rules=alone).promoted


def test_an_older_version_says_that_its_trainer_is_unknown(
    registry: Registry, approve: Approve, folder: Path
) -> None:
    (folder / "manifest.json").write_text("{}")
    registry.log("train", params={}, metrics=GOOD, directory=folder, register="risk")
    done = approve()
    assert done.promoted
    assert done.notes == ("who trained this version is unknown: it was not recorded",)


def test_the_approval_is_kept_also_after_the_next_one(
    registry: Registry, folder: Path, empty: Store, approve: Approve
) -> None:
    first = logged(registry, folder)
    asked = Asked("risk", None, " 乙 ", AT, "季度更新")
    promote(registry, asked, store=empty, rules=RULES)
    logged(registry, folder, average_precision=0.45)
    assert approve(by="丙").promoted
    kept = registry.tags("risk", first)
    assert kept["trained_by"] == "甲"
    assert (kept["approved_by"], kept["approved_at"]) == ("乙", AT.isoformat())
    assert kept["approved_because"] == "季度更新; passed every gate"
    numbers = json.loads(kept["approved_gates"])
    assert numbers == {
        "auc": 0.8,
        "ece_excess": 0.01,
        "positives": 100,
        "parity_gap": 0,
        "second_person": 1,
    }
    turns = [Turn.from_json(text) for text in registry.history("risk")]
    assert [(turn.by, turn.how) for turn in turns] == [("乙", "promoted"), ("丙", "promoted")]
    assert turns[0].gates == numbers


def test_a_version_that_is_not_there_is_named(approve: Approve) -> None:
    for version in ("99", "abc", "-1"):
        with pytest.raises(NotFound, match=f"no version '{version}' of 'risk'"):
            approve(version=version)


def test_without_any_version_there_is_nothing_to_promote(approve: Approve) -> None:
    with pytest.raises(NotReady, match="no version of 'text'"):
        approve("text")
