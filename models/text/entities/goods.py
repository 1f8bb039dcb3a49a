"""Goods: their names and the headings of the Harmonized System under which they may fall.

The shipped table holds common consumer goods, reviewed by hand. There is no open tariff with
names, so the agency may load its own (``hs_code``, ``name``); its names come before the shipped.
"""

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from features import encodings
from features.errors import Invalid
from models.text.entities import sheets
from models.text.entities.names import NOTHING, Meaning, Meanings, gathered

SHIPPED = Path(__file__).parents[1] / "lexicon" / "goods.yaml"
HEADING = re.compile(r"[0-9]{4}")
CODE = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,5}")
PARTS = re.compile(r"[、,，;；/]|（.*?）|\(.*?\)")
VAGUE = frozenset({"其他", "其它", "零件", "制品", "其他制品", "附件", "设备", "机器", "材料"})


@cache
def shipped() -> Meanings:
    """Return the reviewed goods and their headings."""
    return load(SHIPPED)


def load(path: Path) -> Meanings:
    """Return the goods in a YAML file; ``Invalid`` names the heading that is wrong."""
    content = sheets.mapping(path)
    headings = sheets.part(content, "headings", path=path)
    told: list[tuple[str, Meaning]] = []
    for code, entry in headings.items():
        words = sheets.words(entry.get("words")) if isinstance(entry, dict) else ()
        if not HEADING.fullmatch(str(code)) or not words:
            raise Invalid(
                f"{path.name}: heading {code!r} needs four digits in quotes and a list of words"
            )
        told.extend((word, Meaning("goods", str(code))) for word in words)
    never = ((word, Meaning("goods", NOTHING)) for word in sheets.words(content.get("never")))
    return gathered([*told, *never])


def tariff(path: Path) -> Meanings:
    """Return the goods that the agency's own tariff names: a CSV file with hs_code and name."""
    if not path.is_file():
        raise Invalid(f"{path} does not exist; give a CSV file with hs_code and name")
    with encodings.opened(path) as file:
        rows = csv.DictReader(file)
        missing = {"hs_code", "name"} - set(rows.fieldnames or ())
        if missing:
            raise Invalid(f"{path.name} lacks {sorted(missing)}; its columns are hs_code and name")
        told = [one for line, row in enumerate(rows, start=2) for one in _row(row, line=line)]
    return gathered(told)


def _row(row: dict[str, str | None], *, line: int) -> Iterable[tuple[str, Meaning]]:
    code = (row["hs_code"] or "").replace(".", "").strip()
    if not CODE.fullmatch(code):
        raise Invalid(f"line {line}: hs_code {row['hs_code']!r} is not 4 to 14 digits")
    for name in PARTS.split(row["name"] or ""):
        if len(name.strip()) > 1 and name.strip() not in VAGUE:
            yield name, Meaning("goods", code[:4])


def preferred(first: Meanings, then: Meanings) -> Meanings:
    """Return all names, those in both with the meanings of the first."""
    return {**then, **first}
