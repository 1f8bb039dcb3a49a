"""Lanes: from a level and the day's price to a probability of inspection, and what it means."""

from features.judgements import Lane, RiskLevel
from models.inspection.policy import Policy


def gain(policy: Policy, *, likelihood: float, severity: int, level: RiskLevel) -> float:
    """Return the expected harm that inspecting a line averts per hour of effort."""
    return likelihood * policy.harm[severity - 1] / policy.effort[policy.lanes[level]]


def inclusion(policy: Policy, *, gain: float, level: RiskLevel, price: float) -> float:
    """Return the probability of inspection: one where the gain reaches the price, else the floor.

    At the price of the day this spends the day's capacity where it averts most harm per hour; the
    floor keeps every line in the draw, so that what is learned stays unbiased.
    """
    return 1.0 if gain >= price else policy.floors[level]


def lane(policy: Policy, *, level: RiskLevel, drawn: bool) -> Lane:
    """Return what the single window is told: the level's lane when drawn, otherwise release."""
    return policy.lanes[level] if drawn else "release"
