from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from features import fields


@given(st.integers(-(10**15), 10**15))
def test_yuan_become_whole_fen_from_any_kind_of_number(amount: int) -> None:
    yuan = Decimal(amount) / 100
    assert fields.fen(yuan) == amount
    assert fields.fen(str(yuan)) == amount
    assert fields.fen(amount / 100) == amount


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_a_sum_of_fen_in_floats_is_still_whole(amounts: list[int]) -> None:
    assert fields.fen(sum(amount / 100 for amount in amounts)) == sum(amounts)


@pytest.mark.parametrize(
    "yuan",
    ["1.005", 0.001, "abc", "", "NaN", "inf", float("inf"), "1e999999999", 1e16, True, "1,0"],
)
def test_what_is_no_amount_in_fen_is_refused(yuan: Any) -> None:
    with pytest.raises(ValueError, match=r"is not an amount in yuan"):
        fields.fen(yuan)


def read(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "value", "meaning"),
    [
        (fields.Words, "fire; burn ;", ("fire", "burn")),
        (fields.Words, ["fire"], ("fire",)),
        (fields.Words, " ; ", ()),
        (fields.Channel, "Food-borne illness", "food_borne_illness"),
        (fields.Scope, "hs4=8516; origin=VN", {"hs4": "8516", "origin": "VN"}),
        (fields.Scope, {"hs4": "8516"}, {"hs4": "8516"}),
        (fields.HsCode, "8516.10", "851610"),
        (fields.Short, " 件 ", "件"),
        (fields.Severity, "3", 3),
        (fields.Positive, "2.5", 2.5),
    ],
)
def test_a_value_is_read_as_it_is_meant(kind: Any, value: Any, meaning: Any) -> None:
    assert read(kind, value) == meaning


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (fields.Words, [""]),
        (fields.Words, "a" * 257),
        (fields.Channel, "telegraph"),
        (fields.Scope, ""),
        (fields.Scope, "hs4"),
        (fields.Scope, {}),
        (fields.Short, "a" * 257),
        (fields.Short, " "),
        (fields.Short, "a\x00"),
        (fields.Id, "\x00"),
        (fields.Text, "a\x00b"),
        (fields.Severity, 0),
        (fields.Severity, 5),
        (fields.Severity, 2.5),
        (fields.Positive, 0),
        (fields.Positive, float("nan")),
        (fields.Positive, float("inf")),
        (fields.Probability, 1.1),
        (fields.Moment, 1709251200),
        (fields.Moment, "2024-03-01"),
        (fields.Moment, "9999-12-31T23:59:59-08:00"),
        (fields.EnterpriseId, 7),
        (fields.Country, "Viet Nam"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        read(kind, value)


def test_a_refused_code_is_refused_again_with_the_same_reason() -> None:
    for _ in range(2):
        with pytest.raises(ValidationError, match="'85' is not an HS code"):
            read(fields.HsCode, "85")
