"""The charts of a model's reading draw the rows they are given, in Chinese and English."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from models import colours, reading, reading_charts
from models.risk.assess import assess
from models.risk.matrix import load
from tests.models.conftest import Trained
from tests.models.drawn import rows_of, svg_of


@pytest.fixture(scope="module")
def told(trained: Trained) -> dict[str, Any]:
    some = trained.rows.take(np.arange(30))
    parts = assess(trained.model, some, matrix=load()).contributions
    important = reading.importance(trained.features, parts)
    return {
        "importance": important,
        "swarm": reading.swarm(some, parts, names=list(important["feature"][:2])),
        "dependence": reading.dependence(trained.model, some, name=important["feature"][0]),
    }


def test_importance_shows_the_first_features_by_meaning(told: dict[str, Any]) -> None:
    chart = reading_charts.importance(told["importance"], most=4)
    assert [row["zh"] for row in rows_of(chart)] == told["importance"]["zh"][:4].tolist()
    assert "哪些特征最起作用" in svg_of(chart)


def test_shares_of_families_add_up_to_one(told: dict[str, Any]) -> None:
    rows = rows_of(reading_charts.families(told["importance"]))
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert "查验 inspections" in [row["family"] for row in rows]


def test_families_of_a_model_that_nothing_moves_have_no_share() -> None:
    still = pd.DataFrame({"family": ["declared"], "moved": [0.0]})
    assert [row["share"] for row in rows_of(reading_charts.families(still))] == [0]


def test_a_swarm_has_a_dot_for_each_line_and_a_grey_one_without_value(
    told: dict[str, Any],
) -> None:
    frame = told["swarm"].assign(rank=np.nan)
    chart = reading_charts.swarm(frame)
    assert len(rows_of(chart)) == len(frame)
    assert svg_of(chart).count(colours.GREY) >= len(frame)


def test_dependence_draws_every_line_and_their_mean(told: dict[str, Any]) -> None:
    frame = told["dependence"]
    chart = reading_charts.dependence(frame, "同企业不合格数")
    assert len(rows_of(chart)) == len(frame)
    drawn = svg_of(chart)
    assert colours.RED in drawn
    assert "同企业不合格数" in drawn
