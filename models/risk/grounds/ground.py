"""Grounds: the features that speak of one thing, so that a reason can say it once.

Reports of fires in such goods of this origin are one ground, whatever window, statistic or contrast
a feature takes of them; what fails of such goods is another. Every feature belongs to exactly one,
so what the grounds add to a likelihood adds up to what all features add.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from features import keys
from features.aggregates import Aggregate
from features.contrasts import Contrast
from features.feature_set import FeatureSet
from features.keys import Key
from features.plans import Numbers
from models.risk.grounds import themes

Cells = npt.NDArray[np.intp]
GOODS = ("hs2", "hs4", "hs6", "hs8", "hs_code")  # one thing, seen from nearer or from farther


@dataclass(frozen=True)
class Member:
    """One feature of a ground.

    aggregate: the facts that it speaks of, if any. formula: of a contrast.
    """

    column: int
    name: str
    aggregate: Aggregate | None = None
    formula: str | None = None


@dataclass(frozen=True)
class Ground:
    """What some features speak of: a theme, and whose facts they are (HS levels are one)."""

    theme: str
    subject: Key
    members: tuple[Member, ...]

    @cached_property
    def columns(self) -> Cells:
        """Where its features stand in a row."""
        return np.array([m.column for m in self.members], np.intp)

    @cached_property
    def plain(self) -> npt.NDArray[np.bool_]:
        """Which of its features have numbers that people can be told."""
        return np.array([themes.is_plain(m.aggregate, m.formula) for m in self.members])

    def leader(self, row: Numbers, pushes: Numbers) -> Member:
        """Return the member to be told: plain, and the one that pushes most.

        Where the member that pushes most found something, so must the one that is told; where it
        found nothing, it is told that there is nothing. row, pushes: over all features.
        """
        numbers, push = row[self.columns], pushes[self.columns]
        found = (numbers != 0) & (numbers == numbers)  # missing is never equal
        alike = found == found[push.argmax()]
        return self.members[int(np.lexsort((push, alike, self.plain))[-1])]


@dataclass(frozen=True)
class Grounds:
    """The grounds of a feature set, made once for each model."""

    each: tuple[Ground, ...]

    @classmethod
    def of(cls, features: FeatureSet) -> Self:
        """Return the grounds of a feature set, in the order in which their first features stand."""
        contrasts = {c.name: c for c in features.contrasts}
        found: dict[tuple[str, Key], list[Member]] = {}
        for column, name in enumerate(features.names):
            contrast = contrasts.get(name)
            formula = None if contrast is None else contrast.formula
            member = Member(column, name, features.aggregate(name), formula)
            found.setdefault(_place(member, contrast), []).append(member)
        return cls(tuple(Ground(*place, tuple(members)) for place, members in found.items()))

    def sums(self, contributions: Numbers) -> Numbers:
        """Return what each ground adds to each line's log-odds: (q, grounds) of (q, features)."""
        if not self.each:
            return np.zeros((len(contributions), 0))
        return np.add.reduceat(contributions[:, self._order], self._starts, axis=1)

    def strongest(
        self, added: Numbers, *, lacking: Sequence[str], most: int
    ) -> list[tuple[float, Ground | str]]:
        """Return what adds most to one line, strongest first; ties as the grounds stand.

        added: (grounds,). lacking: exchange columns that it does not declare. All grounds whose
        subject one of them would tell are one, named by the column.
        """
        left, undeclared = added.copy(), []
        for column in lacking:
            undeclared.append((float(left[self.by_column[column]].sum()), column))
            left[self.by_column[column]] = 0
        order = np.argsort(-left, kind="stable")[:most]
        found = [*undeclared, *((float(left[place]), self.each[place]) for place in order)]
        return sorted(found, key=lambda one: -one[0])[:most]

    @cached_property
    def by_column(self) -> Mapping[str, Cells]:
        """By exchange column, which grounds have no subject where a declaration lacks it."""
        found: dict[str, list[int]] = {}
        for place, ground in enumerate(self.each):
            for column in keys.needed([ground.subject]):
                found.setdefault(column, []).append(place)
        return {column: np.array(places, np.intp) for column, places in found.items()}

    @cached_property
    def _order(self) -> Cells:
        return np.concatenate([ground.columns for ground in self.each])

    @cached_property
    def _starts(self) -> Cells:
        sizes = [len(ground.members) for ground in self.each]
        return np.cumsum([0, *sizes[:-1]])


def _place(member: Member, contrast: Contrast | None) -> tuple[str, Key]:
    if member.aggregate is None:
        return themes.of_declared(member.name), ()
    theme = themes.of_facts(member.aggregate, contrast)
    return theme, () if theme in themes.OF_THE_LINE else subject(member.aggregate.key)


def subject(key: Key) -> Key:
    """Return a key with its HS part of any length as the longest.

    >>> subject(("origin", "hs4"))
    ('origin', 'hs_code')
    """
    return tuple(dict.fromkeys("hs_code" if part in GOODS else part for part in key))
