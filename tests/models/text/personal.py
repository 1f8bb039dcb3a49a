"""Invented lines with personal data and lines that only look so, and what masking makes of them.

The development halves were looked at while the rules were written; the held-out halves were
written before any of them was run, and only counted.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from models.text.privacy import mask

FOLDER = Path(__file__).parents[2] / "data"
SETS = ("development", "held_out", "afterwards")
PERSONAL = re.compile(r"⟦([^|⟧]*)(?:\|([a-z]+))?⟧")
TOKENS = {
    "phone": "〔电话〕",
    "identity": "〔证件号〕",
    "card": "〔银行卡〕",
    "plate": "〔车牌〕",
    "email": "〔邮箱〕",
    "account": "〔账号〕",
    "address": "〔地址〕",
    "name": "〔姓名〕",
}


class Line(NamedTuple):
    """A line of a kind as it is written, and as it is kept."""

    kind: str
    written: str
    kept: str

    @property
    def is_right(self) -> bool:
        """Whether masking keeps exactly what it should."""
        return mask(self.written) == self.kept


def personal(half: str) -> list[Line]:
    """Return the lines of a half that hold personal data."""
    return [
        Line(kind, PERSONAL.sub(r"\1", marked), _kept(kind, marked))
        for kind, marked in _marked(f"personal_{half}.txt")
    ]


def impersonal(half: str) -> list[Line]:
    """Return the near misses of a half, which are kept as they are."""
    return [Line(kind, text, text) for kind, text in _marked(f"impersonal_{half}.txt")]


def recall(lines: list[Line]) -> dict[str, tuple[int, int]]:
    """Return how many lines of each kind are right, and how many there are."""
    kinds = dict.fromkeys(line.kind for line in lines)
    own = {kind: [line for line in lines if line.kind == kind] for kind in kinds}
    return {kind: (sum(line.is_right for line in some), len(some)) for kind, some in own.items()}


def _kept(kind: str, marked: str) -> str:
    return PERSONAL.sub(lambda match: TOKENS[match.group(2) or kind], marked)


def _marked(name: str) -> Iterator[tuple[str, str]]:
    kind = ""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = line.removeprefix("## ")
        elif line and not line.startswith("#"):
            yield kind, line
