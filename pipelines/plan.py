"""Plan: the price of each port for a day, from what its recent lines would have gained."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from features import build
from features.clerk import Clerk
from features.errors import Invalid
from features.judgements import Plan
from features.moments import CIVIL
from features.reasons import RiskLevel
from features.records import Declaration
from features.spending import balances
from features.store import Store
from models import decisions
from models.inspection import causes, lanes
from models.inspection.agency import Agency
from models.inspection.allocation import steer, units
from models.inspection.allocation.allocate import LEAST_FLOOR_SHARE, Allocation, allocate
from models.inspection.allocation.allocate import Lines as Weighed
from models.inspection.allocation.units import SAMPLED, Sampled
from models.inspection.causes import Case, Weight
from models.inspection.draws import draw
from models.inspection.policy import Policy
from models.risk.assess import assess
from pipelines import arguments
from pipelines.champions import RiskChampion

PAST = timedelta(days=28)
WEEKS = PAST / timedelta(weeks=1)
POINTS = 40  # of the curve of prices
TINY = 1e-9  # lines, where none are expected
NEVER = Allocation(float(np.finfo(float).max), 0.0, 1.0)  # no gain reaches this price
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Capacity:
    """What a port can do on the day: hours of inspection, and units in its laboratory."""

    hours: float
    units: int | None = None


@dataclass(frozen=True)
class Day:
    """The day that is planned, when it is planned, and what each port can do on it.

    capacity: of some ports by name; ``usual`` is that of the others.
    """

    date: date
    as_of: datetime
    usual: Capacity
    capacity: Mapping[str, Capacity]

    def at(self, port: str) -> Capacity:
        """Return what a port can do."""
        return self.capacity.get(port, self.usual)


def capacities(hours: str, units: str) -> tuple[Capacity, dict[str, Capacity]]:
    """Return the usual capacity and that of ports by name, from what a user typed of both.

    ``Invalid`` where hours tell nothing for the ports that they do not name.
    """
    by_hours, usual = arguments.by_port(hours, "hours")
    by_units, others = arguments.by_port(units, "units")
    if usual is None:
        raise Invalid(f"hours {hours!r} tells none for the other ports; end it with theirs, as ,40")

    def of(port: str) -> Capacity:
        lab = by_units.get(port, others)
        return Capacity(by_hours.get(port, usual), None if lab is None else int(lab))

    return of(""), {port: of(port) for port in {*by_hours, *by_units}}


def plan(store: Store, champion: RiskChampion, *, agency: Agency, day: Day) -> list[Plan]:
    """Return and store one plan for each port that declared lines in the last four weeks.

    Lines are expected to be like those of these weeks, and as many as on the same weekday of them.
    Rules, warnings and certificates count as they stand when the day is planned.
    """
    lines = past(store, champion, agency=agency, as_of=day.as_of)
    left = balances(store, day.date, days=PAST.days)
    plans = [
        _plan(here, str(port), agency=agency, day=day, left=left.get(str(port), 0.0))
        for port, here in lines.groupby("port", sort=True)
    ]
    store.append(plans)
    logger.info("plan %s: %d ports", day.date, len(plans))
    return plans


def past(store: Store, champion: RiskChampion, *, agency: Agency, as_of: datetime) -> pd.DataFrame:
    """Return the lines that the ports declared in the last four weeks, as the agency weighs them.

    Columns: port, hour and weekday (civil), quantity (or missing), likelihood, severity, level,
    gain (per hour), effort (hours if chosen by risk), least and most (probability without and with
    being chosen), hours (without being chosen), of which by_lot can be cut.
    """
    declared = store.frame("declarations", known_before=as_of)
    recent = declared[declared["declared_at"] >= as_of - PAST].dropna(subset=["port"])
    recent = recent.drop_duplicates("declaration_id", keep="last").reset_index(drop=True)
    if recent.empty:
        return recent[["port"]]
    features = champion.model.features
    rows = build.answer(build.asked(recent, features), features, facts=champion.index(store))
    believed = assess(champion.model, rows, matrix=agency.matrix)
    civil = recent["declared_at"].dt.tz_convert(CIVIL)
    frame = pd.DataFrame(
        {
            "port": recent["port"],
            "hour": civil.dt.hour,
            "weekday": civil.dt.day_of_week,
            "quantity": recent["quantity"].astype(float),
            "likelihood": believed.likelihood,
            "severity": believed.severity,
            "level": believed.level,
        }
    )
    cases = _cases(
        store, champion, agency=agency, names=list(recent["declaration_id"]), as_of=as_of
    )
    return frame.join(_weighed(frame, cases, policy=agency.policy, as_of=as_of))


def _cases(
    store: Store, champion: RiskChampion, *, agency: Agency, names: Sequence[str], as_of: datetime
) -> list[Case]:
    """Return what bears on each of some lines now, in their order."""
    told = store.select("declarations", "declaration_id", values=names)
    found = [line for line in told if isinstance(line, Declaration)]
    known = decisions.Known(Clerk(store).follow(), champion.ruled(store, agency.rules), None)
    cases = decisions.cases(found, known, rules=agency.rules, as_of=as_of)
    of = {line.declaration_id: case for line, case in zip(found, cases, strict=True)}
    return [of[name] for name in names]


def _weighed(
    frame: pd.DataFrame, cases: Sequence[Case], *, policy: Policy, as_of: datetime
) -> pd.DataFrame:
    rows = []
    for case, likelihood, severity, level in zip(
        cases, frame["likelihood"], frame["severity"], frame["level"], strict=True
    ):
        gain = lanes.gain(policy, likelihood=likelihood, severity=severity, level=level)
        weight = Weight(gain, level, NEVER)
        effects = causes.effects(policy, case, weight=weight, as_of=as_of)
        least, most = causes.bounds(effects)[-1]
        asked = lanes.most_intensive(e.lane for e in effects if e.lane is not None)
        row = policy.lanes[level]
        taken = lanes.hours(policy, level, least=least, asked=asked)
        by_lot = taken if least == row.floor else 0.0
        ceiling = max(least, min(most, row.most))
        rows.append((gain, policy.hours(level), least, ceiling, taken, by_lot))
    columns = ["gain", "effort", "least", "most", "hours", "by_lot"]
    return pd.DataFrame(rows, columns=columns, index=frame.index, dtype=float)


def _plan(here: pd.DataFrame, port: str, *, agency: Agency, day: Day, left: float) -> Plan:
    capacity = day.at(port)
    hours = steer.owed(capacity.hours, balance=left)
    expected = float((here["weekday"] == day.date.weekday()).sum() / WEEKS)
    allocation, curve = _prices(here, hours, expected=expected)
    return Plan(
        plan_id=f"{day.date.isoformat()}/{port}",
        day=day.date.isoformat(),
        port=port,
        planned_at=day.as_of,
        known_at=day.as_of,
        price=allocation.price,
        share=allocation.share,
        floor_share=allocation.floor_share,
        curve=curve,
        profile=steer.profile(here["hour"].to_numpy()),
        capacity=capacity.hours,
        hours=hours,
        expected_lines=expected,
        units=capacity.units,
        unit_price=_unit_price(
            here,
            allocation,
            capacity=capacity,
            policy=agency.policy,
            share=expected / len(here),
        ),
        commitment=draw.commitment(draw.day_secret(agency.secret, day.date)),
        policy_version=agency.policy.version,
    )


def _prices(here: pd.DataFrame, hours: float, *, expected: float) -> tuple[Allocation, steer.Curve]:
    """Return how the expected lines share the hours, and the curve of all prices.

    What lines take without being chosen by risk is known line by line, as rules, warnings and
    quotas lead to several lanes; the allocator is told it as the hours of floors. Where even that
    is more than the hours, what goes by lot is cut.
    """
    count, told = len(here), here[here["least"] > 0]
    lines = Weighed(*(told[c].to_numpy() for c in ("gain", "effort", "least", "most")))
    beyond = float(here["hours"].sum()) - float((told["least"] * told["effort"]).sum())
    rates = steer.curve(lines, points=POINTS)
    curve = tuple(((rate * len(told) + beyond) / count, price) for rate, price in rates)
    room = hours * count / max(expected, TINY)
    by_lot = float(here["by_lot"].sum())
    short = float(here["hours"].sum()) - room
    if short > 0:
        share = max(LEAST_FLOOR_SHARE, 1 - short / max(by_lot, short))
        return Allocation(curve[0][1], 0.0, share), curve
    return allocate(lines, hours=room - beyond), curve


def _unit_price(
    here: pd.DataFrame, allocation: Allocation, *, capacity: Capacity, policy: Policy, share: float
) -> float | None:
    """Return the price of a unit in the port's laboratory; ``None`` where it has no limit.

    share: how much of such lines is expected on the day.
    """
    if capacity.units is None:
        return None
    levels: list[RiskLevel] = list(here["level"])
    rows = [policy.lanes[level] for level in levels]
    by_lot = np.array([sum(s for lane, s in row.random.items() if lane in SAMPLED) for row in rows])
    chosen = np.where(here["gain"] >= allocation.price, here["most"], 0.0)
    by_risk = np.where([row.risk in SAMPLED for row in rows], chosen, 0.0)
    lines = Sampled(
        here["likelihood"].to_numpy(),
        here["severity"].to_numpy(),
        levels,
        here["quantity"].to_numpy(),
    )
    chances = np.maximum(by_lot, by_risk) * share
    return units.price(policy, lines, chances=chances, capacity=capacity.units)
