"""The scorer: one decision per line, degraded without a champion, the new one without a restart."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from features.errors import Conflict
from features.judgements import Plan
from features.records import Declaration
from features.spending import plans
from features.store import Store
from serving.scorer import Turns
from tests.serving import world
from tests.serving.conftest import Made, service_of
from tests.serving.shelf import Shelf


def declaration(name: str = "N-1", **told: object) -> Declaration:
    return Declaration.model_validate({**world.line(name, **told), "known_at": world.NOW})


def test_a_line_is_decided_once(client: TestClient) -> None:
    scorer = service_of(client).scorer
    first = scorer.score([declaration()], as_of=world.NOW)
    later = world.NOW + timedelta(hours=3)
    again = declaration().model_copy(update={"known_at": later})
    assert scorer.score([again], as_of=later) == first
    assert scorer.store.count("decisions") == 1


def test_a_line_told_twice_in_one_request_is_decided_once(client: TestClient) -> None:
    scorer = service_of(client).scorer
    made = scorer.score([declaration(), declaration("N-2"), declaration()], as_of=world.NOW)
    assert made[0] == made[2] != made[1]
    assert scorer.store.count("decisions") == 2


def test_two_callers_at_once_get_the_same_decision(client: TestClient) -> None:
    scorer = service_of(client).scorer
    moments = [world.NOW + timedelta(seconds=second) for second in range(8)]
    with ThreadPoolExecutor(8) as callers:
        made = list(callers.map(lambda at: scorer.score([declaration()], as_of=at)[0], moments))
    assert len({decision.decision_id for decision in made}) == 1


def test_other_content_under_a_known_id_is_a_conflict(client: TestClient) -> None:
    scorer = service_of(client).scorer
    scorer.score([declaration()], as_of=world.NOW)
    with pytest.raises(Conflict, match="'N-1' is already declared with other content"):
        scorer.score([declaration("N-2"), declaration(quantity=7)], as_of=world.NOW)
    assert scorer.store.count("decisions") == 1


def test_other_content_within_one_request_is_a_conflict(client: TestClient) -> None:
    with pytest.raises(Conflict, match="'N-1'"):
        service_of(client).scorer.score([declaration(), declaration(quantity=7)], as_of=world.NOW)


def test_one_at_a_time_equals_all_at_once_to_the_last_bit(
    client: TestClient, made: Made, tmp_path: Path
) -> None:
    scorer = service_of(client).scorer
    lines = [
        declaration(f"N-{i}", origin=world.ORIGINS[i % 4], enterprise_id=world.FIRMS[i % 12])
        for i in range(24)
    ]
    together = scorer.score(lines, as_of=world.NOW)
    shutil.copy(made.store, tmp_path / "other.db")
    scorer.store = Store.open(f"sqlite:///{tmp_path / 'other.db'}")
    alone = [scorer.score([line], as_of=world.NOW)[0] for line in lines]
    scorer.store.close()
    assert alone == together
    assert len({decision.likelihood for decision in alone}) > 4


def test_the_base_rates_answer_while_nothing_is_loaded(degraded: TestClient) -> None:
    scorer = service_of(degraded).scorer
    (decision,) = scorer.score([declaration()], as_of=world.NOW)
    base = scorer.agency.policy.base
    assert (decision.degraded, decision.model_version) == (True, "base")
    assert (decision.likelihood, decision.severity) == (base.likelihood, base.severity)
    assert (decision.likelihood_low, decision.likelihood_high) == (None, None)
    assert decision.inspections_known is None


def test_rules_hold_while_nothing_is_loaded_and_know_no_fact(degraded: TestClient) -> None:
    scorer = service_of(degraded).scorer
    for name in ("N-1", "N-2", "N-3"):
        waste = declaration(name, hs_code="3915100000")
        (told,) = scorer.score([waste], as_of=world.NOW)
        assert (told.lane, told.effects[0].cause) == ("full", "prohibition")
        (other,) = scorer.score([declaration(f"{name}-K")], as_of=world.NOW)
        assert {effect.cause for effect in other.effects} <= {"floor", "risk"}


def test_the_model_sees_what_the_goods_are(client: TestClient) -> None:
    kettle, bag = service_of(client).scorer.score(
        [declaration(), declaration("N-2", hs_code="4202120000", origin="DE")], as_of=world.NOW
    )
    assert kettle.likelihood > 0.5 > bag.likelihood
    assert not kettle.degraded
    assert kettle.reasons[0].evidence


def test_the_plans_price_decides_who_is_certain_to_be_inspected(client: TestClient) -> None:
    scorer = service_of(client).scorer
    before = scorer.score([declaration()], as_of=world.NOW)[0]
    dear = plan("2024-03-01", price=10_000.0)
    scorer.store.append([dear])
    after = scorer.score([declaration("N-2")], as_of=world.NOW)[0]
    assert before.inclusion_probability == 1
    floor = scorer.agency.policy.floors[after.level]
    assert after.inclusion_probability == pytest.approx(floor)


def test_the_latest_plan_of_the_day_holds(client: TestClient) -> None:
    store = service_of(client).store
    later = plan("2024-03-01", price=3.0, planned_at=world.NOW)
    store.append([plan("2024-03-01", price=2.0), plan("2024-03-02", price=9.0), later])
    assert {p.port: p.price for p in plans(store, world.NOW)} == {"深圳蛇口": 3.0}


def plan(day: str, *, price: float, planned_at: object = world.NOW - timedelta(hours=5)) -> Plan:
    return Plan.model_validate(
        {
            "plan_id": f"{day}@深圳蛇口",
            "day": day,
            "port": "深圳蛇口",
            "planned_at": planned_at,
            "price": price,
            "capacity": 8.0,
            "expected_lines": 100.0,
            "commitment": "0" * 64,
            "policy_version": "example",
        }
    )


def test_a_promoted_champion_takes_office_without_a_restart(
    client: TestClient, shelf: Shelf, made: Made, tmp_path: Path
) -> None:
    service = service_of(client)
    before = service.scorer.score([declaration()], as_of=world.NOW)[0]
    shutil.copytree(made.artifact, tmp_path / "next")
    parts = json.loads((tmp_path / "next" / "risk.json").read_text())
    parts["calibration"]["intercept"] -= 2.0
    (tmp_path / "next" / "risk.json").write_text(json.dumps(parts))
    shelf.champions["risk"] = ("2", tmp_path / "next")
    service.watch.refresh()
    after = service.scorer.score([declaration("N-2")], as_of=world.NOW)[0]
    assert (before.model_version, after.model_version) == ("risk/1", "risk/2")
    assert after.likelihood < before.likelihood


def test_a_champion_that_does_not_fit_leaves_the_old_one_in_office(
    client: TestClient, shelf: Shelf, made: Made, tmp_path: Path
) -> None:
    service = service_of(client)
    shutil.copytree(made.artifact, tmp_path / "next")
    (tmp_path / "next" / "manifest.json").write_text(json.dumps({"features": ["moon_phase"]}))
    shelf.champions["risk"] = ("2", tmp_path / "next")
    service.watch.refresh()
    assert service.watch.standing is not None
    assert service.watch.standing.champion.version == "risk/1"
    assert (
        "moon_phase" in service.watch.troubles["risk"] or "differ" in service.watch.troubles["risk"]
    )
    shelf.champions["risk"] = ("1", made.artifact)
    service.watch.refresh()
    assert service.watch.troubles == {}


@pytest.mark.parametrize("broken", ["booster_0.txt", "risk.json", "manifest.json"])
def test_a_damaged_artifact_is_named_and_not_loaded(
    broken: str, degraded: TestClient, shelf: Shelf, made: Made, tmp_path: Path
) -> None:
    shutil.copytree(made.artifact, tmp_path / "next")
    (tmp_path / "next" / broken).write_text("{")
    shelf.champions["risk"] = ("2", tmp_path / "next")
    watch = service_of(degraded).watch
    watch.refresh()
    assert watch.standing is None
    assert "risk model 2" in watch.troubles["risk"]


def test_facts_of_other_writers_are_learned(client: TestClient) -> None:
    service = service_of(client)
    assert service.watch.standing is not None
    before = service.watch.standing.follower.facts
    new = world.facts(30, seed=5)
    fresh = [f.model_copy(update={"declaration_id": "Z" + f.fact_id}) for f in new[:30]]
    service.store.append(fresh)
    service.watch.refresh()
    assert service.watch.standing.follower.facts == before + 30
    service.watch.refresh()
    assert service.watch.standing.follower.facts == before + 30


def test_learning_as_facts_come_equals_reading_them_all(client: TestClient) -> None:
    service = service_of(client)
    known = {fact.fact_id for fact in world.facts()}
    late = world.reports(75)[60:]
    assert not known & {report.fact_id for report in late}
    service.store.append([*late, *world.annotations(late)])
    service.watch.refresh()
    learned = service.scorer.score([declaration()], as_of=world.NOW)[0]
    service.watch.standing = None
    service.watch._risk_version = None
    service.watch.refresh()
    reread = service.scorer.score([declaration("N-2")], as_of=world.NOW)[0]
    assert learned.likelihood == reread.likelihood
    assert [reason.value for reason in learned.reasons] == [r.value for r in reread.reasons]


def test_turns_let_others_pass() -> None:
    turns = Turns()
    with turns.of({"a"}), turns.of({"b"}):
        pass
    with turns.of({"a", "b"}):
        pass
