"""Inspectors (派员): who is sent to a drawn line is drawn too, the other half of 双随机.

Of those who may inspect a line one is drawn with a chance that grows with the hours that he has
left, so that who has done much is drawn less. The one with the least to do is never simply sent:
whoever counts the lines of a day would know him beforehand, and could time a line for a friend.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from features.judgements import Assignment, Decision
from features.reasons import Lane
from features.records import Declaration
from models.inspection.draws import draw
from models.inspection.draws.roster import Inspector, Roster

EQUALLY = 0.1  # of every draw, whatever the hours, so that nobody is ever certain to be spared
HOUR = 3600  # seconds: hours are summed in whole ones, so that the order of adding is no matter
Condition = tuple[str, str, Callable[[Inspector], bool]]  # in both languages, and its test


@dataclass(frozen=True, slots=True)
class Job:
    """A drawn line, and what decides who may inspect it; ``None`` where it is not declared."""

    decision_id: str
    declaration_id: str
    decided_at: datetime
    lane: Lane
    port: str | None
    hs_code: str | None
    enterprise_id: str
    manufacturer_id: str | None


@dataclass(frozen=True)
class Duty:
    """What holds for the assignments of a civil day.

    effort: hours that each lane takes, from the policy. secret: the day's own.
    """

    day: date
    roster: Roster
    effort: Mapping[Lane, float]
    secret: bytes


def job(decision: Decision, declaration: Declaration) -> Job:
    """Return what a decision and its declaration say of who may inspect the line."""
    return Job(
        decision_id=decision.decision_id,
        declaration_id=decision.declaration_id,
        decided_at=decision.decided_at,
        lane=decision.lane,
        port=declaration.port,
        hs_code=declaration.hs_code,
        enterprise_id=declaration.enterprise_id,
        manufacturer_id=declaration.manufacturer_id,
    )


def assign(
    jobs: Sequence[Job], *, duty: Duty, earlier: Iterable[Assignment] = (), as_of: datetime
) -> list[Assignment]:
    """Return who inspects each job, in the order of (decided_at, declaration_id).

    Pure: the same jobs, roster and secret give the same answer. ``earlier`` are the assignments of
    the same day, whose hours count; every job's hours count for those after it. Nobody, with a
    reason, where none is at the port, there that day, competent and free of a conflict.
    """
    done: Counter[str] = Counter()
    for before in earlier:
        count(done, before.inspector_id, hours=before.hours)
    made: list[Assignment] = []
    for one in sorted(jobs, key=lambda one: (one.decided_at, one.declaration_id)):
        made.append(_assignment(one, duty=duty, done=done, as_of=as_of))
        count(done, made[-1].inspector_id, hours=made[-1].hours)
    return made


def count(done: Counter[str], inspector_id: str | None, *, hours: float) -> None:
    """Add hours to the whole seconds of work that an inspector was given; ``None`` is nobody."""
    if inspector_id is not None:
        done[inspector_id] += round(hours * HOUR)


def eligible(job: Job, roster: Roster, *, day: date) -> list[Inspector]:
    """Return who may inspect a job, in the order of their numbers.

    A line without a port may go to any port; one without an HS code needs an inspector who is
    competent for all goods.
    """
    found = roster.inspectors
    for _, _, fits in _conditions(job, day):
        found = tuple(one for one in found if fits(one))
    return list(found)


def chances(inspectors: Sequence[Inspector], done: Mapping[str, int]) -> dict[str, float]:
    """Return the chance of each eligible inspector; ``done`` is in seconds.

    Nine draws of ten go by the hours that each has left, and one is equal among all: so nobody's
    chance is one while two are eligible. All equal where no hours are left; none for nobody.
    """
    equal = {one.inspector_id: 1 / len(inspectors) for one in inspectors}
    left = {one.inspector_id: _left(one, done) for one in inspectors}
    whole = sum(left.values())
    if not whole:
        return equal
    return {i: (1 - EQUALLY) * left[i] / whole + EQUALLY * equal[i] for i in equal}


def drawn(chances: Mapping[str, float], number: float) -> str | None:
    """Return on whom a number in [0, 1) falls: chances stand side by side in the order of ids.

    >>> chances = {"A1": 0.25, "A2": 0.75}
    >>> drawn(chances, 0.2), drawn(chances, 0.25), drawn({}, 0.5)
    ('A1', 'A2', None)
    """
    reached, found = 0.0, None
    for found in sorted(chances):
        reached += chances[found]
        if number < reached:
            break
    return found


def _assignment(job: Job, *, duty: Duty, done: Mapping[str, int], as_of: datetime) -> Assignment:
    able = eligible(job, duty.roster, day=duty.day)
    shares, number = chances(able, done), draw.inspector(duty.secret, job.declaration_id)
    chosen, hours = drawn(shares, number), duty.effort[job.lane]
    if chosen is None:
        reason: str | None = _nobody(job, duty)
    else:
        reason = _overtime(able, chosen, done=done, hours=hours)
    return Assignment(
        decision_id=job.decision_id,
        declaration_id=job.declaration_id,
        assigned_at=as_of,
        known_at=as_of,
        inspector_id=chosen,
        draw=number,
        commitment=draw.commitment(duty.secret),
        chances=shares,
        hours=hours,
        roster_version=duty.roster.version,
        reason=reason,
    )


def _left(inspector: Inspector, done: Mapping[str, int]) -> int:
    return max(round(inspector.hours * HOUR) - done.get(inspector.inspector_id, 0), 0)


def _conditions(job: Job, day: date) -> list[Condition]:
    """Return what an inspector must be for a job, in both languages, with the test of it."""
    return [
        ("在本口岸", "at the port", lambda i: job.port is None or i.port == job.port),
        ("当日在岗", "present that day", lambda i: day not in i.absent),
        ("能做此通道", "competent for the lane", lambda i: not i.lanes or job.lane in i.lanes),
        ("能查此商品", "competent for the goods", lambda i: _knows(i, job.hs_code)),
        ("无须回避", "free of a conflict of interest", lambda i: not _conflicts(i, job)),
    ]


def _knows(inspector: Inspector, hs_code: str | None) -> bool:
    return not inspector.hs_prefixes or (hs_code or "").startswith(inspector.hs_prefixes)


def _conflicts(inspector: Inspector, job: Job) -> bool:
    return (
        job.enterprise_id in inspector.conflict_enterprises
        or job.manufacturer_id in inspector.conflict_manufacturers
    )


def _nobody(job: Job, duty: Duty) -> str:
    """Return why nobody can be sent: how many were left after each condition."""
    left, zh, en = duty.roster.inspectors, list[str](), list[str]()
    for chinese, english, fits in _conditions(job, duty.day):
        left = tuple(one for one in left if fits(one))
        zh.append(f"{chinese} {len(left)} 人")
        en.append(f"{len(left)} {english}")
    return f"无人可派：{'，'.join(zh)}。Nobody can be sent: {', '.join(en)}."


def _overtime(
    able: Sequence[Inspector], chosen: str, *, done: Mapping[str, int], hours: float
) -> str | None:
    """Return that the one drawn has not the hours left for the job; ``None`` where he has."""
    left = {one.inspector_id: _left(one, done) for one in able}
    beyond = round(hours * HOUR) - left[chosen]
    if beyond <= 0:
        return None
    told = f"{beyond / HOUR:.2f}".rstrip("0").rstrip(".")
    if any(left.values()):
        return f"须加班 {told} 小时。Overtime of {told} h."
    return (
        f"可派人员工时均已用完，等概率抽取，须加班 {told} 小时。"
        f"No hours are left to any who may be sent; drawn equally, overtime of {told} h."
    )
