"""Two versions are compared on lines that neither has learned from, as each saw them then."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest

from features import memory
from features.errors import Conflict, NotFound, NotReady
from features.store import Store
from models import gates, resampling
from models.gates import Gates
from models.registry import Registry
from pipelines import arguments, promote
from pipelines.compare import Asked, Compared, compare, log
from pipelines.contenders import Contender, Incomparable, contender
from pipelines.table import read, table
from pipelines.train_risk import TrainedRisk, train_risk
from pipelines.train_risk import log as register
from tests.pipelines.conftest import UNTIL, Place, Said, copied, lexicon_reader

CUT = UNTIL - timedelta(days=120)  # before which the older version had learned
FEW: Gates = gates.load().model_copy(update={"least_positives": 2})  # for a small world
ASKED = Asked("2", "1", UNTIL)

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


@pytest.fixture(scope="module")
def two(
    world: Place, tracking: Path, trained: TrainedRisk, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A tracking file with four versions: of now, an older one, one all wrong, one all right."""
    path: Path = tmp_path_factory.mktemp("two") / "mlflow.db"
    shutil.copy(tracking, path)
    registry = arguments.registry(f"sqlite:///{path}")
    store = Store.open(f"sqlite:///{world.store}")
    register(train_risk(store, until=CUT, reader=lexicon_reader()), registry, params={}, by="甲")
    store.close()
    failed = trained.judged.tested.labels["failed"].to_numpy(bool)
    for told in (np.where(failed, 0.05, 0.95), np.where(failed, 0.95, 0.05)):
        judged = replace(trained.judged, likelihood=told)
        register(replace(trained, judged=judged), registry, params={})
    return path


@pytest.fixture
def four(two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A registry of the test's own with these versions."""
    monkeypatch.setattr(resampling.counts, "__kwdefaults__", {"draws": 100})
    shutil.copy(two, tmp_path / "mlflow.db")
    return arguments.registry(f"sqlite:///{tmp_path / 'mlflow.db'}")


def compared(store: Store, registry: Registry, asked: Asked = ASKED) -> Compared:
    return compare(store, registry, asked=asked, rules=FEW)


def declared(store: Store) -> pd.DataFrame:
    return store.frame("declarations").drop_duplicates("declaration_id", keep="last")


def test_only_lines_that_neither_has_learned_from_are_common(small: Store, four: Registry) -> None:
    older, newer = contender(four, "2"), contender(four, "1")
    lines = declared(small)
    days = lines["declared_at"]
    covered = older.covers(lines)
    assert (older.risk.as_of, newer.risk.as_of) == (CUT, UNTIL)
    assert covered[days >= pd.Timestamp(CUT)].all()
    before = lines[covered & (days < pd.Timestamp(CUT))]
    assert set(before["declaration_id"]) == set(older.judged["declaration_id"])
    assert not newer.covers(lines)[
        ~lines["declaration_id"].isin(newer.judged["declaration_id"])
    ].any()
    found = compared(small, four).found
    both = lines[covered]["declaration_id"].isin(newer.judged["declaration_id"]).sum()
    assert 0 < len(found.lines) == both
    assert found.failures == found.lines.failed.sum() >= 2


def test_each_says_what_it_would_have_said_then(small: Store, four: Registry) -> None:
    older = contender(four, "2")
    tables = read(small)
    whole = table(memory.pinned(tables, older.risk.text_version), older.risk.model.features)
    lines = whole.declarations.iloc[-200:].reset_index(drop=True)
    lines = lines[older.covers(lines)].reset_index(drop=True)
    said = pd.Series(older.likelihood(tables, lines), lines["declaration_id"])
    told = older.judged.set_index("declaration_id")["likelihood"]
    judged = said.index.isin(told.index)
    assert judged.any()
    assert (~judged).any()
    assert (said[judged] == told.reindex(said.index[judged])).all()
    anew = pd.Series(older.risk.model.likelihood(whole.rows), whole.declarations["declaration_id"])
    assert (said[~judged] == anew.reindex(said.index[~judged])).all()


def test_facts_learned_later_and_other_readers_change_nothing(small: Store, four: Registry) -> None:
    asked = replace(ASKED, as_of=UNTIL - timedelta(days=5))
    before = compared(small, four, asked).plain()
    visits = small.latest("inspections", limit=1)
    later = {"known_at": UNTIL - timedelta(days=1), "outcome": "fail"}
    small.append([visit.model_copy(update=later) for visit in visits])
    noted = small.latest("annotations", limit=300)
    other = {"model_version": "another", "severity": 4}
    small.append([one.model_copy(update=other) for one in noted])
    assert compared(small, four, asked).plain() == before


def test_lines_too_young_are_left_out(small: Store, four: Registry) -> None:
    early = compared(small, four, replace(ASKED, as_of=UNTIL - timedelta(days=30)))
    late = compared(small, four)
    assert 0 < len(early.found.lines) < len(late.found.lines)
    last = datetime.fromisoformat(early.days[1])
    assert last.date() < (UNTIL - timedelta(days=30)).date()


def test_the_same_question_gives_the_same_answer(small: Store, four: Registry) -> None:
    assert compared(small, four).plain() == compared(small, four).plain()
    other = compared(small, four, replace(ASKED, seed=1)).plain()
    assert other != compared(small, four).plain()


def test_the_usual_versions_are_the_aliases_or_else_the_newest(
    small: Store, four: Registry
) -> None:
    usual = Asked(None, None, UNTIL)
    with pytest.raises(NotReady, match="no champion of 'risk' in the registry; train and promote"):
        compared(small, four, usual)
    four.promote("risk", "1", alias="champion", why="a test")
    found = compared(small, four, usual)
    assert (found.champion, found.challenger) == ("1", "4")
    four.promote("risk", "2", alias="challenger", why="a test")
    found = compared(small, four, usual)
    assert (found.champion, found.challenger) == ("1", "2")
    by_alias = compared(small, four, Asked("challenger", "champion", UNTIL))
    assert (by_alias.champion, by_alias.challenger) == ("2", "1")


def test_what_cannot_be_compared_says_why(small: Store, four: Registry, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="version 1 would be compared with itself"):
        compared(small, four, Asked("1", "1", UNTIL))
    for name in ("99", "nobody", "-1"):
        with pytest.raises(NotFound, match=f"no version '{name}' of 'risk'"):
            compared(small, four, Asked("1", name, UNTIL))
    with pytest.raises(
        Incomparable, match=r"0 lines with 0 failures can be judged by both, 2 fail"
    ):
        compared(small, four, replace(ASKED, as_of=UNTIL - timedelta(days=900)))
    many = FEW.model_copy(update={"least_positives": 10_000})
    told = r"10000 failures and one pass are needed: version 2 of lines declared from 20.* on"
    with pytest.raises(Incomparable, match=told):
        compare(small, four, asked=ASKED, rules=many)
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "manifest.json").write_text("{}")
    half = four.log("train", params={}, metrics={}, directory=tmp_path / "half", register="risk")
    with pytest.raises(Incomparable, match=f"version {half} of 'risk' cannot be compared"):
        compared(small, four, Asked("1", half, UNTIL))


