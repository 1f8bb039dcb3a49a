import numpy as np
import pytest

from features import catalog, plans
from features.aggregates import HALF_LIVES, Aggregate
from features.moments import DAY_MS
from features.windows import NEVER

KEYS = (("hs4",), ("origin", "hs4"))
EVERY = [a for kind in catalog.FAMILIES for key in KEYS for a in catalog.family(kind, key)]


@pytest.mark.parametrize("by_key", [False, True])
def test_every_column_is_answered_by_exactly_one_plan(by_key: bool) -> None:
    found = plans.plans(EVERY, by_key=by_key)
    columns = np.concatenate([plan.columns for plan in found])
    assert sorted(columns) == [*range(len(EVERY))]
    assert len(found) == len(catalog.FAMILIES) * (len(KEYS) if by_key else 1)
    written = np.concatenate(
        [c for p in found for c in (np.unique(p.sums[0]), p.ratios[0], p.since[0], p.last[0])]
    )
    assert sorted(written) == sorted(columns)


def test_what_many_columns_share_is_read_once() -> None:
    (plan,) = plans.plans([a for a in EVERY if a.kind == "report"])
    assert plan.keys == KEYS
    assert plan.values == ("count", "grave")
    assert list(plan.windows) == [30 * DAY_MS, 90 * DAY_MS, 365 * DAY_MS]


def test_a_decayed_sum_weighs_each_half_life_half_as_much() -> None:
    (plan,) = plans.plans([Aggregate("annotation", ("hs4",), "decayed_sum", "severity", 30)])
    assert list(plan.windows) == [30 * DAY_MS * (k + 1) for k in range(HALF_LIVES)]
    counted = [plan.weights[k:].sum() for k in range(HALF_LIVES)]  # by every window that holds it
    assert counted == [2.0**-k for k in range(HALF_LIVES)]


def test_no_aggregates_need_no_plan_and_ever_has_no_start() -> None:
    assert plans.plans([]) == []
    (plan,) = plans.plans([Aggregate("report", ("hs4",), "count")])
    assert list(plan.windows) == [NEVER]
