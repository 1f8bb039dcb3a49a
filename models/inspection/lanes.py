"""Lanes: what inspecting a line is worth per hour, and into which lane its number falls."""

from collections.abc import Iterable, Mapping

from features.reasons import Drawn, Lane, RiskLevel
from models.inspection.policy import Policy

INTENSITY: Mapping[Lane, int] = {"release": 0, "documents": 1, "sampling": 2, "full": 3}
FALLING: tuple[Drawn, ...] = ("full", "sampling", "documents")


def gain(policy: Policy, *, likelihood: float, severity: int, level: RiskLevel) -> float:
    """Return the expected harm that inspecting a line averts per hour of effort."""
    return likelihood * policy.harm[severity - 1] / policy.hours(level)


def by_lot(policy: Policy, level: RiskLevel, *, number: float, floor_share: float) -> Lane:
    """Return the lane that a number falls into by the random quotas alone.

    The most intensive lane has the lowest numbers; beyond all quotas lies release.
    """
    end = 0.0
    for lane in FALLING:
        end += policy.lanes[level].random.get(lane, 0.0) * floor_share
        if number < end:
            return lane
    return "release"


def most_intensive(lanes: Iterable[Lane]) -> Lane:
    """Return the most intensive of some lanes; release where there is none."""
    return max(lanes, key=INTENSITY.__getitem__, default="release")


def hours(policy: Policy, level: RiskLevel, *, least: float, asked: Lane) -> float:
    """Return the hours that a line takes on average where risk does not choose it.

    least: its probability by its causes. asked: the most intensive lane that they ask for. The
    random quotas come first, the most intensive lanes before the others, up to the probability.
    """
    row, left, taken = policy.lanes[level], least, 0.0
    for lane in FALLING:
        share = min(left, row.random.get(lane, 0.0))
        taken += share * policy.effort[most_intensive((lane, asked))]
        left -= share
    return taken + left * policy.effort[row.risk if asked == "release" else asked]
