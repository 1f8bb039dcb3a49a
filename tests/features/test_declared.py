import math
from datetime import UTC, datetime

import numpy as np
import pytest

from features import declared, moments

MONDAY = datetime(2024, 3, 3, 16, 0, tzinfo=UTC)  # midnight in Shanghai, 4 March


def told(at: datetime = MONDAY, **columns: float) -> declared.Declared:
    names = {name: np.array([columns.get(name, np.nan)]) for name in declared.COLUMNS}
    return {**names, "declared": np.array([float(moments.milliseconds(at))])}


@pytest.mark.parametrize("name", sorted(declared.NUMERIC))
def test_every_declared_feature_is_missing_or_a_number_without_warnings(name: str) -> None:
    found = declared.NUMERIC[name](told())
    assert found.shape == (1,)
    assert np.isnan(found[0]) == (not name.endswith("day"))
    english, _, chinese = (declared.NUMERIC[name].__doc__ or "").partition(" | ")
    assert english
    assert chinese


def test_ratios_and_logarithms() -> None:
    line = told(value_fen=800, quantity=4, net_weight_kg=2)
    found = {name: function(line)[0] for name, function in declared.NUMERIC.items()}
    assert found["declaration_value_log"] == pytest.approx(math.log(801))
    assert found["declaration_unit_value_log"] == pytest.approx(math.log(200))
    assert found["declaration_kilogram_value_log"] == pytest.approx(math.log(400))


@pytest.mark.parametrize(
    ("at", "weekday"),
    [(MONDAY, 0), (datetime(2024, 3, 3, 15, 59, tzinfo=UTC), 6)],
)
def test_weekdays_are_those_of_shanghai(at: datetime, weekday: int) -> None:
    assert declared.declaration_weekday(told(at))[0] == weekday