def test_a_version_without_judged_lines_speaks_of_later_ones(four: Registry) -> None:
    older = contender(four, "2")
    bare = Contender("2", older.risk, older.judged[:0])
    lines = older.judged.assign(declared_at=CUT - timedelta(days=1))
    assert not bare.covers(lines).any()
    assert bare.told == f"version 2 of lines declared from {CUT:%Y-%m-%d} on"


def test_the_run_keeps_numbers_and_chart(small: Store, four: Registry) -> None:
    found = compared(small, four)
    run = mlflow.get_run(log(found, four))
    assert run.data.tags["step"] == "compare"
    assert (run.data.params["champion"], run.data.params["challenger"]) == ("2", "1")
    difference = found.found.differences["auc"]
    assert run.data.metrics["auc_low"] == pytest.approx(difference.low)
    folder = Path(str(run.info.artifact_uri).removeprefix("file://")) / "model"
    assert {path.name for path in folder.iterdir()} == {"compare.json", "compare.svg"}
    assert "候选 challenger 1" in (folder / "compare.svg").read_text()
    assert json.loads((folder / "compare.json").read_text()) == found.plain()


def test_a_surely_worse_version_is_not_promoted(small: Store, four: Registry) -> None:
    four.promote("risk", "4", alias="champion", why="a test")
    open_gates = {"least_auc": 0.0, "most_ece_excess": 1.0, "precision_at_5pct_slack": 1.0}
    rules = FEW.model_copy(update={**open_gates, "average_precision_slack": 1.0})
    done = promote.promote(four, promote.Asked("risk", "3", "乙", UNTIL), store=small, rules=rules)
    (sentence,) = done.why
    assert sentence.startswith("on the same lines its average precision is surely worse")
    assert not done.promoted
    back = promote.promote(four, promote.Asked("risk", "2", "乙", UNTIL), store=small, rules=rules)
    assert back.promoted or back.why[0].startswith("on the same lines")


def test_the_commands_of_a_models_life(
    world: Place,
    four: Registry,
    tmp_path: Path,
    yujing: Callable[..., Said],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gates, "load", lambda: FEW.model_copy(update={"least_auc": 0.0}))
    runs = ("--tracking-uri", four.uri)
    doors = ("--store", copied(world, tmp_path), *runs)
    said = yujing("compare", "2", "1", *doors, "--as-of", "2025-06-30", "--json")
    assert said.code == 0, said.err
    found = json.loads(said.out.splitlines()[-1])
    assert (found["champion"], found["challenger"], len(found["run"])) == ("2", "1", 32)
    assert (
        found["metrics"]["average_precision"]["low"]
        <= found["metrics"]["average_precision"]["high"]
    )
    assert "enterprises are drawn" in said.out
    assert (
        "error: --approved-by ' ' names nobody"
        in yujing("promote", "--version", "2", "--approved-by", " ", *doors).err
    )
    own = yujing("promote", "--version", "2", "--approved-by", "甲", *doors)
    assert own.code == 1
    assert "a second person must approve" in own.out
    assert (
        "error: 'risk' has no champion" in yujing("rollback", "--by", "丙", "--why", "x", *runs).err
    )
    four.promote("risk", "2", alias="champion", why="a test")
    four.promote("risk", "1", alias="champion", why="by hand")
    alone = yujing("rollback", "risk", "--by", "丙", "--why", "x", *runs)
    assert "no version of 'risk' was champion before version 1" in alone.err
    never = yujing("rollback", "risk", "--to", "3", "--by", "丙", "--why", "x", *runs)
    assert "version '3' of 'risk' never was champion" in never.err
    told = yujing("versions", *runs, "--json")
    assert [one["version"] for one in json.loads(told.out.splitlines()[-1])["versions"]] == [
        "4",
        "3",
        "2",
        "1",
    ]
    assert "未知 unknown" in told.out
    assert "no version of 'text'" in yujing("versions", "text", *runs).err
    assert np.isfinite(found["metrics"]["auc"]["difference"])
