"""The simulated world's truth is known: honest intervals hold it, naive ones miss it."""

import pytest

from models.risk import search, training
from models.risk.training import SHIPPED
from pipelines.studies import world


@pytest.mark.slow
def test_the_interval_over_all_lines_holds_and_the_naive_one_misses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "SEEDS", 1)
    monkeypatch.setattr(search, "MOST_STEPS", 5)
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
    assert 0.75 < found["interval_coverage"] < 0.98
    assert found["interval_width_thin"] > found["interval_width_thick"] > 0
    assert found["inspected"] < found["n"]
