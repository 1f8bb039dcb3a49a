"""The simulated world's truth is known: honest intervals hold it, naive ones miss it."""

import numpy as np
import pytest

from models.risk import search, training
from models.risk.training import SHIPPED
from pipelines.studies import world


def test_groups_are_by_what_was_believed() -> None:
    likelihood = np.random.default_rng(0).random(1_000)
    found = world.questions(likelihood)
    assert {name: int(group.sum()) for name, group in found.items()} == {
        "all lines": 1_000,
        "top 5%": 50,
        "top 10%": 100,
        "lower half": 500,
    }
    assert likelihood[found["top 5%"]].min() > likelihood[~found["top 5%"]].max()
    assert likelihood[found["lower half"]].max() < likelihood[~found["lower half"]].min()


@pytest.mark.slow
def test_the_interval_over_all_lines_holds_and_the_naive_one_misses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "SEEDS", 1)
    monkeypatch.setattr(search, "STEPS", (40, 80))
    monkeypatch.setattr(world, "MONTHS", 2)
    monkeypatch.setattr(world, "DRAWS", 100)
    found, rows = world.world(declarations=20_000, recipe=SHIPPED)
    assert found["coverage"] >= 0.9
    assert found["coverage_worst_question"] >= 0.85
    assert found["coverage_naive"] < found["coverage"]
    of_all = rows[rows["question"] == "all lines"].set_index("estimator")
    assert abs(of_all["error"]["doubly_robust"]) < 0.003
    assert of_all["error"]["naive"] > 0.01
    assert 0 < found["ece"] < 0.1
    assert found["inspected"] < found["n"]
