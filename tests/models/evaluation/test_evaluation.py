"""An evaluation tells every number by name, its tables and its words."""

import numpy as np
import pytest

from models.evaluation.evaluation import (
    Evaluation,
    evaluate,
    table,
    words,
)
from tests.models.evaluation.simulated import misled, world


@pytest.fixture(scope="module")
def found() -> Evaluation:
    judged, (port,) = world(2, lines=8_000)
    return evaluate(misled(judged, port, by=1.0), [port], seed=0)


def test_every_metric_has_its_bounds_among_the_numbers(found: Evaluation) -> None:
    numbers = found.numbers()
    for name, told in found.metrics.items():
        assert (numbers[f"{name}_low"], numbers[f"{name}_high"]) == (told.low, told.high)
    assert numbers["slices"] == 12
    assert numbers["slices_off"] == len(found.off) >= 1
    assert numbers["groups_unlike"] >= 1
    assert numbers["ece_corrected"] == found.metrics["ece_corrected"].value
    assert not found.is_weighted


def test_the_headline_names_the_group(found: Evaluation) -> None:
    assert "P3" in found.headline[0]
    assert "P3" in found.headline[1]


def test_tables_have_a_row_for_each_group_and_bounds_beside_each_number(
    found: Evaluation,
) -> None:
    slices, treated = table(found.slices), table(found.treated)
    assert len(slices) == len(treated) == 12
    assert {"dimension", "zh", "value", "ratio", "ratio_low", "ratio_high", "is_off"} <= {*slices}
    rates = {"selected", "passing", "missed", "hits", "others_passing_high", "equal_risk_low"}
    assert rates <= {*treated}
    assert (treated["passing_low"] <= treated["passing"]).all()
    assert np.isfinite(slices["expected"]).all()


def test_every_metric_has_words_in_both_languages(found: Evaluation) -> None:
    for name in found.metrics:
        zh, en = words(name)
        assert zh != name or name == "auc"
        assert en != name or name in ("auc",)
    assert words("unheard_of") == ("unheard_of", "unheard_of")
