import pytest

from features import contrasts
from features.aggregates import Aggregate
from features.feature_set import FeatureSet
from models.risk import monotone

KEY = ("enterprise",)


@pytest.mark.parametrize(
    ("aggregate", "direction"),
    [
        (Aggregate("inspection", KEY, "count", "fail", 180), 1),
        (Aggregate("inspection", KEY, "count", "severe_fail", 730), 1),
        (Aggregate("inspection", KEY, "days_since", "fail"), -1),
        (Aggregate("inspection", KEY, "count", None, 180), 0),
        (Aggregate("inspection", KEY, "mean", "severity", 730), 0),
        (Aggregate("annotation", KEY, "count", "severe_once", 90), 1),
        (Aggregate("annotation", KEY, "count", "hazard_fire", 90), 1),
        (Aggregate("annotation", KEY, "count", "category_label", 90), 0),
        (Aggregate("annotation", KEY, "rate", "flood", 90), 0),
        (Aggregate("annotation", KEY, "count", "repeated", 90), 0),
        (Aggregate("report", KEY, "count", None, 90), 0),
        (Aggregate("declaration", KEY, "sum", "value_fen", 365), 0),
        (Aggregate("enterprise", KEY, "last", "credit_grade"), -1),
        (Aggregate("enterprise", KEY, "last", "listed"), -1),
        (Aggregate("enterprise", KEY, "last", "registered_day"), 0),
        (Aggregate("warning", KEY, "active", "grade"), 1),
    ],
    ids=lambda value: value.name if isinstance(value, Aggregate) else str(value),
)
def test_directions_of_aggregates(aggregate: Aggregate, direction: int) -> None:
    assert monotone.directions(FeatureSet((), (aggregate,), ())) == [direction]


def test_directions_stand_in_the_order_of_the_names() -> None:
    features = FeatureSet(
        ("declaration_value_log",),
        (Aggregate("inspection", KEY, "count", "fail", 180),),
        ("origin",),
        (
            contrasts.shrunk_rate(KEY, None),
            contrasts.trend("annotation", KEY, measure="severe_once", short=90, long=365),
            contrasts.per_declaration(KEY, measure="severe_once", window=365),
            contrasts.AGE,
        ),
    )
    assert monotone.directions(features) == [0, 1, 1, 0, 1, 0]
    assert len(features.names) == 6
