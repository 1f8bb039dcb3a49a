"""Plan: the price of each port for a day, from what its recent lines would have gained."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from features import build
from features.judgements import Plan
from features.store import Store
from models.inspection import draw, lanes
from models.inspection.policy import Policy
from models.inspection.price import Amounts, price
from models.risk.assess import Assessment, assess
from models.risk.matrix import Matrix
from pipelines.champions import RiskChampion

PAST = timedelta(days=28)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lines:
    """Recent lines: port, expected harm per hour, hours if inspected, floor probability."""

    port: pd.Series
    gain: Amounts
    effort: Amounts
    floor: Amounts


def plan(
    store: Store, champion: RiskChampion, *, policy: Policy, matrix: Matrix, day: "Day"
) -> list[Plan]:
    """Return and store one plan for each port that declared lines in the last four weeks.

    The day is expected to look like the mean of those weeks; ``hours`` is each port's capacity.
    """
    declared = store.frame("declarations", known_before=day.as_of)
    recent = declared[declared["declared_at"] >= day.as_of - PAST].dropna(subset=["port"])
    recent = recent.drop_duplicates("declaration_id", keep="last").reset_index(drop=True)
    if recent.empty:
        return []
    lines = _lines(store, champion, recent=recent, policy=policy, matrix=matrix)
    plans = [
        _plan(lines, (lines.port == port).to_numpy(bool), port=str(port), policy=policy, day=day)
        for port in sorted(lines.port.unique())
    ]
    store.append(plans)
    logger.info("plan %s: %d ports", day.date, len(plans))
    return plans


@dataclass(frozen=True)
class Day:
    """The day that is planned, when it is planned, its secret, and the hours each port has."""

    date: date
    as_of: datetime
    secret: bytes
    hours: float


def _lines(
    store: Store, champion: RiskChampion, *, recent: pd.DataFrame, policy: Policy, matrix: Matrix
) -> Lines:
    questions = build.asked(recent, champion.model.features)
    rows = build.answer(questions, champion.model.features, facts=champion.index(store))
    return _weighed(recent["port"], assess(champion.model, rows, matrix=matrix), policy=policy)


def _weighed(port: pd.Series, assessment: Assessment, *, policy: Policy) -> Lines:
    told = list(zip(assessment.likelihood, assessment.severity, assessment.level, strict=True))
    return Lines(
        port=port,
        gain=np.array([lanes.gain(policy, likelihood=p, severity=s, level=v) for p, s, v in told]),
        effort=np.array([policy.effort[policy.lanes[v]] for _, _, v in told]),
        floor=np.array([policy.floors[v] for _, _, v in told]),
    )


def _plan(lines: Lines, chosen: np.ndarray, *, port: str, policy: Policy, day: Day) -> Plan:
    weeks = day.hours * PAST / timedelta(days=1)
    return Plan(
        plan_id=f"{day.date.isoformat()}/{port}",
        day=day.date.isoformat(),
        port=port,
        planned_at=day.as_of,
        known_at=day.as_of,
        price=price(
            lines.gain[chosen], lines.effort[chosen], floors=lines.floor[chosen], hours=weeks
        ),
        capacity=day.hours,
        expected_lines=float(chosen.sum() / (PAST / timedelta(days=1))),
        commitment=draw.commitment(draw.day_secret(day.secret, day.date)),
        policy_version=policy.version,
    )
