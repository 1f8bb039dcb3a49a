"""One spelling for one text, so that a complaint reads the same however it was typed.

``normalize`` is fast and is what the models read; ``aligned`` gives the same text with the place of
every character in the original, so that evidence can be shown where the writer wrote it.
The two agree for every text; only the second pays for the alignment.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opencc import OpenCC

LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
URL_TOKEN, NUMBER_TOKEN = "〔网址〕", "〔号码〕"
SQUEEZED = re.compile(
    r"(?P<url>(?:https?://|www\.)[a-z0-9._~:/?#@&=%+-]+)"
    r"|(?P<number>[0-9]{7,})"
    r"|(?P<line>[ ]*\n[ \n]*)"
    r"|(?P<space>[ ]{2,})"
)
TOKENS = {"url": URL_TOKEN, "number": NUMBER_TOKEN, "line": "\n", "space": " "}


class _Characters(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()  # those met that do not become exactly one character

    def __missing__(self, code: int) -> str:
        self[code] = _character(chr(code))
        if len(self[code]) != 1:
            self.uneven.add(chr(code))
        return self[code]


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


def _token(match: re.Match[str]) -> str:
    return TOKENS[match.lastgroup or ""]


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("tw2s")


def _simplified(text: str) -> str:
    """Return the text in simplified characters; one character always becomes one."""
    if text.isascii():
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


def places(text: str, normal: str) -> tuple[Sequence[int], Sequence[int]]:
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
