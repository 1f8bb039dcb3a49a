"""Where a text names a concept of the taxonomy, and whether it asserts it.

没有起火 denies the fire, 担心会起火 makes it only possible; both are found by words that stand near
in the same clause. That is simple and sometimes wrong; a trained reader may do better later.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from models.text.normalize import normalize
from models.text.taxonomy import Taxonomy

Standing = Literal["asserted", "possible", "denied"]
CLAUSE = r",.;:!?。;!?\n…"
GAP = "…"
WINDOW, NEGATION_REACH, POSSIBILITY_REACH, AFTER_REACH = 14, 4, 8, 2


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named from ``start`` to ``end`` of a normalised text."""

    start: int
    end: int
    word: str
    concept: str
    standing: Standing


@dataclass(frozen=True)
class Finder:
    """Finds the words of one taxonomy; built once, used for every text."""

    taxonomy: Taxonomy

    def find(self, text: str) -> list[Mention]:
        """Return the mentions in a normalised text, in order; the longest word wins a place."""
        return [
            Mention(start, end, word, concept, standing)
            for start, end, word in self._places(text)
            for standing in [self._standing(text, start=start, end=end)]
            for concept in self._concepts[word]
        ]

    def _places(self, text: str) -> list[tuple[int, int, str]]:
        plain = list(self._plain_places(text))
        gapped = [
            (m.start(), m.end(), word)
            for word, head, pattern in self._gapped
            if head in text
            for m in pattern.finditer(text)
        ]
        return sorted(plain + gapped) if gapped else plain

    def _plain_places(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield where words without a gap stand; no two overlap."""
        heads, free = self._heads, 0
        for start in range(len(text) - 1):
            candidates = heads.get(text[start : start + 2])
            if candidates is None or start < free:
                continue
            word = next((w for w in candidates if _stands(w, text, start=start)), None)
            if word is not None:
                free = start + len(word)
                yield start, free, word

    def _standing(self, text: str, *, start: int, end: int) -> Standing:
        before = text[max(0, start - WINDOW) : start]
        if self._denies(before):
            return "denied"
        if self._doubt.near(before) or self._doubt_after.match(text, end):
            return "possible"
        return "asserted"

    def _denies(self, before: str) -> bool:
        return self._denial.near(before) and self._denial.near(self._exempt.sub("。", before))

    @cached_property
    def _concepts(self) -> Mapping[str, tuple[str, ...]]:
        gathered: dict[str, list[str]] = defaultdict(list)
        for concept, words in self.taxonomy.concepts():
            for word in words:
                gathered[_spelt(word)].append(concept)
        return {word: tuple(concepts) for word, concepts in gathered.items()}

    @cached_property
    def _heads(self) -> Mapping[str, tuple[str, ...]]:
        """Return the words by their first two characters, the longest first."""
        heads: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._concepts, key=lambda word: (-len(word), word)):
            if GAP not in word:
                heads[word[:2]].append(word)
        return {head: tuple(words) for head, words in heads.items()}

    @cached_property
    def _gapped(self) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
        return tuple(
            (word, word.split(GAP)[0], _gap(word)) for word in self._concepts if GAP in word
        )

    @cached_property
    def _denial(self) -> "_Cues":
        return _Cues.of(self.taxonomy.negations.words, NEGATION_REACH)

    @cached_property
    def _exempt(self) -> re.Pattern[str]:
        return re.compile(_any(map(_spelt, self.taxonomy.negations.exempt)))

    @cached_property
    def _doubt(self) -> "_Cues":
        return _Cues.of(self.taxonomy.possibilities.before, POSSIBILITY_REACH)

    @cached_property
    def _doubt_after(self) -> re.Pattern[str]:
        cues = _any(map(_spelt, self.taxonomy.possibilities.after))
        return re.compile(rf"[ 的等之]{{0,{AFTER_REACH}}}(?:{cues})")


def _spelt(word: str) -> str:
    """Return a word as it stands in normalised texts, its gaps kept."""
    return GAP.join(normalize(part) for part in word.split(GAP))


def _any(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first; never matches when none."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(map(_whole, ordered)) or r"(?!)"


def _whole(word: str) -> str:
    """Return a pattern for a word; a Latin one only where no letter touches it."""
    escaped = re.escape(word)
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if word.isascii() else escaped


def _gap(word: str) -> re.Pattern[str]:
    return re.compile(rf"[^{CLAUSE}]{{0,8}}?".join(map(re.escape, word.split(GAP))))


def _stands(word: str, text: str, *, start: int) -> bool:
    """Return whether the word stands there; a Latin one only where no letter touches it."""
    if not text.startswith(word, start):
        return False
    end = start + len(word)
    return not (
        word.isascii() and (_is_latin(text[start - 1 : start]) or _is_latin(text[end : end + 1]))
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


@dataclass(frozen=True)
class _Cues:
    """Words that change a mention when they stand near before it, in the same clause."""

    firsts: frozenset[str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: tuple[str, ...], reach: int) -> "_Cues":
        spelt = [_spelt(word) for word in words]
        pattern = re.compile(rf"(?:{_any(spelt)})[^{CLAUSE}]{{0,{reach}}}$")
        return cls(frozenset(word[0] for word in spelt), pattern)

    def near(self, before: str) -> bool:
        """Return whether a cue stands at the end of ``before``, or nearly."""
        return not self.firsts.isdisjoint(before) and self.pattern.search(before) is not None
