"""Estimates over all lines: each question by each estimator."""

import numpy as np
import pytest

from models.evaluation.estimates import ALL, estimates, questions
from models.evaluation.selection import ESTIMATORS, Lines


def test_groups_are_by_what_was_believed() -> None:
    likelihood = np.random.default_rng(0).random(1_000)
    found = questions(likelihood)
    assert {name: int(group.sum()) for name, group in found.items()} == {
        ALL: 1_000,
        "top 5%": 50,
        "top 10%": 100,
        "lower half": 500,
    }
    assert likelihood[found["top 5%"]].min() > likelihood[~found["top 5%"]].max()


def test_every_question_is_answered_by_every_estimator() -> None:
    chance = np.random.default_rng(0)
    likelihood = chance.beta(1, 8, 2_000)
    drawn = chance.random(2_000) < 0.3
    failed = np.where(drawn, chance.random(2_000) < likelihood, np.nan)
    found = estimates(Lines(likelihood, drawn, failed, np.full(2_000, 0.3)))
    assert len(found) == 4 * len(ESTIMATORS)
    row = found.iloc[0]
    assert (row["question"], row["estimator"]) == (ALL, "naive")
    assert row["lines"] == 2_000
    assert row["inspected"] == drawn.sum()
    assert row["value"] == pytest.approx(np.nanmean(failed))
    assert row["said"] == pytest.approx(likelihood.mean())
    assert (found["low"] <= found["value"]).all()
