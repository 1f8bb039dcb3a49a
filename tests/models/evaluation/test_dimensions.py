"""Lines are told apart by what the data has, and by what was known when they were declared."""

import numpy as np
import pytest

from features.aggregates import Aggregate
from features.build import Rows
from features.feature_set import FeatureSet
from models.evaluation.dimensions import Dimension, dimensions

COUNTED = (
    Aggregate("declaration", ("enterprise",), "days_since"),
    Aggregate("declaration", ("enterprise",), "count", window=365),
    Aggregate("inspection", ("enterprise",), "count"),
    Aggregate("inspection", ("hs6",), "count"),
    Aggregate("report", ("enterprise",), "count", window=365),
    Aggregate("report", ("hs4",), "count", window=365),
    Aggregate("report", ("origin", "hs4"), "count", window=365),
)
LINES = np.array(
    [
        [np.nan, 0, 0, 30, 0, 5, 1],
        [4.0, 9, 3, 30, 2, 5, 0],
        [2.0, 10, 0, 3, 0, 5, 0],
        [9.0, 2, 2, 3, 0, 5, 0],
    ]
)
GROUP = np.array([0, 1, 1, 2])


@pytest.fixture
def found() -> dict[str, Dimension]:
    columns: dict[str, list[object]] = {
        "hs2": ["85", "85", None, "04"],
        "hs4": ["8516", "8516", None, "0402"],
        "port": ["a", "a", "a", "a"],
        "x_kind": ["u", "v", "v", "v"],
    }
    features = FeatureSet((), COUNTED, tuple(columns))
    return {one.name: one for one in dimensions(Rows(features, LINES, columns), GROUP)}


def test_new_unseen_and_small_enterprises(found: dict[str, Dimension]) -> None:
    assert found["enterprise_new"].values[:2] == ["新企业 new", "申报过 known"]
    unseen = [value is not None and "never" in value for value in found["enterprise_unseen"].values]
    assert unseen == [True, False, True, False]
    small = [value is not None and "small" in value for value in found["enterprise_size"].values]
    assert small == [True, False, False, True]  # the middle enterprise declared two
    assert all(found[f"enterprise_{name}"].is_fair for name in ("new", "unseen", "size"))


def test_reports_count_on_the_enterprise_and_on_joint_keys(found: dict[str, Dimension]) -> None:
    assert [v and v[0] for v in found["enterprise_reports"].values] == ["无", "有", "无", "无"]
    assert found["enterprise_reports"].words == ("同企业有无风险信息", "reports on the enterprise")
    assert "hs4_reports" not in found


def test_goods_are_thinly_known_where_few_inspections_are(found: dict[str, Dimension]) -> None:
    thin = [value is not None and "thinly" in value for value in found["goods_known"].values]
    assert thin == [False, False, True, True]


def test_declared_categories_stand_as_they_are(found: dict[str, Dimension]) -> None:
    assert found["hs2"].values == ["85", "85", None, "04"]
    assert found["hs2"].words == ("商品章", "HS chapter")
    assert not found["hs2"].is_fair
    assert "hs4" not in found  # it only parts the chapter further
    assert "port" not in found  # all lines have one


def test_of_dimensions_that_part_lines_alike_the_first_is_kept(
    found: dict[str, Dimension],
) -> None:
    """``x_kind`` and the reports on origin and heading part the lines as new enterprises do."""
    assert {"x_kind", "origin_hs4_reports"} & set(found) == set()


def test_without_features_or_categories_there_is_no_dimension() -> None:
    assert dimensions(Rows(FeatureSet((), (), ()), np.empty((2, 0)), {}), GROUP[:2]) == []
    bare = Rows(FeatureSet((), COUNTED, ()), LINES[:0], {})
    assert dimensions(bare, GROUP[:0]) == []
