"""Declared features: what the declaration itself says, one function for each column.

The function's name is the column, its docstring the meaning shown to analysts (English, then
Chinese). Each takes the declaration's columns as arrays and returns one number per row, missing
(NaN) where the declaration is silent. Categories stay as they are; the model encodes them.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from features.moments import DAY_MS

Numbers = npt.NDArray[np.float64]
Declared = Mapping[str, Numbers]

CIVIL_OFFSET_MS = 8 * 3_600_000  # Asia/Shanghai has had no other offset since 1991


def _log(values: Numbers) -> Numbers:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.log1p(values)


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.log(above / below)


def declaration_value_log(declared: Declared) -> Numbers:
    """Logarithm of the declared value in fen | 申报货值（分）的对数."""
    return _log(declared["value_fen"])


def declaration_quantity_log(declared: Declared) -> Numbers:
    """Logarithm of the declared quantity | 申报数量的对数."""
    return _log(declared["quantity"])


def declaration_weight_log(declared: Declared) -> Numbers:
    """Logarithm of the net weight in kg | 净重（千克）的对数."""
    return _log(declared["net_weight_kg"])


def declaration_unit_value_log(declared: Declared) -> Numbers:
    """Logarithm of fen per unit | 单价（分）的对数."""
    return _ratio(declared["value_fen"], declared["quantity"])


def declaration_kilogram_value_log(declared: Declared) -> Numbers:
    """Logarithm of fen per kg | 每千克价值（分）的对数."""
    return _ratio(declared["value_fen"], declared["net_weight_kg"])


def declaration_day(declared: Declared) -> Numbers:
    """Days from 1970 to the declaration, in UTC | 申报日期（自1970年起的天数）."""
    return np.floor(declared["declared"] / DAY_MS)


def declaration_weekday(declared: Declared) -> Numbers:
    """Day of the week in Asia/Shanghai, Monday 0 | 申报星期（周一为0）."""
    days = np.floor((declared["declared"] + CIVIL_OFFSET_MS) / DAY_MS)
    return (days + 3) % 7


def declaration_year_day(declared: Declared) -> Numbers:
    """Day within a year of 365.25 days, Asia/Shanghai | 年内第几天."""
    return np.floor((declared["declared"] + CIVIL_OFFSET_MS) / DAY_MS) % 365.25


NUMERIC: dict[str, Callable[[Declared], Numbers]] = {
    function.__name__: function
    for function in (
        declaration_value_log,
        declaration_quantity_log,
        declaration_weight_log,
        declaration_unit_value_log,
        declaration_kilogram_value_log,
        declaration_day,
        declaration_weekday,
        declaration_year_day,
    )
}
COMPARED_ONLY = ("declaration_day",)  # it tells the date: no past day ever comes again
COLUMNS = ("value_fen", "quantity", "net_weight_kg")
CATEGORIES = {
    "hs2": ("商品章", "HS chapter"),
    "hs4": ("商品品目", "HS heading"),
    "origin": ("原产地", "origin"),
    "departure": ("启运地", "country of departure"),
    "port": ("口岸", "port"),
    "trade_mode": ("贸易方式", "trade mode"),
    "unit": ("计量单位", "unit"),
}


def meaning(name: str, language: int) -> str:
    """Return what a declared number means, in Chinese (0) or English (1)."""
    english, _, chinese = (NUMERIC[name].__doc__ or "").rstrip(".").partition(" | ")
    return (chinese, english)[language]
