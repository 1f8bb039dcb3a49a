"""A linker from what the agency has: its enterprises, the brands it was told, lists it keeps.

Brands come from the columns of declarations and reports, or from a file with aliases and models.
What people write there for want of a brand (无, other) is none, and neither is a word for goods.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from features import encodings
from features.errors import Invalid
from models.text.entities import goods, spelling
from models.text.entities.firms import Firm, Firms
from models.text.entities.linker import Linker
from models.text.entities.makes import Make
from models.text.entities.names import LEAST, Meanings

SPLIT = re.compile(r"[,，;；、|/]")
NONE = frozenset(
    {"无", "无品牌", "无牌", "没有", "不详", "未知", "其他", "其它", "散装", "自产"}
    | {"none", "no brand", "nobrand", "unknown", "other", "others", "na", "n/a", "null", "oem"}
)


def linker(
    enterprises: pd.DataFrame, *, makes: Sequence[Make], tariff: Meanings | None = None
) -> Linker:
    """Return the linker of a registry with ``enterprise_id``, ``name`` and perhaps ``aliases``.

    Aliases are a list, or one text parted by commas. An enterprise without a name cannot be linked.
    Names of ``tariff`` come before the shipped ones.
    """
    named = enterprises.dropna(subset=["name"])
    aliases = named["aliases"] if "aliases" in named else pd.Series(None, named.index, object)
    told = zip(named["enterprise_id"], named["name"], aliases, strict=True)
    listed = tuple(Firm(str(i), str(name), _aliases(known_as)) for i, name, known_as in told)
    known = goods.preferred(tariff, goods.shipped()) if tariff else goods.shipped()
    return Linker(tuple(makes), Firms(listed), known)


def told(brands: Iterable[object]) -> tuple[Make, ...]:
    """Return the makes that a column of brands tells, each spelling of one name once.

    >>> [make.brand for make in told(["海岚", "無", None, "海嵐", "插座", "Hailan"])]
    ['Hailan', '海岚']
    """
    spelt: dict[str, str] = {}
    for brand in sorted({str(brand).strip() for brand in brands if isinstance(brand, str)}):
        name = spelling.name(brand)
        if len(name) >= LEAST and name not in NONE and name not in goods.shipped():
            spelt.setdefault(name, brand)
    return tuple(Make(brand) for brand in spelt.values())


def load(path: Path) -> tuple[Make, ...]:
    """Return the makes of a CSV file: brand, and perhaps aliases and models, parted by commas."""
    if not path.is_file():
        raise Invalid(f"{path} does not exist; give a CSV file with brand, aliases and models")
    with encodings.opened(path) as file:
        rows = csv.DictReader(file)
        if "brand" not in (rows.fieldnames or ()):
            raise Invalid(
                f"{path.name} has no column brand; its columns are brand, aliases, models"
            )
        return tuple(
            Make(row["brand"].strip(), _parted(row.get("aliases")), _parted(row.get("models")))
            for row in rows
            if (row["brand"] or "").strip()
        )


def _aliases(told: object) -> tuple[str, ...]:
    if isinstance(told, list | tuple):
        return tuple(str(alias) for alias in told)
    return _parted(told if isinstance(told, str) else None)


def _parted(words: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in SPLIT.split(words or "") if part.strip())
