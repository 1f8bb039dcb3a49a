"""The champion before decides again, who and why is kept, and nothing else can be returned to."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from features.errors import Conflict, Invalid, NotFound, NotReady
from models.approval import Approval
from models.registry import Registry
from models.succession import Turn
from pipelines import arguments, office
from pipelines.rollback import Asked, rollback
from pipelines.versions import versions
from tests.pipelines.test_promote import logged

AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
LEFT = "version 1 decides instead: in place of version 2: 误检太多"
FOUR = 4  # versions that decide one after the other

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tracking file with four versions, none of which decides."""
    folder: Path = tmp_path_factory.mktemp("four")
    (folder / "artifact").mkdir()
    for _ in range(FOUR):
        logged(arguments.registry(f"sqlite:///{folder / 'mlflow.db'}"), folder / "artifact")
    return folder / "mlflow.db"


@pytest.fixture
def fresh(four: Path, tmp_path: Path) -> Registry:
    """A registry of the test's own with these versions."""
    shutil.copy(four, tmp_path / "mlflow.db")
    return arguments.registry(f"sqlite:///{tmp_path / 'mlflow.db'}")


def enter(registry: Registry, *numbers: str) -> None:
    for version in numbers:
        signed = Approval("乙", AT, "passed", {})
        office.enter(registry, "risk", version=version, approval=signed, how="promoted")


def back(registry: Registry, to: str | None = None, **changed: str) -> str:
    told = {"by": "丙", "why": "误检太多", **changed}
    done = rollback(registry, Asked("risk", to, told["by"], told["why"], AT))
    assert registry.version("risk") == done.version
    return done.version


def test_one_after_the_other_until_there_is_none_before(fresh: Registry) -> None:
    enter(fresh, "1", "2", "3")
    assert back(fresh) == "2"
    assert back(fresh) == "1"
    with pytest.raises(NotReady, match="no version of 'risk' was champion before version 1"):
        back(fresh)
    enter(fresh, "4")
    assert back(fresh) == "1"


def test_who_and_why_is_kept_like_an_approval(fresh: Registry) -> None:
    enter(fresh, "1", "2")
    back(fresh)
    kept = fresh.tags("risk", "1")
    assert (kept["approved_by"], kept["restored_by"]) == ("乙", "丙")
    assert kept["restored_because"] == "in place of version 2: 误检太多"
    assert kept["restored_at"] == AT.isoformat()
    assert fresh.tags("risk", "2")["left_because"] == LEFT
    turns = [Turn.from_json(text) for text in fresh.history("risk")]
    assert [(t.version, t.how, t.by) for t in turns] == [
        ("1", "promoted", "乙"),
        ("2", "promoted", "乙"),
        ("1", "rolled back", "丙"),
    ]


def test_to_any_earlier_champion_and_to_nothing_else(fresh: Registry) -> None:
    enter(fresh, "1", "2", "3")
    assert back(fresh, "1") == "1"
    assert back(fresh, "3") == "3"
    with pytest.raises(Conflict, match="version 3 of 'risk' is the champion"):
        back(fresh, "3")
    for never in ("4", "99", "x"):
        with pytest.raises(Conflict, match=f"version '{never}' of 'risk' never was champion"):
            back(fresh, never)
    assert fresh.version("risk") == "3"


def test_champions_from_before_the_succession_was_kept_are_known(fresh: Registry) -> None:
    fresh.promote("risk", "1", alias="champion", why="by hand")
    enter(fresh, "2")
    fresh.promote("risk", "3", alias="champion", why="by hand again")
    assert back(fresh) == "2"
    assert back(fresh) == "1"


def test_a_version_that_is_gone_is_named(fresh: Registry) -> None:
    enter(fresh, "1", "2")
    fresh._client().delete_model_version("risk", "1")
    with pytest.raises(NotFound, match="no version '1' of 'risk'"):
        back(fresh)
    assert fresh.version("risk") == "2"


def test_nobody_and_no_reason_are_refused(fresh: Registry) -> None:
    enter(fresh, "1", "2")
    with pytest.raises(Invalid, match="names nobody"):
        back(fresh, by=" ")
    for why in ("", " "):
        with pytest.raises(Invalid, match="gives no reason"):
            back(fresh, why=why)


def test_without_a_champion_there_is_nothing_to_go_back_from(fresh: Registry) -> None:
    with pytest.raises(NotReady, match="has no champion to go back from"):
        back(fresh)


def test_the_versions_tell_the_story(fresh: Registry) -> None:
    enter(fresh, "1", "2")
    back(fresh)
    fresh.promote("risk", "3", alias="challenger", why="auc 0.5 is below 0.6")
    told = {one["version"]: one for one in versions(fresh, "risk")}
    assert list(told) == ["4", "3", "2", "1"]
    assert [told[v]["aliases"] for v in "4321"] == [[], ["challenger"], [], ["champion"]]
    assert told["1"]["why"] == "in place of version 2: 误检太多"
    assert told["2"]["why"] == LEFT
    assert told["3"]["why"] == "auc 0.5 is below 0.6"
    assert (told["4"]["why"], told["4"]["approved_by"]) == (None, None)
    assert {one["trained_by"] for one in told.values()} == {"甲"}
    assert told["1"]["metrics"] == {
        "auc": 0.8,
        "average_precision": 0.4,
        "ece_excess": 0.01,
        "positives": 100.0,
        "precision_at_5pct": 0.5,
    }


def test_a_model_without_versions_says_so(fresh: Registry) -> None:
    with pytest.raises(NotReady, match="no version of 'text'"):
        versions(fresh, "text")
