import json
from datetime import timedelta

import pandas as pd
import pytest

from features import catalog, keys, memory
from features.errors import Invalid
from features.feature_set import FeatureSet
from features.judgements import Annotation
from features.records import Declaration, Inspection, Report, Warning
from tests.worlds import World, at, patterned

SMALL = patterned(60)


def standard(world: World, *custom: str) -> FeatureSet:
    return catalog.standard(world.tables(), custom=[keys.parse(text) for text in custom])


def test_names_are_unique_and_each_means_something_in_both_languages() -> None:
    features = standard(SMALL, "x_lane", "port+hs4")
    assert len(set(features.names)) == len(features.names)
    for name in features.names:
        zh, en = features.meaning(name, 0), features.meaning(name, 1)
        assert any("一" <= character <= "鿿" for character in zh), name
        assert en.strip(), name
        assert not any("一" <= character <= "鿿" for character in en), name


def test_a_set_survives_json() -> None:
    features = standard(SMALL, "port+hs4")
    assert FeatureSet.from_json(json.loads(json.dumps(features.to_json()))) == features


def test_a_set_that_names_what_is_not_computed_is_refused() -> None:
    plain = {"numeric": ["declaration_karma"], "aggregates": [], "categories": []}
    with pytest.raises(Invalid, match="computes no declaration_karma; retrain"):
        FeatureSet.from_json(plain)


@pytest.mark.parametrize(
    "aggregate",
    [
        {"kind": "rumour", "key": ["hs4"], "how": "count", "measure": None, "window": 30},
        {"kind": "report", "key": ["colour"], "how": "count", "measure": None, "window": 30},
        {"kind": "report", "key": ["hs4"], "how": "count", "measure": "karma", "window": 30},
    ],
)
def test_an_aggregate_that_is_not_computed_is_refused(aggregate: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        FeatureSet.from_json({"numeric": [], "aggregates": [aggregate], "categories": []})


def test_keys_that_no_row_tells_are_left_out() -> None:
    features = standard(SMALL, "x_lane")
    told = {part for key in features.keys for part in key}
    assert {"enterprise", "hs4", "brand", "port"} <= told
    assert not {"manufacturer", "x_lane"} & told
    assert "departure" not in features.categories


def test_a_kind_without_facts_is_left_out() -> None:
    lines = World({"declarations": [*SMALL.of("declarations")]})
    features = standard(lines)
    assert {a.kind for a in features.aggregates} == {"declaration"}
    assert features.without("declaration").aggregates == ()


def line(number: int, **x: object) -> Declaration:
    return Declaration.model_validate(
        {
            "declaration_id": f"D{number}",
            "declared_at": at(number),
            "enterprise_id": "E1",
            "hs_code": "8516101000",
            "origin": "VN",
            "x": x,
        }
    )


def test_custom_keys_of_extra_columns_also_joint() -> None:
    world = World({"declarations": [line(1, x_lane="a"), line(2)]})
    names = standard(world, "x_lane", "x_lane+hs4").names
    assert "x_lane_declaration_count_30d" in names
    assert "x_lane_hs4_declaration_count_30d" in names
    assert "x_lane" in standard(world).categories


def test_extra_numbers_are_features_and_those_of_inspections_are_averaged() -> None:
    seen = Inspection(
        declaration_id="D1",
        inspected_at=at(3),
        known_at=at(3),
        outcome="pass",
        x={"x_score": 2, "x_note": "b"},
    )
    features = standard(
        World({"declarations": [line(1, x_speed=3), line(2)], "inspections": [seen]})
    )
    assert "x_speed" in features.numeric
    assert features.asked == {"inspection": ("x_score",)}
    assert "enterprise_inspection_x_score_mean_ever" in features.names


def test_what_the_text_models_linked_is_enough_for_a_key() -> None:
    report = Report(report_id="R1", channel="media", received_at=at(1), known_at=at(1), text="x")
    read = Annotation(
        report_id="R1",
        model_version="1",
        annotated_at=at(1) + timedelta(hours=1),
        known_at=at(1) + timedelta(hours=1),
        relevant=True,
        category="质量",
        origin="VN",
    )
    world = World({"declarations": [line(1)], "reports": [report], "annotations": [read]})
    names = standard(world).names
    assert "origin_annotation_relevant_once_count_30d" in names
    assert "origin_report_count_30d" not in names


def test_warnings_of_different_scopes_stand_side_by_side() -> None:
    told = [
        Warning(warning_id=str(n), level="I", issued_at=at(n), known_at=at(n), scope=scope)
        for n, scope in enumerate(({"hs4": "8516"}, {"hs6": "851610"}, {"hazard": "fire"}))
    ]
    names = standard(World({"declarations": [line(1)], "warnings": [*told]})).names
    assert "hs4_warning_grade_active" in names
    assert "hs6_warning_grade_active" in names
    assert "origin_warning_grade_active" not in names


def test_the_tables_that_a_set_reads() -> None:
    features = standard(SMALL)
    assert set(memory.tables(features)) == {
        "declarations",
        "inspections",
        "reports",
        "annotations",
        "enterprises",
    }
    assert isinstance(SMALL.tables()["reports"], pd.DataFrame)
