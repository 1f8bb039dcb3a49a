import numpy as np
import pytest

from features.aggregates import Aggregate
from features.build import Rows
from features.feature_set import FeatureSet
from models.risk.severity import severity

PAST = [Aggregate("inspection", (k,), "mean", "severity", 730) for k in ("hs6", "hs4")]
SEVERE = Aggregate("annotation", ("origin", "hs4"), "count", "severe", 90)
NAN = np.nan


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([NAN, NAN, 0], 2),
        ([1, 4, 0], 1),
        ([NAN, 3.5, 0], 4),
        ([2.4, NAN, 1], 2),
        ([1, NAN, 2], 3),
        ([4, NAN, 9], 4),
        ([NAN, NAN, NAN], 2),
    ],
)
def test_the_nearest_goods_speak_and_grave_reports_raise(
    numbers: list[float], expected: int
) -> None:
    features = FeatureSet((), (*PAST, SEVERE), ())
    assert severity(Rows(features, np.array([numbers], float), {}))[0] == expected


def test_without_such_features_it_is_the_usual() -> None:
    assert list(severity(Rows(FeatureSet((), (), ()), np.empty((2, 0)), {}))) == [2, 2]
