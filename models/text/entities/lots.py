"""Lot and batch numbers: the code after 批号, 生产批次, LOT and the like, as it was written."""

import re
from collections.abc import Iterator
from typing import NamedTuple

CUES = re.compile(
    r"(?:(?:生产|产品)?批次?号?(?<!批)|lot ?no\.?|lot|batch ?no\.?|batch)"
    r"[ :=#是为\"“「(]{0,4}(?P<code>[a-z0-9][a-z0-9./-]{1,30}[a-z0-9])"
)
MARKS = ("批", "lot", "batch")


class Lot(NamedTuple):
    """A lot's code and its place."""

    start: int
    end: int
    code: str


def lots(text: str) -> Iterator[Lot]:
    """Yield the lots that a text of one spelling tells; a code has a figure in it."""
    if not any(mark in text for mark in MARKS):
        return
    for found in CUES.finditer(text):
        if any(map(str.isdigit, found["code"])) and not _within_a_word(text, found):
            yield Lot(found.start("code"), found.end("code"), found["code"].upper())


def _within_a_word(text: str, found: re.Match[str]) -> bool:
    """Return whether a Latin cue is only the end of a word, as lot is of pilot."""
    return found[0][0].isascii() and text[: found.start()][-1:].isalnum()
