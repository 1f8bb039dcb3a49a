import json
from typing import Any

import pytest

from features import aggregates, catalog, facts, measures
from features.aggregates import Aggregate
from features.errors import Invalid
from tests.worlds import World


@pytest.mark.parametrize(
    ("aggregate", "name"),
    [
        (Aggregate("report", ("origin", "hs4"), "count", None, 90), "origin_hs4_report_count_90d"),
        (
            Aggregate("inspection", ("enterprise",), "rate", "fail", None),
            "enterprise_inspection_fail_rate_ever",
        ),
        (
            Aggregate("report", ("origin", "hs4"), "days_since"),
            "origin_hs4_report_days_since",
        ),
        (
            Aggregate("enterprise", ("enterprise",), "last", "credit_grade"),
            "enterprise_credit_grade_last",
        ),
        (
            Aggregate("declaration", ("x_lane",), "sum", "value_fen", 365),
            "x_lane_declaration_value_fen_sum_365d",
        ),
    ],
)
def test_the_name_follows_from_what_it_is(aggregate: Aggregate, name: str) -> None:
    assert aggregate.name == name


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "rumour", "how": "count"},
        {"kind": "report", "how": "median"},
        {"kind": "report", "how": "sum"},
        {"kind": "inspection", "how": "rate", "window": 30},
        {"kind": "annotation", "how": "decayed_sum", "measure": "severity"},
    ],
)
def test_what_no_kernel_can_answer_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        Aggregate(key=("hs4",), **parts)


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "report", "how": "count", "measure": "value_fen"},
        {"kind": "warning", "how": "rate", "measure": "grade"},
        {"kind": "warning", "how": "active", "measure": "fail"},
        {"kind": "report", "how": "active", "measure": "grave"},
        {"kind": "declaration", "how": "count", "measure": "hazard_fire"},
        {"kind": "report", "how": "count", "window": 0},
        {"kind": "report", "how": "count", "window": -7},
    ],
)
def test_a_measure_of_another_kind_or_an_empty_window_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        Aggregate(key=("hs4",), **parts)


def test_every_family_survives_json_and_means_something_in_both_languages() -> None:
    for kind in catalog.FAMILIES:
        for aggregate in catalog.family(kind, ("origin", "hs4"), extras=("x_score",)):
            plain = json.loads(json.dumps(aggregates.to_json(aggregate)))
            assert Aggregate(**{**plain, "key": tuple(plain["key"])}) == aggregate
            assert aggregate.meaning(0).startswith("同原产地同品目商品")
            assert "origin × HS heading" in aggregate.meaning(1)


def test_different_aggregates_of_the_catalog_mean_different_things() -> None:
    every = [a for kind in catalog.FAMILIES for a in catalog.family(kind, ("hs4",))]
    for language in (0, 1):
        assert len({a.meaning(language) for a in every}) == len(every)


def test_every_kind_has_labels() -> None:
    assert set(aggregates.KIND_LABELS) == set(measures.MEASURES)


def test_measures_are_those_that_facts_have() -> None:
    found = facts.of(World().tables(), [])
    for kind, names in aggregates.MEASURED.items():
        present = {name.removesuffix("_present") for name in found[kind].measures}
        assert set(names) == present
        assert set(names) <= set(aggregates.MEASURE_LABELS)
