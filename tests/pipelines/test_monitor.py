"""Monitoring sees what was known then, says what cannot be judged, and lands in a run."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import mlflow
import pytest

from features.errors import NotReady
from features.records import Declaration, Record, Report
from features.store import Store
from models.registry import Registry
from models.risk import matrix
from pipelines.champions import RiskChampion
from pipelines.monitor import Asked, Watched, log, monitor, watched
from tests.pipelines.conftest import UNTIL, Said

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
LEARNED = UNTIL - 500 * DAY  # as if the champion were older, so that outcomes are there to judge

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


@pytest.fixture
def watch(champion: RiskChampion) -> Watched:
    return Watched(replace(champion, as_of=LEARNED), matrix.load())


def test_the_simulated_world_goes_on_as_before(small: Store, watch: Watched) -> None:
    found = monitor(small, watch, asked=Asked(UNTIL))
    drift = found.answers.drift
    assert (len(drift.sampled.periods), drift.sampled.days) == (22, 30)
    assert {f.question for f in found.findings if f.severity == "act"} <= {"calibration"}
    assert {t.name for t in found.answers.outcomes.tests} >= {"all", "slope"}
    names = {feed.name for feed in found.answers.feeds}
    assert {"declarations", "inspections", "12315", "media"} <= names


def test_later_facts_change_nothing(small: Store, watch: Watched) -> None:
    past = Asked(UNTIL - 40 * DAY)
    before = monitor(small, watch, asked=past).plain()
    later = UNTIL - 10 * DAY
    small.append(
        [
            Declaration(
                declaration_id=f"later{i}",
                declared_at=past.as_of - 5 * DAY,
                known_at=later,
                enterprise_id="E1",
                value_fen=10**9,
            )
            for i in range(300)
        ]
    )
    assert monitor(small, watch, asked=past).plain() == before
    assert monitor(small, watch, asked=Asked(UNTIL)).plain() != before


def test_values_in_another_unit_and_a_thin_channel_are_named(small: Store, watch: Watched) -> None:
    frame = small.frame("declarations")
    recent = frame[frame["declared_at"] >= UNTIL - 30 * DAY]["fact_id"]
    told = small.select("declarations", "fact_id", values=list(recent))
    small.append([dearer(line) for line in told])
    small.append([heard(i) for i in range(400)])
    found = monitor(small, watch, asked=Asked(UNTIL))
    changes = [finding.zh for finding in found.findings if finding.severity != "ok"]
    assert any("申报货值（分）的对数：中位数" in zh for zh in changes)
    assert any(zh.startswith("实验室通报变少") for zh in changes)


def dearer(line: Record) -> Record:
    """The same line a second later, its value in another unit."""
    assert isinstance(line, Declaration)
    changed = {"value_fen": (line.value_fen or 1) * 100, "known_at": line.known_at + SECOND}
    return line.model_copy(update=changed)


def heard(number: int) -> Report:
    """One of the reports that came every five hours, until three weeks ago."""
    at = UNTIL - 21 * DAY - number * timedelta(hours=5)
    return Report(
        report_id=f"lab{number}", channel="laboratory", received_at=at, known_at=at, text="检出"
    )


def test_a_model_that_has_just_learned_waits_for_outcomes(
    small: Store, champion: RiskChampion
) -> None:
    found = monitor(small, Watched(champion, matrix.load()), asked=Asked(UNTIL))
    outcomes = found.answers.outcomes
    assert (outcomes.lines, outcomes.tests, outcomes.kept) == (0, [], [])
    assert any(f.question == "calibration" and f.severity == "ok" for f in found.findings)
    assert found.answers.promised


def test_a_young_store_says_what_it_cannot_judge(small: Store, watch: Watched) -> None:
    young = small.frame("declarations")["known_at"].min().to_pydatetime() + 20 * DAY
    found = monitor(small, watch, asked=Asked(young))
    assert found.answers.drift.rank is None
    assert found.answers.promised == []
    assert {f.question for f in found.findings if "判断" in f.zh} >= {"drift", "calibration"}


def test_without_declarations_there_is_nothing_to_watch(watch: Watched, tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(NotReady, match="no declaration was known before"):
        monitor(store, watch, asked=Asked(UNTIL))
    store.close()


def test_a_run_keeps_the_report_the_charts_and_the_numbers(
    small: Store, watch: Watched, registry: Registry
) -> None:
    found = monitor(small, watch, asked=Asked(UNTIL))
    run = log(found, registry)
    client = mlflow.MlflowClient(registry.uri)
    kept = client.get_run(run).data
    assert kept.tags["step"] == "monitor"
    assert kept.params["model"] == "risk/1"
    assert {"drift_p", "findings_act", "ratio_all", "silent_feeds"} <= set(kept.metrics)
    files = {Path(file.path).name for file in client.list_artifacts(run, "model")}
    assert files == {"monitor.json", "report.md", "drift.svg", "calibration.svg", "freshness.svg"}


def test_the_command_prints_one_object_last(
    small: Store,
    champion: RiskChampion,
    registry: Registry,
    tmp_path: Path,
    yujing: Callable[..., Said],
) -> None:
    small.close()
    places = ("--store", f"sqlite:///{tmp_path / 'facts.db'}", "--tracking-uri", registry.uri)
    said = yujing("monitor", *places, "--as-of", UNTIL.isoformat(), "--days", "30", "--json")
    assert said.code == 0
    told = json.loads(said.out.splitlines()[-1])
    assert told["model"] == champion.version
    assert {"findings", "drift", "calibration", "performance", "freshness", "run"} <= set(told)
    assert "怎么办 what to do" in said.out
    assert told["calibration"]["tests"] == []  # it learned until the very moment


def test_without_a_champion_it_says_how_to_get_one(
    registry: Registry, tmp_path: Path, yujing: Callable[..., Said]
) -> None:
    said = yujing(
        "monitor",
        "--store",
        f"sqlite:///{tmp_path / 'none.db'}",
        "--tracking-uri",
        registry.uri,
    )
    assert said.code == 1
    assert "no champion of 'risk'" in said.err


def test_the_champion_is_watched_with_what_it_knew(
    champion: RiskChampion, registry: Registry
) -> None:
    found = watched(registry, matrix.load())
    assert found.champion.version == champion.version
    assert found.champion.as_of == UNTIL
    assert replace(found.champion, as_of=LEARNED).as_of == LEARNED
