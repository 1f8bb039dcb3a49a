"""One spelling for one text, so that a complaint reads the same however it was typed.

``normalize`` is fast and is what the models read, ``normalize_all`` does the same for many texts;
``aligned`` gives the text with the place of every character in the original, so that evidence can
be shown where the writer wrote it. They agree for every text; only the last pays for the alignment.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

from models.text.characters import HIGHEST, Codes, Lookup, decode, encode

LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
URL_TOKEN, NUMBER_TOKEN = "〔网址〕", "〔号码〕"
# Begins with a set of characters, so that the search jumps from one to the next.
SQUEEZED = re.compile(
    r"[hw0-9 \n](?:"
    r"(?P<url>(?:(?<=h)ttps?://|(?<=w)ww\.)[a-z0-9._~:/?#@&=%+-]+)"
    r"|(?P<number>(?<=[0-9])[0-9]{6,})"
    r"|(?P<line>(?<=\n)[ \n]*|(?<=[ ])[ ]*\n[ \n]*)"
    r"|(?P<space>(?<=[ ])[ ]+))"
)
TOKENS = {"url": URL_TOKEN, "number": NUMBER_TOKEN, "line": "\n", "space": " "}
# OpenCC changes phrases of these although it leaves each of them alone: 反覆, 沈船, 毛坏.
IN_PHRASES = frozenset("沈藉覆坏瞭哩甦衹")
# OpenCC makes 么 alone 幺, but leaves it after some, with which no other word of it ends; and it
# changes 坏 beside some only. Both are too common to ask it about each.
SAFE = "什怎这那多要"
SAFE_PLACES = re.compile(f"么(?<=[{SAFE}].)|坏(?<![捏毛製鋼土磚打脫陶鑿麪拉一].)(?![戶土子布])")
SEPARATOR = "\ue000"  # of a private area: no writer types it, and nothing here changes it
Places = tuple[Sequence[int], Sequence[int]]  # where each character begins, and where it ends
SAFE_CODES = np.array([ord(character) for character in SAFE], dtype=np.uint32)


class _Characters(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()  # those met that do not become exactly one character
        self.traditional: set[str] = set()  # what they became, where OpenCC may change it

    def __missing__(self, code: int) -> str:
        self[code] = _character(chr(code))
        if len(self[code]) != 1:
            self.uneven.add(chr(code))
        self.traditional.update(filter(_is_traditional, self[code]))
        return self[code]


def _is_traditional(character: str) -> bool:
    """Return whether OpenCC may change a text for the sake of this character."""
    if character.isascii():
        return False
    return character in IN_PHRASES or str(_converter().convert(character)) != character


def _character(character: str) -> str:
    """Return a character in half width and lower case; nothing for an invisible one."""
    if character in LINE_BREAKS:
        return "\n"
    if character.isspace():
        return " "
    if unicodedata.category(character) in {"Cf", "Cc", "Cs"} or "\ufe00" <= character <= "\ufe0f":
        return ""
    compatible = unicodedata.normalize("NFKC", character).lower()
    if compatible == character:
        return character
    return "".join(_character(part) for part in unicodedata.normalize("NFKC", compatible))


CHARACTERS = _Characters()


@dataclass(frozen=True)
class Normalized:
    """A normalised text; character ``i`` stood at ``starts[i]`` to ``ends[i]`` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where the non-empty stretch ``start`` to ``end`` stood in the original."""
        return self.starts[start], self.ends[end - 1]


def normalize(text: str) -> str:
    """Return the text in half width, lower case and simplified characters, white space squeezed.

    Invisible characters go; a URL becomes ``〔网址〕``, seven or more digits ``〔号码〕``; a line
    break stays one. An empty text stays empty.

    >>> normalize("電熱水壺　ＡＢＣ 著火\u200b，見 https://example.com/a?b=1")
    '电热水壶 abc 着火,见 〔网址〕'
    """
    return _simplified(SQUEEZED.sub(_token, text.translate(CHARACTERS)).strip(" \n"))


def normalize_all(texts: Sequence[str]) -> list[str]:
    """Return ``normalize`` of each text; many at once take a quarter of the time.

    All are looked up as one array. A text with a character that becomes none or several is then
    normalised by itself, and OpenCC sees only those in which it may change something.

    >>> normalize_all(["ＡＢＣ", "", "電熱水壺…"])
    ['abc', '', '电热水壶...']
    """
    joined = SEPARATOR.join(texts)
    if not texts or joined.count(SEPARATOR) != len(texts) - 1:
        return [normalize(text) for text in texts]
    codes = encode(joined)
    spelling, odd = _spelling().of(codes)
    spelt = decode(spelling)
    found = [part.strip(" \n") for part in SQUEEZED.sub(_token, spelt).split(SEPARATOR)]
    for row in _rows(codes, odd):
        uneven = not CHARACTERS.uneven.isdisjoint(texts[row])
        found[row] = normalize(texts[row]) if uneven else _simplified(found[row])
    return found


def _rows(codes: Codes, at: NDArray[np.intp]) -> Sequence[int]:
    """Return the different rows of places in texts that are joined by separators."""
    if not len(at):
        return ()
    (ends,) = np.nonzero(codes == ord(SEPARATOR))
    return cast(Sequence[int], np.unique(np.searchsorted(ends, at)).tolist())


class _Spelling:
    """What the characters met so far become, and which of them need a closer look."""

    def __init__(self) -> None:
        self.lookup = Lookup(self._meet)
        self.odd = np.zeros(HIGHEST + 1, dtype=bool)
        self.uneven = np.zeros(HIGHEST + 1, dtype=bool)

    def of(self, codes: Codes) -> tuple[Codes, NDArray[np.intp]]:
        """Return what characters become, and the places of those that need a closer look."""
        spelling = self.lookup.of(codes)
        at = np.flatnonzero(self.odd[codes])
        safe = (codes[at] == ord("么")) & (at > 0) & np.isin(codes[at - 1], SAFE_CODES)
        return spelling, at[~safe]

    def several(self, codes: Codes) -> NDArray[np.intp]:
        """Return the places of the characters that do not become exactly one."""
        self.lookup.of(codes)
        return np.flatnonzero(self.uneven[codes])

    def _meet(self, code: int) -> int:
        spelt = CHARACTERS[code]
        self.uneven[code] = len(spelt) != 1
        self.odd[code] = len(spelt) != 1 or spelt in CHARACTERS.traditional
        return ord(spelt) if len(spelt) == 1 else code


@functools.cache
def _spelling() -> _Spelling:
    return _Spelling()


def _token(match: re.Match[str]) -> str:
    return TOKENS[match.lastgroup or ""]


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("tw2s")


def _simplified(text: str) -> str:
    """Return the text in simplified characters; one character always becomes one."""
    if CHARACTERS.traditional.isdisjoint(SAFE_PLACES.sub("", text)):
        return text
    simplified: str = _converter().convert(text)
    if len(simplified) == len(text):
        return simplified
    parts = (_converter().convert(character) for character in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, parts, strict=True))


def aligned(text: str) -> Normalized:
    """Return ``normalize(text)`` with the place of every character in ``text``.

    >>> aligned("插頭 　冒煙").original(3, 5)
    (4, 6)
    """
    normal = normalize(text)
    return Normalized(normal, *places(text, normal))


def places(text: str, normal: str) -> Places:
    """Return where each character of ``normal``, which is ``normalize(text)``, begins and ends."""
    joined, origins = _mapped(text)
    if len(normal) == len(text) and isinstance(origins, range):
        # Whatever is squeezed gets shorter, so nothing was.
        return origins, range(1, len(text) + 1)
    squeezed: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for part, kept, first, last in _stretches(joined):
        squeezed.append(part)
        own = origins[first:last]
        starts.extend(own if kept else [own[0]] * len(part))
        ends.extend((i + 1 for i in own) if kept else [own[-1] + 1] * len(part))
    whole = "".join(squeezed)
    left = len(whole) - len(whole.lstrip(" \n"))
    return starts[left : left + len(normal)], ends[left : left + len(normal)]


def places_all(texts: Sequence[str], normals: Sequence[str]) -> list[Places]:
    """Return ``places`` of each text; in most one character stayed one, and all are told at once.

    >>> places_all(["插座", "㎏"], ["插座", "kg"])
    [(range(0, 2), range(1, 3)), ([0, 0], [1, 1])]
    """
    ends = np.cumsum([len(text) for text in texts])
    several = _spelling().several(encode("".join(texts)))
    odd = set(np.searchsorted(ends, several, side="right").tolist())
    return [
        places(text, normal)
        if row in odd or len(text) != len(normal)
        else (range(len(text)), range(1, len(text) + 1))
        for row, (text, normal) in enumerate(zip(texts, normals, strict=True))
    ]


def _mapped(text: str) -> tuple[str, Sequence[int]]:
    """Return the text character by character, and where each result came from."""
    joined = text.translate(CHARACTERS)
    if CHARACTERS.uneven.isdisjoint(text):
        return joined, range(len(text))
    return joined, [i for i, old in enumerate(text) for _ in CHARACTERS[ord(old)]]


def _stretches(joined: str) -> Iterator[tuple[str, bool, int, int]]:
    """Yield each stretch: what it becomes, whether it is kept as it was, and its place."""
    last = 0
    for match in SQUEEZED.finditer(joined):
        yield joined[last : match.start()], True, last, match.start()
        yield _token(match), False, match.start(), match.end()
        last = match.end()
    yield joined[last:], True, last, len(joined)
