"""Conditions: what a rule asks of a declared line, read from YAML and kept as plain data.

A condition gives names a test each, and all of them must hold; ``any``, ``all`` and ``not`` join
conditions. A name is a column of the declarations, a part of a key, a column of the user's own
(``x_*``) or a feature. A missing value passes no test but ``missing: true``.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from types import NoneType
from typing import Literal, NamedTuple, TypeGuard

import numpy as np
import numpy.typing as npt

from features import catalog, declared, identifiers, keys
from features.errors import Invalid
from features.plans import Numbers

Mask = npt.NDArray[np.bool_]
Columns = Mapping[str, Sequence[object]]
Value = str | float | bool
Kind = Literal["text", "number", "any"]
MOST = 1e300  # no number is larger, nor is infinity or what is none
MOST_DEEP = 8  # conditions within conditions; nobody reads more


class Text(NamedTuple):
    """A text of a declaration: the part of a key that reads it, and how it is called."""

    part: str
    zh: str
    en: str


TEXTS = {
    "enterprise_id": Text("enterprise", "企业", "enterprise"),
    "enterprise": Text("enterprise", "企业", "enterprise"),
    "manufacturer_id": Text("manufacturer", "生产商", "manufacturer"),
    "manufacturer": Text("manufacturer", "生产商", "manufacturer"),
    "brand": Text("brand", "品牌", "brand"),
    "goods_name": Text("goods_name", "商品名称", "goods name"),
    "goods_noun": Text("goods_noun", "商品名称末两字", "last two characters of the goods name"),
    "hs_code": Text("hs_code", "HS编码", "HS code"),
    "hs2": Text("hs2", "商品章", "HS chapter"),
    "hs4": Text("hs4", "商品品目", "HS heading"),
    "hs6": Text("hs6", "商品子目", "HS subheading"),
    "hs8": Text("hs8", "税目", "HS tariff line"),
    "origin": Text("origin", "原产地", "origin"),
    "departure": Text("departure", "启运地", "country of departure"),
    "port": Text("port", "口岸", "port"),
    "trade_mode": Text("trade_mode", "贸易方式", "trade mode"),
    "unit": Text("unit", "计量单位", "unit"),
    "lot_id": Text("lot", "批次", "lot"),
    "lot": Text("lot", "批次", "lot"),
}
NUMBERS = {
    "value_cny": ("货值（元）", "value in yuan"),
    "quantity": ("数量", "quantity"),
    "net_weight_kg": ("净重（千克）", "net weight in kg"),
}
# What a code is checked by; without it a mistyped one would fit no line, and nobody would know.
CODES: dict[str, Callable[[str], str]] = {
    "enterprise_id": identifiers.enterprise_id,
    "hs_code": identifiers.hs_code,
    "origin": identifiers.country,
    "departure": identifiers.country,
}


@dataclass(frozen=True)
class Check:
    """What is asked of one name; it holds where any of the values fits."""

    name: str
    how: str  # "is", or a word of ``TESTS``
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Joined:
    """Conditions that must hold all together, or one of them, or (one alone) not."""

    how: Literal["all", "any", "not"]
    parts: tuple["Condition", ...]


Condition = Check | Joined


def parse(plain: object, *, deep: int = 0) -> Condition:
    """Return what a mapping of YAML asks; ``Invalid`` names the field, the value and the remedy."""
    if not isinstance(plain, dict) or not plain:
        raise Invalid(f"a condition maps names to tests, as {{origin: VN}}; got {plain!r}")
    if deep > MOST_DEEP:
        raise Invalid(f"conditions stand more than {MOST_DEEP} deep in one another; make two rules")
    parts = [one for name, told in plain.items() for one in _parts(name, told, deep=deep)]
    return parts[0] if len(parts) == 1 else Joined("all", tuple(parts))


def checks(condition: Condition) -> Iterator[Check]:
    """Yield every check of a condition, as they stand."""
    if isinstance(condition, Check):
        yield condition
    else:
        for part in condition.parts:
            yield from checks(part)


def holds(condition: Condition, columns: Columns) -> Mask:
    """Return for each of q lines whether a condition holds.

    columns: q values by name, for every name that is tested; ``None`` or NaN is missing.
    """
    if isinstance(condition, Check):
        return _passes(condition, columns[condition.name])
    masks = [holds(part, columns) for part in condition.parts]
    if condition.how == "not":
        return ~masks[0]
    return reduce(np.logical_and if condition.how == "all" else np.logical_or, masks)


def is_feature(name: str) -> bool:
    """Return whether a name is a feature, which facts and not the declaration tell."""
    return name in declared.NUMERIC or name in catalog.everything()


def _parts(name: object, told: object, *, deep: int) -> list[Condition]:
    if name == "not":
        return [Joined("not", (parse(told, deep=deep + 1),))]
    if name == "any" or name == "all":
        if not isinstance(told, list) or not told:
            raise Invalid(f"{name} takes a list of conditions, as [{{origin: VN}}]; got {told!r}")
        parts = tuple(parse(part, deep=deep + 1) for part in told)
        return [Joined("all" if name == "all" else "any", parts)]
    kind = _kind(name)
    try:
        return list(_tests(str(name), told, kind=kind))
    except Invalid as error:
        raise Invalid(f"{name}: {error}") from None


def _kind(name: object) -> Kind:
    if not isinstance(name, str):
        raise Invalid(f"{name!r} is no name of a field; write names as texts, as origin")
    if keys.is_extra(name):
        return "any"
    if name in TEXTS:
        return "text"
    if name in NUMBERS or is_feature(name):
        return "number"
    known = (*TEXTS, *NUMBERS, *declared.NUMERIC, *catalog.everything())
    near = catalog.nearest(name, known)
    raise Invalid(f"{name!r} is no field, key, feature or x_* column; {near}")


def _tests(name: str, told: object, *, kind: Kind) -> Iterator[Check]:
    asked = told if isinstance(told, dict) else {"is": told}
    unknown = [how for how in asked if how not in TESTS and isinstance(told, dict)]
    if unknown or not asked:
        raise Invalid(f"{told!r} is no test; use a value, a list, or {', '.join(TESTS)}")
    for how, value in asked.items():
        yield _test(name, how, value=value, kind=kind)


def _test(name: str, how: str, *, value: object, kind: Kind) -> Check:
    if how == "missing":
        if not isinstance(value, bool):
            raise Invalid(f"missing is true or false, got {value!r}")
        return Check(name, how, (value,))
    wanted = TESTS.get(how, kind)
    if kind not in ("any", wanted):
        raise Invalid(f"{how} {value!r} asks for a {wanted}, and this is a {kind}")
    several = value if isinstance(value, list) and how not in COMPARED else [value]
    if not several:
        raise Invalid("an empty list fits no line; name a value or remove the test")
    values = tuple(_value(one, wanted) for one in several)
    if len({type(one) for one in values}) > 1:
        raise Invalid(f"{value!r} mixes texts, numbers and flags; put all in quotes, or none")
    if name in TEXTS:
        values = tuple(_code(name, str(one), whole=how == "is") for one in values)
    return Check(name, how, values)


def _value(value: object, wanted: Kind) -> Value:
    if isinstance(value, str) and value.strip() and wanted != "number":
        return value.strip()
    if isinstance(value, bool) and wanted == "any":
        return value
    if _is_number(value) and abs(value) <= MOST and wanted != "text":
        return float(value)
    if wanted == "number":
        raise Invalid(f"{value!r} is no number; write it without quotes, as 2.5")
    raise Invalid(
        f'{value!r} is no text; write it in quotes, as "85" or "NO", and {{missing: true}} for none'
    )


def _code(name: str, text: str, *, whole: bool) -> str:
    """Return a text as declarations hold it; ``Invalid`` where none can hold it."""
    column, length = keys.source(TEXTS[name].part)
    if column == "hs_code":
        text = re.sub(r"[.\s]", "", text)
        if not re.fullmatch("[0-9]+", text):
            raise Invalid(f"{text!r} is no beginning of an HS code; give digits")
    if length is None:
        return CODES[column](text) if whole and column in CODES else text
    if len(text) > abs(length) or (whole and len(text) < abs(length)):
        raise Invalid(f"{text!r} fits no line, as this has {abs(length)} characters; mend it")
    return text


def _passes(test: Check, told: Sequence[object]) -> Mask:
    if test.how == "missing":
        wanted = test.values[0]
        return np.fromiter((_is_missing(one) == wanted for one in told), bool, len(told))
    first = test.values[0]
    if isinstance(first, bool):
        fits = (isinstance(one, bool) and one in test.values for one in told)
        return np.fromiter(fits, bool, len(told))
    if isinstance(first, str):
        return _fitting(test, told)
    numbers = _numbers(told)
    if test.how == "is":
        return np.isin(numbers, test.values)
    return COMPARED[test.how](numbers, first)


def _fitting(test: Check, told: Sequence[object]) -> Mask:
    """Return which texts fit, each different one asked once."""
    wanted = tuple(map(str, test.values))
    known = {one: isinstance(one, str) and FITS[test.how](one, wanted) for one in set(told)}
    return np.fromiter(map(known.__getitem__, told), bool, len(told))


def _numbers(told: Sequence[object]) -> Numbers:
    """Return numbers; whatever is none, a text or a flag among them, is missing."""
    if set(map(type, told)) <= {float, int, NoneType}:
        return np.array(told, float)  # ``None`` becomes NaN
    return np.array([one if _is_number(one) else np.nan for one in told], float)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_missing(value: object) -> bool:
    return value is None or value != value


FITS: dict[str, Callable[[str, tuple[str, ...]], bool]] = {
    "is": lambda text, wanted: text in wanted,
    "begins": lambda text, wanted: text.startswith(wanted),
    "contains": lambda text, wanted: any(part in text for part in wanted),
}
COMPARED: dict[str, Callable[[Numbers, float], Mask]] = {
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "above": np.greater,
    "below": np.less,
}
TESTS: dict[str, Kind] = {
    "begins": "text",
    "contains": "text",
    **dict.fromkeys(COMPARED, "number"),
    "missing": "any",
}


def label(name: str, language: int) -> str:
    """Return how a name is called, in Chinese (0) or English (1); an ``x_*`` one by itself."""
    if name in TEXTS:
        return TEXTS[name][1 + language]
    if name in NUMBERS:
        return NUMBERS[name][language]
    if name in declared.NUMERIC:
        return declared.meaning(name, language)
    known = catalog.everything()
    return known[name].meaning(language) if name in known else name
