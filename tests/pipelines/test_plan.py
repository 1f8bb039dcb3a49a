"""A day's plan spends each port's hours, commits to the draw, and can be planned again."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from features.errors import Invalid
from features.judgements import Plan
from features.records import Declaration, Warning
from features.spending import plans as planned
from features.store import Store
from models.inspection import agency
from models.inspection.allocation import steer
from models.inspection.draws import draw
from pipelines import plan as step
from pipelines.champions import RiskChampion
from pipelines.plan import Capacity, Day, capacities, past, plan
from tests.pipelines.conftest import UNTIL

SECRET = b"a secret for tests only, long enough"
AGENCY = agency.load(SECRET, policy=None, matrix="port", rules=None)
DAY = Day(date(2025, 7, 1), UNTIL, Capacity(0.6, 2), {})

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


@pytest.fixture
def plans(small: Store, champion: RiskChampion) -> list[Plan]:
    return plan(small, champion, agency=AGENCY, day=DAY)


def test_one_plan_for_each_port_of_the_last_four_weeks(small: Store, plans: list[Plan]) -> None:
    declared = small.frame("declarations")
    recent = declared[declared["declared_at"] >= UNTIL - step.PAST].dropna(subset=["port"])
    assert [p.port for p in plans] == sorted(recent["port"].unique())
    tuesdays = recent["declared_at"].dt.tz_convert("Asia/Shanghai").dt.day_of_week == 1
    assert sum(p.expected_lines for p in plans) * 4 == pytest.approx(tuesdays.sum())
    assert {p.day for p in plans} == {"2025-07-01"}
    assert small.count("plans") == len(plans)
    assert planned(small, UNTIL) == sorted(plans, key=lambda p: p.known_at)


def test_expected_hours_are_the_capacity_or_what_the_floors_take(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    lines = past(small, champion, agency=AGENCY, as_of=UNTIL)
    for each in plans:
        here = lines[lines["port"] == each.port]
        share = each.expected_lines / len(here)
        assert each.share is not None
        assert each.floor_share is not None
        floors = float((here["hours"] - (1 - each.floor_share) * here["by_lot"]).sum())
        extra = (here["most"] - here["least"]) * here["effort"]
        above = float(extra[here["gain"] > each.price].sum())
        at = float(extra[here["gain"] == each.price].sum()) * each.share
        spent = (floors + above + at) * share
        everything = (floors + float(extra[here["gain"] > 0].sum())) * share
        least = float((here["hours"] - 0.9 * here["by_lot"]).sum()) * share
        assert spent == pytest.approx(max(min(each.capacity, everything), least))


def test_the_curve_of_a_plan_begins_where_the_day_does(plans: list[Plan]) -> None:
    for each in plans:
        day = steer.Day(each.capacity, each.expected_lines, each.curve, each.profile)
        assert len(each.profile) == 24
        assert each.profile[-1] == 1.0
        rates = [rate for rate, _ in day.curve]
        prices = [price for _, price in day.curve]
        assert rates == sorted(rates)
        assert prices == sorted(prices, reverse=True)


def test_more_hours_never_raise_a_price_and_more_units_neither(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    rich = Capacity(DAY.usual.hours * 10, 20)
    day = replace(DAY, usual=rich, as_of=UNTIL + timedelta(seconds=1))
    for less, more in zip(plans, plan(small, champion, agency=AGENCY, day=day), strict=True):
        assert more.price <= less.price
        assert more.unit_price is not None
        assert less.unit_price is not None
        assert more.unit_price <= less.unit_price
    assert {p.capacity for p in planned(small, UNTIL)} == {rich.hours}, "the newest holds"


def test_a_port_may_have_its_own_capacity(small: Store, champion: RiskChampion) -> None:
    port = str(small.frame("declarations")["port"].dropna().iloc[-1])
    day = replace(DAY, usual=Capacity(3.0), capacity={port: Capacity(50.0, 9)})
    told = {p.port: (p.capacity, p.units) for p in plan(small, champion, agency=AGENCY, day=day)}
    assert told.pop(port) == (50.0, 9)
    assert set(told.values()) == {(3.0, None)}


def test_what_a_user_types_of_capacities() -> None:
    usual, ports = capacities("渝=60, 沪=25,40", "沪=300")
    assert usual == Capacity(40.0, None)
    assert ports == {"渝": Capacity(60.0), "沪": Capacity(25.0, 300)}
    for hours, units, says in (
        ("渝=60", "", "tells none for the other ports"),
        ("many", "", "hours 'many' is no number"),
        ("-1", "", "hours '-1'"),
        ("inf", "", "hours 'inf'"),
        ("40", "渝=few", "units 'few'"),
    ):
        with pytest.raises(Invalid, match=says):
            capacities(hours, units)


def test_a_warning_takes_its_hours_before_risk_does(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    last = small.frame("declarations").dropna(subset=["hs_code"]).iloc[-1]
    scope = {"hs2": str(last["hs_code"])[:2]}
    at = UNTIL - timedelta(hours=1)
    before = past(small, champion, agency=AGENCY, as_of=UNTIL)
    small.append([Warning(warning_id="W", level="I", issued_at=at, known_at=at, scope=scope)])
    lines = past(small, champion, agency=AGENCY, as_of=UNTIL)
    warned = lines[lines["least"] > before["least"]]
    assert set(warned["least"]) == {1.0}
    assert set(warned["hours"]) == {AGENCY.policy.effort["full"]}
    assert set(warned["by_lot"]) == {0.0}
    day = replace(DAY, as_of=UNTIL + timedelta(seconds=1))
    after = plan(small, champion, agency=AGENCY, day=day)
    assert [p.price for p in after] >= [p.price for p in plans]
    assert sum(p.price for p in after) > sum(p.price for p in plans)


def test_what_earlier_days_left_over_is_spent_later(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    day = replace(DAY, date=date(2025, 7, 8), as_of=UNTIL + timedelta(days=7))
    later = plan(small, champion, agency=AGENCY, day=day)
    assert later
    for each in later:
        before = any(p.port == each.port for p in plans)
        assert each.hours == each.capacity * (1 + steer.CARRIED * before)


def test_the_commitment_is_the_hash_of_the_day_s_secret_and_tells_it_to_nobody(
    plans: list[Plan],
) -> None:
    secret = draw.day_secret(SECRET, DAY.date)
    assert {p.commitment for p in plans} == {draw.commitment(secret)}
    assert secret.hex() not in str(plans)
    other = draw.commitment(draw.day_secret(SECRET, date(2025, 7, 2)))
    assert plans[0].commitment != other


def test_the_same_plan_again_is_the_same_fact(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    assert plan(small, champion, agency=AGENCY, day=DAY) == plans
    assert small.count("plans") == len(plans)


def test_a_port_that_nothing_came_to_has_no_plan(small: Store, champion: RiskChampion) -> None:
    day = replace(DAY, as_of=UNTIL + timedelta(days=60))
    assert plan(small, champion, agency=AGENCY, day=day) == []


def test_what_is_declared_later_changes_no_price(
    small: Store, champion: RiskChampion, plans: list[Plan]
) -> None:
    earlier = replace(DAY, as_of=UNTIL - timedelta(days=5))
    first = plan(small, champion, agency=AGENCY, day=earlier)
    late = Declaration(
        declaration_id="late",
        declared_at=UNTIL - timedelta(days=6),
        known_at=UNTIL,
        enterprise_id="E1",
        port=first[0].port,
    )
    small.append([late])
    assert plan(small, champion, agency=AGENCY, day=earlier) == first
    assert plans
    assert np.isfinite([p.price for p in first]).all()
