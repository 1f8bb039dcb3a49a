"""Clusters of reports that say nearly the same, found as they become known.

A report joins the earliest cluster whose first report shares at least ``SIMILAR`` of their runs of
three characters (Jaccard), compared exactly; MinHash bands only say which to compare. Every report
is compared with firsts, never with copies, so likeness does not creep from copy to copy. A text
with few runs joins by equality only, one without a letter never.
"""

from array import array
from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.judgements import Annotation
from features.marks import Mark, Told
from models.text.duplicates import floods
from models.text.duplicates.bands import Bands, Ranges
from models.text.duplicates.floods import Floods
from models.text.duplicates.shingles import bare, jaccard, shingles
from models.text.duplicates.sketches import NUMBERS, bands, sketches

SIMILAR = 0.65
LIKELY = round((SIMILAR - 0.1) * NUMBERS)  # numbers in common below which none is compared
SHORT = 12  # characters of a bared text below which only equality counts
BATCH = 5_000
Short = np.uint8  # of a number of a sketch: where two differ, their last eight bits mostly do


class Drawn(NamedTuple):
    """A report with what it is compared by; ``ranges`` are those of ``Bands.ranges``."""

    told: Told
    text: str
    sketch: NDArray[Short]
    keys: list[int]
    ranges: Ranges


class Clusters:
    """Every report that was taken, and its cluster. Not for two threads at once.

    ``marks`` are never revised: a later version of a report keeps that of the first.
    """

    def __init__(self, rule: Floods | None = None) -> None:
        self._rule = rule or floods.load()
        self._marks: dict[str, Mark] = {}
        self._firsts: list[str] = []  # by cluster: the first report, its text, when it was known
        self._texts: list[str] = []
        self._began = array("q")
        self._sketches = np.empty((1_024, NUMBERS), Short)
        self._known: dict[int, list[int]] = {}  # of clusters of several: when each was known
        self._numbers: dict[str, int] = {}  # of each first report
        self._same: dict[str, int] = {}  # the cluster that begins with this text
        self._bands = Bands()

    def __len__(self) -> int:
        """Return how many clusters there are."""
        return len(self._firsts)

    def take(self, told: Iterable[Told], marks: Mapping[str, Mark]) -> None:
        """Learn reports; ``marks`` that were stored before stand, others follow from the texts.

        Reports are taken in the order of ``known``; how they are cut into calls changes nothing
        as long as the calls come in that order too.
        """
        for report_id in self._marks.keys() & marks.keys():
            self._marks[report_id] = marks[report_id]
        new: dict[str, Told] = {}
        for one in sorted(told, key=lambda one: one.known):
            if one.report_id not in self._marks:
                new.setdefault(one.report_id, one)
        whole = list(new.values())
        for start in range(0, len(whole), BATCH):
            self._take(whole[start : start + BATCH], marks)

    def mark(self, report_id: str) -> Mark:
        """Return the mark of a report that was taken; ``KeyError`` for any other."""
        return self._marks[report_id]

    def marked(self, annotations: Sequence[Annotation]) -> list[Annotation]:
        """Return annotations of reports that were taken, with their clusters."""
        return [a.model_copy(update=self.mark(a.report_id)._asdict()) for a in annotations]

    def _take(self, some: Sequence[Told], marks: Mapping[str, Mark]) -> None:
        texts = [bare(one.text) for one in some]
        drawn = sketches(*shingles(texts))
        keys = bands(drawn)
        self._bands.settle()
        ranges = self._bands.ranges(keys)
        whole = map(Drawn, some, texts, drawn.astype(Short), keys.tolist(), ranges)
        for one in whole:
            self._marks[one.told.report_id] = self._put(one, marks) if one.text else Mark(None)

    def _put(self, one: Drawn, marks: Mapping[str, Mark]) -> Mark:
        """Put a report in its cluster, or begin one; return its mark."""
        mark = marks.get(one.told.report_id)
        number = self._numbers.get(mark.cluster_id or "") if mark else self._found(one)
        if number is None:
            self._begin(one)
            return mark or Mark(one.told.report_id)
        known = self._known.setdefault(number, [self._began[number]])
        insort(known, one.told.known)
        return mark or self._judged(one.told, number)

    def _found(self, one: Drawn) -> int | None:
        """Return the earliest cluster that a text belongs to and that had begun by then."""
        same = self._same.get(one.text)
        if same is not None and self._began[same] <= one.told.known:
            return same
        near = self._bands.sharing(one.keys, one.ranges) if len(one.text) >= SHORT else []
        if not near:
            return None
        common = (self._sketches[near] == one.sketch).sum(axis=1)
        likely = [near[place] for place in np.flatnonzero(common >= LIKELY)]
        begun = [number for number in likely if self._began[number] <= one.told.known]
        begun.sort(key=self._began.__getitem__)
        alike = (n for n in begun if jaccard(one.text, self._texts[n]) >= SIMILAR)
        return next(alike, None)

    def _begin(self, one: Drawn) -> None:
        number = len(self._firsts)
        self._firsts.append(one.told.report_id)
        self._numbers[one.told.report_id] = number
        self._texts.append(one.text)
        self._began.append(one.told.known)
        same = self._same.setdefault(one.text, number)
        if one.told.known < self._began[same]:
            self._same[one.text] = number
        if number == len(self._sketches):
            self._sketches = np.concatenate([self._sketches, np.empty_like(self._sketches)])
        self._sketches[number] = one.sketch
        if len(one.text) >= SHORT:
            self._bands.add(one.keys, one.ranges, number=number)

    def _judged(self, one: Told, number: int) -> Mark:
        """Return the mark of a report that has just joined a cluster."""
        known = self._known[number]
        flood = self._rule.is_flood(known, one.known, channel=one.channel)
        return Mark(self._firsts[number], bisect_right(known, one.known), flood)
