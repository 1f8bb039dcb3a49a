from datetime import UTC, date, datetime, timedelta

import pytest

from features.judgements import Decision, Plan
from features.spending import Spending, balances, plans
from features.store import Store
from tests.features.test_store import decision

MIDNIGHT = datetime(2024, 3, 1, 16, tzinfo=UTC)  # of 2 March in Shanghai
HOUR = timedelta(hours=1)


def decided(
    number: int, at: datetime, hours: float | None = 2.0, port: str | None = "渝"
) -> Decision:
    told = {"hours": hours, "hours_expected": 0.5, "hours_asked": 0.25}
    return decision(number, decided_at=at, known_at=at, port=port, **told)


def test_a_day_counts_its_own_decisions_by_port(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    spending = Spending(store)
    store.append(
        [
            decided(1, MIDNIGHT - HOUR),
            decided(2, MIDNIGHT),
            decided(3, MIDNIGHT + HOUR, hours=0.0),
            decided(4, MIDNIGHT + HOUR, port="沪"),
            decided(5, MIDNIGHT + HOUR, port=None),
            decided(6, MIDNIGHT + HOUR, hours=None),
        ]
    )
    assert spending.of(MIDNIGHT + 2 * HOUR) == {
        "渝": (3, 2.0, 1.5, 0.75),
        "沪": (1, 2.0, 0.5, 0.25),
    }
    store.append([decided(7, MIDNIGHT + 3 * HOUR, hours=4.0)])
    assert spending.of(MIDNIGHT + 4 * HOUR)["渝"][:2] == (4, 6.0)
    assert spending.of(MIDNIGHT + 25 * HOUR) == {}
    store.append([decided(8, MIDNIGHT + 25 * HOUR)])
    assert spending.of(MIDNIGHT + 26 * HOUR) == {"渝": (1, 2.0, 0.5, 0.25)}
    store.close()


@pytest.mark.parametrize("after", [0, 30])
def test_a_new_process_counts_what_others_decided_today(sqlite_url: str, after: int) -> None:
    store = Store.open(sqlite_url)
    store.append([decided(n, MIDNIGHT + n * HOUR / 10) for n in range(1, 6)])
    assert Spending(store).of(MIDNIGHT + HOUR + after * HOUR) == (
        {} if after else {"渝": (5, 10.0, 2.5, 1.25)}
    )
    store.close()


def planned(day: str, capacity: float) -> Plan:
    return Plan(
        plan_id=f"{day}/渝",
        day=day,
        port="渝",
        planned_at=MIDNIGHT - timedelta(days=40),
        known_at=MIDNIGHT - timedelta(days=40),
        price=1.0,
        capacity=capacity,
        expected_lines=9.0,
        commitment="c",
        policy_version="p",
    )


def test_what_the_days_before_left_over_is_their_capacity_less_their_hours(
    sqlite_url: str,
) -> None:
    store = Store.open(sqlite_url)
    today = date(2024, 3, 2)
    store.append([planned("2024-03-02", 9), planned("2024-03-01", 5), planned("2024-02-01", 7)])
    store.append([decided(1, MIDNIGHT - HOUR), decided(2, MIDNIGHT - 2 * HOUR, hours=4.0)])
    store.append([decided(3, MIDNIGHT + HOUR)])
    assert balances(store, today, days=28) == {"渝": -1.0}
    assert balances(store, today, days=30) == {"渝": 6.0}
    assert [plan.capacity for plan in plans(store, MIDNIGHT)] == [9]
    store.close()
