"""Decide: one complete, replayable decision for each assessed line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from features import moments
from features.judgements import Decision, Reason, RiskLevel
from features.records import Declaration
from models.inspection import draw, items, lanes
from models.inspection.policy import Policy


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
    hazards: tuple[str, ...] = ()
    degraded: bool = False
    interval: Interval | None = None


@dataclass(frozen=True)
class Terms:
    """What holds for every decision of a moment.

    secret: the agency's draw secret. prices: expected harm per hour by port, from the day's plan.
    """

    policy: Policy
    secret: bytes
    prices: Mapping[str, float]
    model_version: str
    matrix_version: str


def decide(
    declarations: Sequence[Declaration],
    beliefs: Sequence[Belief],
    *,
    terms: Terms,
    as_of: datetime,
) -> list[Decision]:
    """Return the decision on each line. Pure: the same inputs give the same decision."""
    secret = draw.day_secret(terms.secret, draw.day(as_of))
    return [
        _decision(d, b, terms=terms, secret=secret, as_of=as_of)
        for d, b in zip(declarations, beliefs, strict=True)
    ]


def _decision(
    declaration: Declaration, belief: Belief, *, terms: Terms, secret: bytes, as_of: datetime
) -> Decision:
    policy = terms.policy
    gain = lanes.gain(
        policy, likelihood=belief.likelihood, severity=belief.severity, level=belief.level
    )
    price = terms.prices.get(declaration.port or "", policy.price)
    probability = lanes.inclusion(policy, gain=gain, level=belief.level, price=price)
    number = draw.draw(secret, declaration.declaration_id)
    drawn = number < probability
    low, high, inspections = belief.interval or (None, None, None)
    return Decision(
        decision_id=f"{declaration.declaration_id}@{moments.milliseconds(as_of)}",
        declaration_id=declaration.declaration_id,
        decided_at=as_of,
        known_at=as_of,
        likelihood=belief.likelihood,
        likelihood_low=low,
        likelihood_high=high,
        inspections_known=inspections,
        severity=belief.severity,
        level=belief.level,
        lane=lanes.lane(policy, level=belief.level, drawn=drawn),
        inclusion_probability=probability,
        draw=number,
        commitment=draw.commitment(secret),
        items=items.items(policy, belief.hazards) if drawn else (),
        reasons=belief.reasons,
        model_version=terms.model_version,
        policy_version=policy.version,
        matrix_version=terms.matrix_version,
        degraded=belief.degraded,
    )
