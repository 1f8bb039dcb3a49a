"""One spelling for matching names, whose places lead straight back to what was written.

``models.text.normalize`` squeezes a text: long numbers become a token, so a batch number or an
amount would be lost. Here one character stays one: half width, lower case, simplified. What cannot
be seen goes, and so does white space or a hyphen unless Latin letters or digits stand on both its
sides: 海 尔 is 海尔, cs75-plus is cs75 plus.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from models.text.characters import Lookup, decode, encode
from models.text.normalize import normalize

BREAK, UNSEEN = "\n", "\x00"
MANY = 4  # texts; fewer are faster one by one
JOINTS = re.compile(r"[\x00 _·•・-]+")
LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text as it is matched; its character ``i`` stood at ``places[i]`` of the original.

    ``plain`` is the original in one spelling, character by character.
    """

    plain: str
    text: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where the non-empty stretch ``start`` to ``end`` stood in the original."""
        return self.places[start], self.places[end - 1] + 1


class _Characters(dict[int, str]):
    """What each character becomes, worked out when it is first met; always one character."""

    def __missing__(self, code: int) -> str:
        self[code] = _character(chr(code))
        return self[code]


def _character(character: str) -> str:
    if character.isspace():
        return " " if normalize(f"一{character}一") == "一 一" else BREAK
    plain = normalize(character)
    return UNSEEN if not plain else plain if len(plain) == 1 else character


CHARACTERS = _Characters()


def same_length(text: str) -> str:
    """Return the text character by character in half width, lower case and simplified."""
    return text.translate(CHARACTERS)


def spelt(text: str) -> Spelling:
    """Return the text as names are matched in it, with the place of every character.

    >>> found = spelt("海 爾 ＣＳ７５－Plus")
    >>> found.text, found.original(0, 2)
    ('海尔cs75 plus', (0, 3))
    """
    return _joined(same_length(text))


def spelt_all(texts: Sequence[str]) -> list[Spelling]:
    """Return ``spelt`` of each text; the characters of many at once are looked up as one array.

    >>> [found.text for found in spelt_all(["海爾", "", "Ａ1"])]
    ['海尔', '', 'a1']
    """
    if len(texts) < MANY:
        return [spelt(text) for text in texts]
    plain = decode(_lookup().of(encode("".join(texts))))
    return [_joined(plain[a:b]) for a, b in pairwise(accumulate(map(len, texts), initial=0))]


@functools.cache
def _lookup() -> Lookup:
    return Lookup(lambda code: ord(CHARACTERS[code]))


def _joined(plain: str) -> Spelling:
    """Return a text of one spelling without what cannot be seen and joints of other scripts."""
    if JOINTS.search(plain) is None:
        return Spelling(plain, plain, range(len(plain)))
    parts: list[str] = []
    places: list[int] = []
    last = 0
    for joint in JOINTS.finditer(plain):
        start, end = joint.span()
        parts.append(plain[last:start])
        places.extend(range(last, start))
        if LATIN.match(plain, end) and start and LATIN.match(plain, start - 1):
            parts.append(" ")
            places.append(start)
        last = end
    parts.append(plain[last:])
    places.extend(range(last, len(plain)))
    return Spelling(plain, "".join(parts), places)


def name(text: str) -> str:
    """Return a name as it stands in spelt texts.

    >>> name("馬自達 CX－4")
    '马自达cx 4'
    """
    return spelt(text.strip()).text
