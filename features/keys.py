"""Keys: what facts and questions are grouped by, derived from a row's own columns.

A key is one or more parts, written ``origin+hs4``. A part is a column of the exchange tables, the
beginning of its HS code, or any ``x_*`` column.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from features.errors import Invalid

Key = tuple[str, ...]
Columns = Mapping[str, Sequence[object]]
EXTRA = r"x_\w+"

SOURCES: dict[str, tuple[str, int | None]] = {
    "enterprise": ("enterprise_id", None),
    "manufacturer": ("manufacturer_id", None),
    "brand": ("brand", None),
    "goods_name": ("goods_name", None),
    "goods_noun": ("goods_name", -2),
    "hs2": ("hs_code", 2),
    "hs4": ("hs_code", 4),
    "hs6": ("hs_code", 6),
    "hs8": ("hs_code", 8),
    "hs_code": ("hs_code", None),
    "origin": ("origin", None),
    "departure": ("departure", None),
    "port": ("port", None),
    "trade_mode": ("trade_mode", None),
    "unit": ("unit", None),
    "region": ("region", None),
    "lot": ("lot_id", None),
}
# Columns that are a key as they stand, by their own names.
PARTS = {column: part for part, (column, length) in SOURCES.items() if length is None}
COARSER = {"hs_code": "hs8", "hs8": "hs6", "hs6": "hs4", "hs4": "hs2"}
LABELS = {
    "enterprise": ("同企业", "enterprise"),
    "manufacturer": ("同生产商", "manufacturer"),
    "brand": ("同品牌", "brand"),
    "goods_name": ("同品名", "goods name"),
    "goods_noun": ("同品名词尾", "last two characters of the goods name"),
    "hs2": ("同章商品", "HS chapter"),
    "hs4": ("同品目商品", "HS heading"),
    "hs6": ("同子目商品", "HS subheading"),
    "hs8": ("同税目商品", "HS tariff line"),
    "hs_code": ("同HS编码商品", "HS code"),
    "origin": ("同原产地", "origin"),
    "departure": ("同启运地", "departure"),
    "port": ("同口岸", "port"),
    "trade_mode": ("同贸易方式", "trade mode"),
    "unit": ("同计量单位", "unit"),
    "region": ("同地区", "region"),
    "lot": ("同批次", "lot"),
}


def parse(text: str) -> Key:
    """Return the key that a text names.

    >>> parse("origin+hs4")
    ('origin', 'hs4')
    """
    parts = tuple(part.strip() for part in text.split("+"))
    for part in parts:
        source(part)
    return parts


def name(key: Key) -> str:
    """Return the name that a key has in feature columns: ``origin_hs4``; without parts, ``all``."""
    return "_".join(key) or "all"


def label(key: Key, language: int) -> str:
    """Return a key in Chinese (0) or English (1); an ``x_*`` part is called by its column."""
    if not key:
        return ("全部", "all")[language]
    words = [LABELS.get(part, (f"同{part}", part))[language] for part in key]
    return "".join(words) if language == 0 else " × ".join(words)


def parent(key: Key) -> Key | None:
    """Return the coarser key that a thin one leans on: the goods of a joint key, then the chapter.

    >>> parent(("origin", "hs4")), parent(("hs4",)), parent(("hs2",)), parent(())
    (('hs4',), ('hs2',), (), None)
    """
    if not key:
        return None
    if len(key) > 1:
        return key[-1:]
    coarser = COARSER.get(key[0])
    return (coarser,) if coarser else ()


def is_extra(part: str) -> bool:
    """Return whether a part is a column of the user's own, ``x_*``."""
    return re.fullmatch(EXTRA, part) is not None


@cache
def source(part: str) -> tuple[str, int | None]:
    """Return the column that a part is read from, and how many characters of its beginning.

    ``None`` is all of it; below zero they are counted from its end.
    """
    if is_extra(part):
        return part, None
    if part not in SOURCES:
        raise Invalid(f"unknown key {part!r}; use one of {', '.join(SOURCES)} or an x_* column")
    return SOURCES[part]


def scopes(scope_list: "pd.Series[Any]") -> pd.DataFrame:
    """Return the scopes of warnings as columns: the longest HS part as ``hs_code``.

    A part that is no key (a hazard, say) narrows a warning but groups nothing.
    """
    rows = [_scope(scope) for scope in scope_list]
    names = dict.fromkeys(column for row in rows for column in row)
    told = {n: pd.Series([r.get(n) for r in rows], scope_list.index, object) for n in names}
    return pd.DataFrame(told, index=scope_list.index)


def _scope(scope: Mapping[str, str]) -> dict[str, str]:
    told = named(scope)
    return {source(part)[0]: told[part] for part in sorted(told, key=lambda part: len(told[part]))}


def named(scope: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a scope that are keys; a column's own name is its key's.

    >>> named({"enterprise_id": "E1", "hs4": "8516", "hazard": "fire"})
    {'enterprise': 'E1', 'hs4': '8516'}
    """
    parts = {name: PARTS.get(name, name) for name in scope}
    return {part: scope[name] for name, part in parts.items() if part in SOURCES or is_extra(part)}


def needed(key_list: Iterable[Key]) -> list[str]:
    """Return the columns that keys are read from, each once."""
    return list(dict.fromkeys(source(part)[0] for key in key_list for part in key))


def values(columns: Columns, key: Key) -> list[object]:
    """Return one hashable value per row, or ``None`` where any part is missing.

    Columns that are not there count as missing.
    """
    if not key:
        return [()] * len(next(iter(columns.values()), ()))
    parts = [_part(columns, part) for part in key]
    if len(parts) == 1:
        return parts[0]
    return [None if None in row else row for row in zip(*parts, strict=True)]


def _part(columns: Columns, part: str) -> list[object]:
    column, length = source(part)
    size = len(next(iter(columns.values()), ()))
    whole = columns.get(column)
    if whole is None:
        return [None] * size
    if length is None:
        return list(whole)
    told = [None if v is None or len(str(v)) < abs(length) else str(v) for v in whole]
    return [None if v is None else v[:length] if length > 0 else v[length:] for v in told]


def columns(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, list[object]]:
    """Return the named columns of a frame as lists with ``None`` for missing.

    A name the frame lacks becomes a column of ``None``.
    """
    return {name: _column(frame, name) for name in names}


def _column(frame: pd.DataFrame, name: str) -> list[object]:
    if name not in frame:
        return [None] * len(frame)
    column = frame[name].astype(object)
    return list(column.where(column.notna(), None))
