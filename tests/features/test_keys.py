import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import keys
from features.errors import Invalid

COLUMNS: dict[str, list[object]] = {
    "hs_code": ["8516101000", "8516", None],
    "origin": ["VN", None, "DE"],
    "x_lane": [1, 2.5, None],
}


def test_an_unknown_key_is_one_clear_error() -> None:
    with pytest.raises(
        Invalid, match=r"unknown key 'colour'; use one of enterprise, .* x_\* column"
    ):
        keys.parse("origin+colour")


@pytest.mark.parametrize("text", ["", "+", "x_", "x_a b", "origin+"])
def test_no_key_is_half_told(text: str) -> None:
    with pytest.raises(Invalid):
        keys.parse(text)


def test_spaces_around_parts_do_not_matter() -> None:
    assert keys.parse(" origin + hs4 ") == ("origin", "hs4")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("hs4",), ["8516", "8516", None]),
        (("hs6",), ["851610", None, None]),
        (("x_lane",), [1, 2.5, None]),
        (("origin", "hs4"), [("VN", "8516"), None, None]),
        (("brand",), [None, None, None]),
        (("brand", "origin"), [None, None, None]),
    ],
)
def test_values_of_a_key(key: keys.Key, expected: list[object]) -> None:
    assert keys.values(COLUMNS, key) == expected


@given(st.lists(st.sampled_from(["a", "b", None]), max_size=6))
def test_a_joint_key_is_told_where_every_part_is(values: list[str | None]) -> None:
    columns = {"brand": values, "origin": values[::-1]}
    joint = keys.values(columns, ("brand", "origin"))
    both = zip(values, values[::-1], strict=True)
    assert joint == [None if None in pair else pair for pair in both]


def test_every_source_has_a_label_in_both_languages() -> None:
    for part in keys.SOURCES:
        zh, en = keys.label((part,), 0), keys.label((part,), 1)
        assert zh.startswith("同")
        assert en.isascii()
    assert keys.label(("x_lane", "origin"), 1) == "x_lane × origin"


def test_names_of_joint_keys_and_the_columns_they_need() -> None:
    assert keys.name(("origin", "hs4")) == "origin_hs4"
    assert keys.needed([("hs4",), ("hs6", "origin"), ("x_a",)]) == ["hs_code", "origin", "x_a"]


def test_columns_of_a_frame_have_none_for_missing() -> None:
    frame = pd.DataFrame({"brand": ["a", None], "x_lane": [1.0, None]})
    told = keys.columns(frame, ["brand", "x_lane", "port"])
    assert told == {"brand": ["a", None], "x_lane": [1.0, None], "port": [None, None]}


def test_a_scope_tells_its_longest_code_and_only_keys() -> None:
    scopes = keys.scopes(
        pd.Series(
            [
                {"hs4": "8516", "hs2": "85", "hazard": "fire"},
                {"hs6": "950300", "origin": "VN"},
                {"hazard": "fire"},
            ]
        )
    )
    assert list(scopes["hs_code"].fillna("")) == ["8516", "950300", ""]
    assert list(scopes["origin"].fillna("")) == ["", "VN", ""]
    assert set(scopes) == {"hs_code", "origin"}
