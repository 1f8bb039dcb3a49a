"""The meter, through the decisions themselves: what is realised meets the capacity of a month."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from features.judgements import Plan
from features.moments import CIVIL
from features.reasons import RiskLevel
from features.records import Declaration
from features.spent import Spent
from models.inspection import agency, lanes
from models.inspection.allocation import steer
from models.inspection.allocation.allocate import Lines
from models.inspection.allocation.meter import NONE, Meter
from models.inspection.decide import Belief, Line, Terms, decide

AGENCY = agency.load(b"agency", policy=None, matrix="port", rules=None)
POLICY = AGENCY.policy
PORT, CAPACITY, USUAL, DAYS = "渝", 40.0, 120, 28
MONDAY = datetime(2024, 3, 4, tzinfo=CIVIL)


def belief(rng: np.random.Generator) -> Belief:
    likelihood, severity = float(rng.beta(0.6, 9)), int(rng.integers(1, 4))
    level: RiskLevel = AGENCY.matrix.level(np.array([likelihood]), np.array([severity]))[0]
    return Belief(likelihood, severity, level)


def weighed(beliefs: list[Belief]) -> Lines:
    told = [(b.likelihood, b.severity, b.level) for b in beliefs]
    gain = [lanes.gain(POLICY, likelihood=p, severity=s, level=v) for p, s, v in told]
    floor = [POLICY.floors[level] for _, _, level in told]
    effort = [POLICY.hours(level) for _, _, level in told]
    return Lines(np.array(gain), np.array(effort), np.array(floor), np.ones(len(told)))


def planned(day: datetime, lines: Lines, *, hours: float, profile: tuple[float, ...]) -> Plan:
    return Plan(
        plan_id=f"{day:%Y-%m-%d}/{PORT}",
        day=f"{day:%Y-%m-%d}",
        port=PORT,
        planned_at=day.astimezone(UTC),
        known_at=day.astimezone(UTC),
        price=1.0,
        capacity=CAPACITY,
        hours=hours,
        curve=steer.curve(lines, points=40),
        profile=profile,
        expected_lines=USUAL,
        commitment="c",
        policy_version=POLICY.version,
    )


def worked(day: datetime, plan: Plan, *, rng: np.random.Generator) -> list[float]:
    """Return the realised hours of a day's lines, which come in two rushes, many or few."""
    count = rng.poisson(USUAL * rng.choice([0.5, 0.8, 1.0, 1.2, 2.0]))
    rush = rng.choice([9.0, 15.0], count) + rng.gamma(2.0, 0.5, count)
    spent, taken = Spent(), []
    for number, hour in enumerate(np.sort(rush)):
        name = f"{plan.day}-{number}"
        at = (day + timedelta(hours=float(hour))).astimezone(UTC)
        told = {"declaration_id": name, "declared_at": at, "enterprise_id": "E", "port": PORT}
        line = Line(Declaration.model_validate(told), belief(rng))
        meter = Meter.of([plan], {PORT: spent}, waiting=[line.declaration])
        (made,) = decide([line], terms=Terms(AGENCY, "1", meter), as_of=at)
        spent = spent.plus((made.hours, made.hours_expected, made.hours_asked))
        taken.append(made.hours or 0.0)
    return taken


def test_a_month_of_uneven_days_meets_its_capacity_through_decisions() -> None:
    rng = np.random.default_rng(11)
    past = weighed([belief(rng) for _ in range(USUAL * 10)])
    hours = rng.choice([9.0, 15.0], 5_000) + rng.gamma(2.0, 0.5, 5_000)
    profile = steer.profile(hours.astype(np.int64))
    balance, spent = 0.0, []
    for number in range(DAYS):
        day = MONDAY + timedelta(days=number)
        given = steer.owed(CAPACITY, balance=balance)
        spent.append(sum(worked(day, planned(day, past, hours=given, profile=profile), rng=rng)))
        balance += CAPACITY - spent[-1]
    assert sum(spent) == pytest.approx(CAPACITY * DAYS, rel=0.02)
    assert min(spent) > 0


def test_what_is_spent_moves_the_price_of_its_port_alone() -> None:
    rng = np.random.default_rng(2)
    lines = weighed([belief(rng) for _ in range(500)])
    plan = planned(MONDAY, lines, hours=CAPACITY, profile=tuple((i + 1) / 24 for i in range(24)))
    meter = Meter.of([plan], {})
    noon = (MONDAY + timedelta(hours=12)).astimezone(UTC)
    before = meter.offer(PORT, policy=POLICY, as_of=noon)
    after = Meter.of([plan], {PORT: Spent(60, 35.0, 35.0, 35.0)})
    assert after.offer(PORT, policy=POLICY, as_of=noon).allocation.price > before.allocation.price
    elsewhere = Meter.of([plan], {"沪": Spent(60, 35.0, 35.0, 35.0)})
    assert elsewhere.offer(PORT, policy=POLICY, as_of=noon) == before
    assert meter.offer(None, policy=POLICY, as_of=noon).allocation.price == POLICY.price
    assert NONE.unit_price(PORT) is None


def test_a_plan_from_before_prices_were_steered_offers_its_own() -> None:
    rng = np.random.default_rng(2)
    plan = planned(MONDAY, weighed([belief(rng)]), hours=CAPACITY, profile=())
    old = plan.model_copy(update={"curve": (), "hours": None, "price": 0.7})
    offer = Meter.of([old], {}).offer(PORT, policy=POLICY, as_of=MONDAY)
    assert (offer.allocation.price, offer.allocation.share, offer.allocation.floor_share) == (
        0.7,
        0,
        1,
    )
