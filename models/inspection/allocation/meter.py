"""The meter: what the day's plans offer at each port, and what has been spent of it so far.

Lines that are decided together are offered one price, as if none of them came first: who stands
late in a list is not spared because others took the hours. Between lists the price moves.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from features.judgements import Plan
from features.moments import CIVIL
from features.records import Declaration
from features.spent import Spent
from models.inspection.allocation import steer
from models.inspection.allocation.allocate import Allocation
from models.inspection.allocation.steer import Day, Now
from models.inspection.policy import Policy


@dataclass(frozen=True)
class Meter:
    """The plans of a day by port, what each port has spent, and how many lines wait there."""

    plans: Mapping[str, Plan] = field(default_factory=dict)
    spent: Mapping[str, Spent] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        plans: Iterable[Plan],
        spent: Mapping[str, Spent],
        *,
        waiting: Iterable[Declaration] = (),
    ) -> Self:
        """Return the meter of a day's plans. waiting: all lines that are decided now."""
        lines = Counter(line.port for line in waiting if line.port is not None)
        return cls({plan.port: plan for plan in plans}, spent, lines)

    def offer(self, port: str | None, *, policy: Policy, as_of: datetime) -> Now:
        """Return what an hour must avert now at a port; the policy's price where there is no plan.

        A plan from before prices were steered offers its own price all day.
        """
        plan = self.plans.get(port or "")
        if plan is None:
            return Now(Allocation(policy.price, 1.0, 1.0), 0.0)
        if not plan.curve or not plan.profile:
            told = Allocation(plan.price, plan.share or 0.0, plan.floor_share or 1.0)
            return Now(told, 0.0)
        hours = plan.capacity if plan.hours is None else plan.hours
        day = Day(hours, plan.expected_lines, plan.curve, plan.profile)
        civil = as_of.astimezone(CIVIL)
        hour = civil.hour + civil.minute / 60 + civil.second / 3600
        before, at_hand = self.spent.get(plan.port, Spent()), self.waiting.get(plan.port, 1)
        return steer.steer(day, before, hour=hour, at_hand=at_hand)

    def unit_price(self, port: str | None) -> float | None:
        """Return what one more sampled unit must avert at a port; ``None`` where no plan tells."""
        plan = self.plans.get(port or "")
        return None if plan is None else plan.unit_price


NONE = Meter()
