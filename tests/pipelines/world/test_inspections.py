from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from tests.pipelines.world.conftest import Simulated


def _judged(simulated: Simulated) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return declarations old enough that every result is in, and their inspections, with truth."""
    known = simulated.declarations.merge(simulated.lots, on="declaration_id")
    settled = known[known["declared_at"] < simulated.until - timedelta(days=12)]
    seen = settled.merge(simulated.inspections, on="declaration_id", suffixes=("", "_seen"))
    return settled, seen


def test_a_fifth_to_a_third_is_inspected_and_the_outcome_is_the_truth(
    simulated: Simulated,
) -> None:
    everything, seen = _judged(simulated)
    assert 0.18 < len(seen) / len(everything) < 0.33
    assert ((seen["outcome"] == "fail") == seen["would_fail"]).all()


def test_propensities_are_calibrated(simulated: Simulated) -> None:
    everything, seen = _judged(simulated)
    bands = pd.cut(everything["propensity"], [0, 0.1, 0.15, 0.2, 0.3, 0.5, 1])
    taken = everything["declaration_id"].isin(seen["declaration_id"])
    for _, band in everything.assign(taken=taken).groupby(bands, observed=True):
        expected = band["propensity"].mean()
        error = np.sqrt(expected * (1 - expected) / len(band))
        assert abs(band["taken"].mean() - expected) < 4 * error + 1e-9


def test_inverse_propensity_recovers_the_true_failure_rate(simulated: Simulated) -> None:
    everything, seen = _judged(simulated)
    weight = 1.0 / seen["propensity"]
    fails = seen["would_fail"].astype(float)
    estimate = (weight * fails).sum() / weight.sum()
    residual = weight * (fails - estimate)
    error = np.sqrt((residual**2).sum()) / weight.sum()
    truth = everything["would_fail"].mean()
    assert abs(estimate - truth) < 3 * error
    assert fails.mean() > truth + 2 * np.sqrt(truth / len(seen))  # the raw rate is biased


def test_propensity_is_logged_as_it_was(simulated: Simulated) -> None:
    _, seen = _judged(simulated)
    assert np.allclose(seen["propensity"], seen["propensity_seen"])


def test_failure_rates_by_selection(simulated: Simulated) -> None:
    fails = simulated.inspections["outcome"] == "fail"
    rates = fails.groupby(simulated.inspections["selection"]).mean()
    assert set(rates.index) == {"risk", "random", "mandated", "tip"}
    assert 0.05 < rates["random"] < 0.12
    assert rates["tip"] > 2 * rates["random"]


def test_results_are_known_days_after_the_visit_and_the_visit_follows_the_declaration(
    simulated: Simulated,
) -> None:
    seen = simulated.inspections.merge(simulated.declarations, on="declaration_id")
    assert (seen["inspected_at"] > seen["declared_at"]).all()
    wait = seen["known_at"] - seen["inspected_at"]
    assert wait.min() >= timedelta(hours=12)
    assert wait.max() < timedelta(days=7)


def test_only_failures_have_findings(simulated: Simulated) -> None:
    fails = simulated.inspections["outcome"] == "fail"
    for column in ("severity", "responses"):
        assert (simulated.inspections[column].notna() == fails).all()
    assert simulated.inspections["items"].notna().all()
    assert not simulated.inspections.loc[~fails, "hazards"].notna().any()
    assert simulated.inspections.loc[fails, "hazards"].notna().mean() > 0.7
