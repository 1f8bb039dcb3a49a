"""A day's plan spends each port's hours, commits to the draw, and can be planned again."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from features import build
from features.judgements import Plan
from features.store import Store
from models.inspection import draw
from models.inspection import policy as policies
from models.risk import matrix as matrices
from models.risk.assess import assess
from pipelines import plan as step
from pipelines.champions import RiskChampion
from pipelines.plan import Day, plan
from pipelines.score import prices
from tests.pipelines.conftest import UNTIL

POLICY, MATRIX = policies.load(), matrices.load()
DAY = Day(date(2025, 7, 1), UNTIL, b"a secret for tests only, long enough", hours=3.0)

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


@pytest.fixture
def plans(small: Store, champion: RiskChampion) -> list[Plan]:
    return plan(small, champion, policy=POLICY, matrix=MATRIX, day=DAY)


def test_one_plan_for_each_port_of_the_last_four_weeks(small: Store, plans: list[Plan]) -> None:
    declared = small.frame("declarations")
    recent = declared[declared["declared_at"] >= UNTIL - step.PAST]
    assert [p.port for p in plans] == sorted(recent["port"].dropna().unique())
    assert sum(p.expected_lines for p in plans) * 28 == pytest.approx(recent["port"].count())
    assert {p.day for p in plans} == {"2025-07-01"}
    assert small.count("plans") == len(plans)
    assert prices(small, as_of=UNTIL) == {p.port: p.price for p in plans}


def test_expected_hours_stay_within_the_capacity_or_the_floors(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    declared = small.frame("declarations")
    recent = declared[declared["declared_at"] >= UNTIL - step.PAST].reset_index(drop=True)
    features = champion.model.features
    rows = build.answer(build.asked(recent, features), features, facts=champion.index(small))
    found = assess(champion.model, rows, matrix=MATRIX)
    effort = np.array([POLICY.effort[POLICY.lanes[level]] for level in found.level])
    harm = np.array(POLICY.harm)[found.severity - 1]
    floor = np.array([POLICY.floors[level] for level in found.level])
    for each in plans:
        here = (recent["port"] == each.port).to_numpy()
        chance = np.where(found.likelihood * harm / effort >= each.price, 1.0, floor)
        spent = float(np.dot(chance[here], effort[here])) / 28
        least = float(np.dot(floor[here], effort[here])) / 28
        assert spent <= max(each.capacity, least) + 1e-9


def test_more_hours_never_raise_a_price(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    day = replace(DAY, hours=DAY.hours * 10, as_of=UNTIL + timedelta(seconds=1))
    richer = plan(small, champion, policy=POLICY, matrix=MATRIX, day=day)
    for less, more in zip(plans, richer, strict=True):
        assert more.price <= less.price
    assert prices(small, as_of=UNTIL) == {p.port: p.price for p in richer}, "the newest holds"


def test_the_commitment_is_the_hash_of_the_day_s_secret_and_tells_it_to_nobody(
    plans: list[Plan],
) -> None:
    secret = draw.day_secret(DAY.secret, DAY.date)
    assert {p.commitment for p in plans} == {draw.commitment(secret)}
    assert secret.hex() not in str(plans)
    other = draw.commitment(draw.day_secret(DAY.secret, date(2025, 7, 2)))
    assert plans[0].commitment != other


def test_the_same_plan_again_is_the_same_fact(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    assert plan(small, champion, policy=POLICY, matrix=MATRIX, day=DAY) == plans
    assert small.count("plans") == len(plans)


def test_a_port_that_nothing_came_to_has_no_plan(small: Store, champion: RiskChampion) -> None:
    day = replace(DAY, as_of=UNTIL + timedelta(days=60))
    assert plan(small, champion, policy=POLICY, matrix=MATRIX, day=day) == []


def test_what_is_declared_later_changes_no_price(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    earlier = replace(DAY, as_of=UNTIL - timedelta(days=5))
    first = plan(small, champion, policy=POLICY, matrix=MATRIX, day=earlier)
    declared = small.frame("declarations", known_before=earlier.as_of)
    recent = declared[declared["declared_at"] >= earlier.as_of - step.PAST]
    assert sum(p.expected_lines for p in first) * 28 == pytest.approx(recent["port"].count())
    assert plans
