"""Decide: one complete, replayable decision for each assessed line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from features import moments
from features.judgements import Decision
from features.reasons import Cause, Effect, Lane, Reason, RiskLevel
from features.records import Declaration, Selection
from models.inspection import causes, items, lanes
from models.inspection.agency import Agency
from models.inspection.allocation import units
from models.inspection.allocation.meter import NONE, Meter
from models.inspection.allocation.steer import Now
from models.inspection.allocation.units import SAMPLED, Sampled
from models.inspection.causes import PLAIN, Case, Weight
from models.inspection.draws import draw
from models.inspection.items import Signs
from models.inspection.policy import Policy

SELECTED: Mapping[Cause, Selection] = {
    "prohibition": "mandated",
    "lot": "mandated",
    "rule": "mandated",
    "warning": "mandated",
    "floor": "random",
    "recognition": "risk",
    "risk": "risk",
}
Look = Callable[[int], Signs]


class Interval(NamedTuple):
    """Where a true chance lies nine times in ten, and on how many inspections that rests."""

    low: float
    high: float
    inspections: int


@dataclass(frozen=True)
class Belief:
    """What is believed of one line: from the model, or the policy's base when there is none.

    interval: how far the likelihood may be off, where that is known.
    """

    likelihood: float
    severity: int
    level: RiskLevel
    reasons: tuple[Reason, ...] = ()
    degraded: bool = False
    interval: Interval | None = None


@dataclass(frozen=True)
class Terms:
    """What holds for every decision of a moment.

    What the agency lays down, which model answers, and what the day's plans offer.
    """

    agency: Agency
    model_version: str
    meter: Meter = NONE

    @property
    def policy(self) -> Policy:
        """The agency's policy."""
        return self.agency.policy


@dataclass(frozen=True)
class Line:
    """One line to decide on: what is declared, what is believed, and what else bears on it."""

    declaration: Declaration
    belief: Belief
    case: Case = PLAIN


def decide(
    lines: Sequence[Line], *, terms: Terms, as_of: datetime, look: Look = lambda _: items.NOTHING
) -> list[Decision]:
    """Return the decision on each line, in order. Pure: the same inputs give the same decisions.

    look: what is known of the hazards of a line, by its position; asked of inspected lines only.
    All lines of a port are offered one price: they are decided together.
    """
    secret = draw.day_secret(terms.agency.secret, draw.day(as_of))
    ports = {line.declaration.port for line in lines}
    offered = {
        port: Moment(as_of, secret, terms.meter.offer(port, policy=terms.policy, as_of=as_of))
        for port in ports
    }
    decided = []
    for position, line in enumerate(lines):
        moment = offered[line.declaration.port]
        ruling = _ruling(line, terms.policy, moment=moment)
        signs = items.NOTHING if ruling.lane == "release" else look(position)
        decided.append(_decision(line, ruling, terms=terms, moment=moment, signs=signs))
    return decided


@dataclass(frozen=True)
class Moment:
    """When a line is decided, the secret of the day, and what an hour is worth now."""

    as_of: datetime
    secret: bytes
    now: Now


@dataclass(frozen=True)
class Ruling:
    """How a line is inspected: by which number, through which causes, and what that takes."""

    effects: tuple[Effect, ...]
    probability: float
    number: float
    lane: Lane
    selection: Selection | None
    hours_expected: float


def _ruling(line: Line, policy: Policy, *, moment: Moment) -> Ruling:
    belief, offer = line.belief, moment.now.allocation
    gain = lanes.gain(
        policy, likelihood=belief.likelihood, severity=belief.severity, level=belief.level
    )
    weight = Weight(gain, belief.level, offer)
    effects = causes.effects(policy, line.case, weight=weight, as_of=moment.as_of)
    least = causes.least(effects)
    number = draw.draw(moment.secret, line.declaration.declaration_id)
    asked = lanes.most_intensive(effect.lane for effect in effects if effect.lane is not None)
    cause = next((e.cause for e, p in zip(effects, least, strict=True) if number < p), None)
    by_lot = lanes.by_lot(policy, belief.level, number=number, floor_share=offer.floor_share)
    lane = lanes.most_intensive((asked, by_lot))
    by_risk = policy.lanes[belief.level].risk
    return Ruling(
        effects=effects,
        probability=least[-1],
        number=number,
        lane="release" if cause is None else by_risk if lane == "release" else lane,
        selection=None if cause is None else SELECTED[cause],
        hours_expected=lanes.hours(policy, belief.level, least=least[-1], asked=asked),
    )


def _decision(
    line: Line, ruling: Ruling, *, terms: Terms, moment: Moment, signs: Signs
) -> Decision:
    declaration, belief, policy, agency = line.declaration, line.belief, terms.policy, terms.agency
    drawn = ruling.lane != "release"
    low, high, inspections = belief.interval or (None, None, None)
    asked = items.Asked(declaration, line.case, ruling.lane, signs, moment.secret)
    return Decision(
        decision_id=f"{declaration.declaration_id}@{moments.milliseconds(moment.as_of)}",
        declaration_id=declaration.declaration_id,
        decided_at=moment.as_of,
        known_at=moment.as_of,
        port=declaration.port,
        likelihood=belief.likelihood,
        likelihood_low=low,
        likelihood_high=high,
        inspections_known=inspections,
        severity=belief.severity,
        level=belief.level,
        lane=ruling.lane,
        hours=policy.effort[ruling.lane] if drawn else 0.0,
        hours_expected=ruling.hours_expected,
        hours_asked=moment.now.asked,
        inclusion_probability=ruling.probability,
        draw=ruling.number,
        commitment=draw.commitment(moment.secret),
        items=items.items(policy, asked) if drawn else (),
        effects=ruling.effects,
        selection=ruling.selection,
        price=moment.now.allocation.price,
        sample_size=_size(line, terms, lane=ruling.lane),
        reasons=belief.reasons,
        model_version=terms.model_version,
        policy_version=policy.version,
        matrix_version=agency.matrix.version,
        rules_version=agency.rules.version,
        degraded=belief.degraded,
    )


def _size(line: Line, terms: Terms, *, lane: Lane) -> int | None:
    """Return how many units to take; ``None`` in a lane where none are taken."""
    if lane not in SAMPLED:
        return None
    belief, quantity = line.belief, line.declaration.quantity
    asked = Sampled(
        np.array([belief.likelihood]),
        np.array([belief.severity]),
        [belief.level],
        np.array([np.nan if quantity is None else quantity]),
    )
    price = terms.meter.unit_price(line.declaration.port)
    return int(units.units(terms.policy, asked, price=price)[0])
