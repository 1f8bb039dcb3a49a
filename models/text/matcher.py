"""Where known words stand in a text: the one place that knows the Aho-Corasick automaton.

All words are found in one pass, however many there are. A Latin word stands only where no letter
or digit touches it, so rash is not in trash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick, MatchKind

from models.text.normalize import normalize

GAP = "…"
Place = tuple[int, int, str]  # start, end, word


@dataclass(frozen=True)
class Matcher:
    """Finds words, spelt as in normalised texts; built once, used for every text."""

    words: tuple[str, ...]

    def every(self, text: str) -> list[Place]:
        """Return every place of every word, also where they overlap, by start and then longest."""
        found = self._overlapping.find_matches_as_indexes(text, overlapping=True)
        places = [
            (start, -end, self.words[i])
            for i, start, end in found
            if not self._latin[i] or _stands(text, start=start, end=end)
        ]
        places.sort()
        return [(start, -end, word) for start, end, word in places]

    def apart(self, text: str) -> list[Place]:
        """Return places that do not overlap: the leftmost, and of those the longest."""
        return [
            (start, end, self.words[i])
            for i, start, end in self._longest.find_matches_as_indexes(text)
            if not self._latin[i] or _stands(text, start=start, end=end)
        ]

    @cached_property
    def _latin(self) -> Sequence[bool]:
        return [word.isascii() and any(map(str.isalnum, word)) for word in self.words]

    @cached_property
    def _overlapping(self) -> AhoCorasick:
        return AhoCorasick(list(self.words))

    @cached_property
    def _longest(self) -> AhoCorasick:
        return AhoCorasick(list(self.words), matchkind=MatchKind.LeftmostLongest)


def spelt(word: str) -> str:
    """Return a word as it stands in normalised texts, its gaps kept.

    >>> spelt("吃出…蟲")
    '吃出…虫'
    """
    return GAP.join(normalize(part) for part in word.split(GAP))


def _stands(text: str, *, start: int, end: int) -> bool:
    """Return whether no letter or digit touches a Latin word."""
    return not (_is_latin(text[start - 1 : start]) or _is_latin(text[end : end + 1]))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
