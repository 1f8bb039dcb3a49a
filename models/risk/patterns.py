"""Patterns: pieces of trees with few conditions, answered by one gather from a table.

What a piece moves depends only on which of its conditions a row meets. For each such pattern of
bits the answer is computed once (the idea of Fast TreeSHAP v2, Yang 2021, for a subtree instead of
a leaf), so that a row costs a gather of bits and a gather of table rows.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from features.plans import Numbers
from models.risk.conditions import Bits, Conditions, Places
from models.risk.shapley import shares
from models.risk.trees import Leaf, Piece

WORD = 16  # bits of one pattern, and so the most conditions of a piece
CELLS = 1 << 14  # how many patterns of leaves are worked on together


class Ask(NamedTuple):
    """What a leaf asks of one feature: the bits it looks at, as they must be, and the cover."""

    mask: int
    wanted: int
    cover: float
    slot: int


class Member(NamedTuple):
    """A leaf within the table of its piece, which begins at a row."""

    value: float
    row: int
    asks: list[Ask]


@dataclass(frozen=True)
class Patterns:
    """G pieces: their bits, and for each pattern what up to S features move, in log-odds."""

    bits: Places  # (G * WORD,) the condition of each bit; one never met where there is none
    first: Places  # (G,) the row of the pattern of no bits
    table: Numbers  # (rows, S)
    column: Places  # (G * S,) the feature of each slot; the width where there is none

    @classmethod
    def of(
        cls, pieces: Sequence[Piece], conditions: Conditions, *, width: int, share: float
    ) -> Self:
        """Compute the table of pieces, the values of their leaves times a share."""
        splits, features = [*map(_splits, pieces)], [*map(_features, pieces)]
        slots = max(map(len, features), default=0)
        bits = np.full((len(pieces), WORD), conditions.never)
        column = np.full((len(pieces), slots), width)
        for number, piece in enumerate(pieces):
            where = {s.split: conditions.place[s.condition] for leaf in piece for s in leaf.path}
            bits[number, : len(where)] = [where[split] for split in splits[number]]
            column[number, : len(features[number])] = features[number]
        ends = np.cumsum([0, *(1 << len(some) for some in splits)])
        table = np.zeros((ends[-1], slots))
        for some, alike in _members(pieces, ends[:-1].tolist()).items():
            step = max(1, CELLS >> some[0])
            for start in range(0, len(alike), step):
                _fill(table, alike[start : start + step], depth=some[0])
        table *= share
        return cls(bits.ravel(), ends[:-1], table, column.ravel())

    def parts(self, met: Bits) -> Numbers:
        """Return what each slot moves (G * S,), given which conditions the row meets."""
        patterns = np.packbits(met.take(self.bits), bitorder="little").view("<u2")
        parts: Numbers = self.table.take(self.first + patterns, axis=0).ravel()
        return parts


def depth(piece: Piece) -> int:
    """Return how many conditions a piece has."""
    return len(_splits(piece))


def _splits(piece: Piece) -> list[int]:
    return sorted({step.split for leaf in piece for step in leaf.path})


def _features(piece: Piece) -> list[int]:
    return sorted({step.condition.feature for leaf in piece for step in leaf.path})


def _members(pieces: Sequence[Piece], rows: list[int]) -> dict[tuple[int, int], list[Member]]:
    """Return the leaves by how many bits their pieces have and how many features they ask."""
    found = defaultdict(list)
    for piece, row in zip(pieces, rows, strict=True):
        bits = {split: 1 << place for place, split in enumerate(_splits(piece))}
        slots = {feature: slot for slot, feature in enumerate(_features(piece))}
        for leaf in piece:
            asks = _asks(leaf, bits, slots=slots)
            found[len(bits), len(asks)].append(Member(leaf.value, row, asks))
    found.pop((0, 0), None)  # a tree of one leaf
    return found


def _asks(leaf: Leaf, bits: dict[int, int], *, slots: dict[int, int]) -> list[Ask]:
    """Return what a leaf asks, several conditions on one feature together."""
    asks: dict[int, Ask] = {}
    for step in leaf.path:
        slot, bit = slots[step.condition.feature], bits[step.split]
        mask, wanted, cover, _ = asks.get(slot, Ask(0, 0, 1.0, slot))
        asks[slot] = Ask(mask | bit, wanted | bit * step.met, cover * step.cover, slot)
    return list(asks.values())


def _fill(table: Numbers, members: list[Member], *, depth: int) -> None:
    """Add n leaves of d features each, in pieces of so many bits, to all rows of their pieces."""
    asks = np.array([m.asks for m in members]).transpose(2, 1, 0)[..., None]  # (4, d, n, 1)
    mask, wanted = asks[0].astype(np.int64), asks[1].astype(np.int64)
    places = np.arange(len(mask))[:, None, None]
    subsets = (np.arange(1 << len(mask)) >> places & 1).astype(bool)  # (d, 1, 2 ** d)
    moved = shares(subsets, asks[2]) * np.array([m.value for m in members])[:, None]
    met = np.arange(1 << depth) & mask == wanted  # (d, n, 2 ** depth)
    subset = (met << places).sum(axis=0)
    for number, member in enumerate(members):
        rows = table[member.row : member.row + (1 << depth)]
        for ask, some in zip(member.asks, moved[:, number], strict=True):
            rows[:, ask.slot] += some.take(subset[number])
