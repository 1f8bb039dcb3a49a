"""Spending: what a day's plans give each port, and what its decisions have taken of it so far."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from features import moments
from features.judgements import Plan
from features.spent import Spent
from features.store import Store

FIELDS = ("decided_at", "port", "hours", "hours_expected", "hours_asked")
KEPT = 2  # days: the one that is asked for, and the one before midnight


Days = dict[date, dict[str, Spent]]


class Spending:
    """Follows the decisions of any process. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store, self._seen, self._lock = store, 0, Lock()
        self._days: Days = {}

    def of(self, as_of: datetime) -> Mapping[str, Spent]:
        """Return what each port has spent on the civil day of a moment, as it stands.

        Decisions that tell no port are not counted.
        """
        today = moments.civil_day(as_of)
        with self._lock:
            self._seen, new = _since(self._store, today, after=self._seen)
            _count(self._days, new)
            for day in [day for day in self._days if today - day >= timedelta(days=KEPT)]:
                del self._days[day]
            return dict(self._days.get(today, {}))


def balances(store: Store, today: date, *, days: int) -> dict[str, float]:
    """Return the hours that each port's plans of the last days left over, or (negative) overran."""
    past = [today - timedelta(days=back) for back in range(1, days + 1)]
    spent: Days = {}
    _count(spent, _since(store, past[-1], after=0)[1])
    left: dict[str, float] = {}
    for plan in store.select("plans", "day", values=[day.isoformat() for day in past]):
        if isinstance(plan, Plan):
            taken = spent.get(date.fromisoformat(plan.day), {}).get(plan.port, Spent()).hours
            left[plan.port] = left.get(plan.port, 0.0) + plan.capacity - taken
    return left


def _since(store: Store, day: date, *, after: int) -> tuple[int, list[tuple[Any, ...]]]:
    """Return the decisions since a civil day began, of those after a sequence number."""
    start = moments.milliseconds(moments.start(day.isoformat(), "day"))
    return store.values("decisions", FIELDS, after=after, known_from=start)


def _count(days: Days, rows: Iterable[Sequence[Any]]) -> None:
    for decided, port, *hours in rows:
        if port is not None:
            ports = days.setdefault(moments.civil_day(moments.moment(decided)), {})
            ports[port] = ports.get(port, Spent()).plus(hours)


def plans(store: Store, as_of: datetime) -> list[Plan]:
    """Return the newest plan of each port for the civil day of a moment."""
    day = moments.civil_day(as_of)
    found = store.select("plans", "day", values=[day.isoformat()])
    return [plan for plan in found if isinstance(plan, Plan)]
