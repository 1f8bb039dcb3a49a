"""Where a text names a concept of the lexicon, and whether it asserts it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from models.text.matcher import GAP, Matcher, spelt
from models.text.standing import CLAUSE, Judge, Standing
from models.text.taxonomy import Concept, Taxonomy

JUDGED = frozenset({"category", "hazard", "severity", "vulnerable", "request", "sentiment"})
Named = tuple[int, int, str, Concept]  # start, end, word, concept


class Mention(NamedTuple):
    """A concept named from ``start`` to ``end`` of a normalised text."""

    start: int
    end: int
    word: str
    kind: str
    code: str
    standing: Standing

    @property
    def concept(self) -> str:
        """Its kind and code in one: ``hazard:fire``."""
        return f"{self.kind}:{self.code}"


Said = Mapping[str, list[Mention]]  # mentions by their kind; none of a kind is an empty list


def by_kind(mentions: Iterable[Mention]) -> Said:
    """Return mentions by their kind, each in the order of the text."""
    said: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        said[mention.kind].append(mention)
    return said


@dataclass(frozen=True)
class Finder:
    """Finds the words of one taxonomy; built once, used for every text."""

    taxonomy: Taxonomy

    def find(self, text: str) -> list[Mention]:
        """Return the mentions in a normalised text, in order.

        Of overlapping words of one kind the leftmost wins, and of those the longest.
        """
        named = self._named(text)
        places = sorted({(start, end) for start, end, _, (kind, _) in named if kind in JUDGED})
        standings = dict(zip(places, self._judge.standings(text, places), strict=True))
        return [
            Mention(start, end, word, kind, code, standings.get((start, end), "asserted"))
            for start, end, word, (kind, code) in named
        ]

    def _named(self, text: str) -> list[Named]:
        places = self._matcher.every(text)
        kinds = [(*place, *own) for place in places for own in self._concepts.get(place[2], ())]
        free: dict[str, int] = {}  # where the next word of a kind may begin
        named: list[Named] = []
        for start, end, word, kind, concepts in kinds:
            if start >= free.get(kind, 0):
                free[kind] = end
                named += [(start, end, word, concept) for concept in concepts]
        heads = dict.fromkeys(word for _, _, word in places if word in self._gapped)
        return sorted([*named, *self._with_gaps(text, heads)]) if heads else named

    def _with_gaps(self, text: str, heads: Iterable[str]) -> Iterator[Named]:
        for head in heads:
            for word, pattern in self._gapped[head]:
                yield from (
                    (match.start(), match.end(), word, concept)
                    for match in pattern.finditer(text)
                    for _, concepts in self._concepts[word]
                    for concept in concepts
                )

    @cached_property
    def _concepts(self) -> Mapping[str, Sequence[tuple[str, Sequence[Concept]]]]:
        """Return the kinds of each word, and its concepts of each kind."""
        gathered: dict[str, dict[str, list[Concept]]] = {}
        for concept, words in self.taxonomy.concepts():
            for word in map(spelt, words):
                gathered.setdefault(word, {}).setdefault(concept[0], []).append(concept)
        return {word: tuple(kinds.items()) for word, kinds in gathered.items()}

    @cached_property
    def _gapped(self) -> Mapping[str, Sequence[tuple[str, re.Pattern[str]]]]:
        """Return the words with a gap and their patterns, by what stands before the gap."""
        heads: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
        for word in self._concepts:
            if GAP in word:
                heads[word.split(GAP)[0]].append((word, _gap(word)))
        return dict(heads)

    @cached_property
    def _matcher(self) -> Matcher:
        plain = {word: None for word in self._concepts if GAP not in word}
        return Matcher(tuple(plain | dict.fromkeys(self._gapped)))

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.taxonomy.standings)


def _gap(word: str) -> re.Pattern[str]:
    return re.compile(rf"[^{CLAUSE}]{{0,8}}?".join(map(re.escape, word.split(GAP))))
