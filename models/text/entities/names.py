"""Names and what they may mean: the one shape that goods, brands, makes and countries share.

A name is spelt as in ``spelling``; it may mean several things, each with a weight. ``NOTHING`` is
what a look-alike means: it takes the place of the name in it (苏丹红 is no country).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from models.text.entities import spelling
from models.text.matcher import Matcher

Kind = Literal["brand", "goods", "enterprise", "country", "model"]
NOTHING = ""
LEAST = 2  # characters of a name; a single one stands for too much


class Meaning(NamedTuple):
    """What a name may mean: a kind, its value there, and how well the name tells it."""

    kind: Kind
    value: str
    weight: float = 1.0


class Mention(NamedTuple):
    """A name in a spelt text, and what it may mean in one kind, the likeliest first."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


Meanings = Mapping[str, tuple[Meaning, ...]]


def gathered(told: Iterable[tuple[str, Meaning]]) -> dict[str, tuple[Meaning, ...]]:
    """Return the meanings of each name, spelt; of one meaning told twice the heavier stays."""
    found: dict[str, dict[tuple[Kind, str], Meaning]] = defaultdict(dict)
    spelt = ((spelling.name(written), meaning) for written, meaning in told)
    for name, meaning in ((name, meaning) for name, meaning in spelt if len(name) >= LEAST):
        key = (meaning.kind, meaning.value)
        if found[name].get(key, meaning).weight <= meaning.weight:
            found[name][key] = meaning
    return {name: _in_order(own.values()) for name, own in found.items()}


def _in_order(meanings: Collection[Meaning]) -> tuple[Meaning, ...]:
    if len(meanings) == 1:  # as nearly always; a register has a million names
        return tuple(meanings)
    return tuple(sorted(meanings, key=lambda m: (m.kind, -m.weight, m.value)))


@dataclass(frozen=True)
class Names:
    """Finds every name in one pass."""

    meanings: Meanings
    matcher: Matcher

    @classmethod
    def of(cls, *parts: Meanings) -> "Names":
        """Return one finder for several sets of names."""
        joined: dict[str, tuple[Meaning, ...]] = {}
        for part in parts:
            for name, meanings in part.items():
                joined[name] = (*joined.get(name, ()), *meanings)
        return cls(joined, Matcher(tuple(joined)))

    def find(self, text: str) -> dict[Kind, list[Mention]]:
        """Return the mentions of each kind in a spelt text, in order.

        Where names overlap the first stands; of goods the last, which says what the thing is.
        """
        found: dict[Kind, list[Mention]] = {}
        for start, end, name in self.matcher.every(text):
            whole = not _is_cut(text, start=start, end=end)
            for kind, meanings in self._by_kind(name) if whole else ():
                found.setdefault(kind, []).append(Mention(start, end, meanings))
        return {kind: _apart(mentions, kind=kind) for kind, mentions in found.items()}

    def _by_kind(self, name: str) -> Iterable[tuple[Kind, tuple[Meaning, ...]]]:
        meanings = self.meanings[name]
        if len(meanings) == 1:
            return ((meanings[0].kind, meanings),)
        kinds = dict.fromkeys(meaning.kind for meaning in meanings)
        return [(kind, tuple(m for m in meanings if m.kind == kind)) for kind in kinds]


def _apart(mentions: list[Mention], *, kind: Kind) -> list[Mention]:
    """Return what does not overlap, without look-alikes; given by start and the longest first."""
    if len(mentions) > 1:
        mentions = _last(mentions) if kind == "goods" else _first(mentions)
    return [mention for mention in mentions if mention.meanings[0].value != NOTHING]


def _first(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in mentions:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _last(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (-m.end, m.start)):
        if not kept or mention.end <= kept[-1].start:
            kept.append(mention)
    return kept[::-1]


def _is_cut(text: str, *, start: int, end: int) -> bool:
    """Return whether a name's Latin end runs on, as a4 does in a4l or x5 in x50."""
    return (_latin(text[start : start + 1]) and _latin(text[start - 1 : start])) or (
        _latin(text[end - 1 : end]) and _latin(text[end : end + 1])
    )


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
