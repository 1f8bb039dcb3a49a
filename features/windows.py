"""The window kernel: counts and sums over past time as differences of running totals.

Facts of one kind are sorted once by (key, time) and packed into one integer each. What is known
before a moment is then a position in that array, found by binary search, and a sum over a window is
the difference of two running totals at two positions. A million training rows and one online row
take the same path.

Windows run on the time a fact was learned and are half open: ``[as_of - window, as_of)``. Running
totals are integers, so the answer does not depend on how many facts of other keys lie around it,
on the order of loading, or on whether one row or a million were asked.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from features.errors import Invalid

Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.integer]

UNSEEN = -1  # a key that no fact has: its counts are zero
MISSING = -2  # a question without this key: its features are missing
NEVER = np.iinfo(np.int64).max  # not superseded; a window without end
NO_FACT = -1
SORT_FROM = (
    1024  # questions: from here on, sorting them first makes the searches several times faster
)


@dataclass(frozen=True)
class Facts:
    """What a timeline is made of: n facts, any order.

    codes: key of each fact, from 0. known: milliseconds. superseded: milliseconds from which a
    corrected fact no longer counts, or ``NEVER``. values: n rows of integers to sum.
    flags: n rows of booleans to find the latest fact of.
    """

    codes: Integers
    known: Integers
    superseded: Integers
    values: npt.NDArray[np.integer]
    flags: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Timeline:
    """Facts sorted by (key, time) with running totals.

    packed: n sorted ``code * span + (known - start)``. totals: n + 1 rows, the first zero.
    latest: for each flag and fact, the position of the latest flagged fact up to it.
    order: position in the facts that were given. corrected: positions of superseded facts.
    """

    start: int
    span: int
    packed: Integers
    totals: npt.NDArray[np.integer]
    latest: Positions
    order: Positions
    superseded: Integers
    corrected: Integers

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """Sort the facts; ``Invalid`` when keys times milliseconds do not fit 63 bits."""
        start = int(facts.known.min(initial=NEVER)) if len(facts.known) else 0
        span = int(facts.known.max(initial=start)) - start + 1
        if (int(facts.codes.max(initial=0)) + 1) * span >= 2**63:
            raise Invalid(
                f"{facts.codes.max() + 1} keys over {span} ms do not fit one timeline; "
                "split the facts by key"
            )
        packed = facts.codes * span + (facts.known - start)
        order = np.argsort(packed)
        superseded = np.broadcast_to(np.int64(NEVER), len(order))
        if (facts.superseded != NEVER).any():
            superseded = facts.superseded[order]
        return cls(
            start=start,
            span=span,
            packed=packed[order],
            totals=_running_totals(facts.values.take(order, axis=0)),
            latest=_latest(facts.flags.take(order, axis=0)),
            order=order.astype(np.int32 if len(order) < 2**31 else np.int64),
            superseded=superseded,
            corrected=np.flatnonzero(superseded != NEVER),
        )

    def positions(self, codes: Positions, moments: Integers) -> Positions:
        """Return how many facts lie before each (code, moment); shapes broadcast."""
        return self.packed.searchsorted(codes * self.span + self.offsets(moments))

    def offsets(self, moments: Integers) -> Integers:
        """Return milliseconds since the first fact, from 0 to ``span``."""
        return np.minimum(np.maximum(moments - self.start, 0), self.span)


def sums(timeline: Timeline, codes: Integers, *, as_of: Integers, windows: Integers) -> Integers:
    """Return the totals of each value over each window, as integers.

    codes, as_of: q questions. windows: w lengths in milliseconds, ``NEVER`` for all the past.
    The answer has shape (w, q, values). Unseen and missing keys give zero.
    """
    if len(codes) < SORT_FROM:
        return _sums(timeline, codes, as_of=as_of, windows=windows)
    order = np.argsort(codes * timeline.span + timeline.offsets(as_of))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    found = _sums(timeline, codes[order], as_of=as_of[order], windows=windows)
    # A question's answers are laid together first, so that each is fetched from one place.
    rows = np.ascontiguousarray(found.transpose(1, 0, 2))
    return rows.take(place, axis=0).transpose(1, 0, 2)


def _sums(timeline: Timeline, codes: Integers, *, as_of: Integers, windows: Integers) -> Integers:
    moments = _starts(as_of, windows)
    found = timeline.positions(np.maximum(codes, 0), moments)
    totals = timeline.totals.take(found, axis=0)
    answers: Integers = (totals[0] - totals[1:]).astype(np.int64, copy=False)
    if len(timeline.corrected):
        answers -= _superseded_sums(timeline, codes, as_of=as_of, starts=moments[1:])
    answers[:, codes < 0] = 0
    return answers


def last(timeline: Timeline, codes: Integers, *, as_of: Integers) -> Integers:
    """Return the position of the latest flagged fact before each moment, or ``NO_FACT``.

    The answer has shape (flags, q); ``order`` turns a position into a fact.
    """
    safe = np.maximum(codes, 0)
    first = timeline.positions(safe, np.full_like(as_of, timeline.start))
    before = timeline.positions(safe, as_of) - 1
    before = np.where(codes < 0, NO_FACT, before)
    found = _flagged(
        timeline, np.broadcast_to(before, (len(timeline.latest), len(codes))), first=first
    )
    while len(timeline.corrected) and (gone := _is_gone(timeline, found, as_of=as_of)).any():
        found = np.where(gone, _flagged(timeline, found - 1, first=first), found)
    return found


def known(timeline: Timeline, position: Integers) -> Integers:
    """Return when the facts at positions were learned, in milliseconds."""
    return timeline.packed[position] % timeline.span + timeline.start


def behind(timeline: Timeline, code: int, *, as_of: int, window: int, limit: int) -> Positions:
    """Return the latest facts (as given) that one answer counts, latest first."""
    if code < 0:
        return np.empty(0, np.int64)
    start = timeline.start if window == NEVER else as_of - window
    ends = timeline.offsets(np.array([as_of, start]))
    until, since = timeline.packed.searchsorted(code * timeline.span + ends)
    positions = np.arange(until, max(since, until - limit), -1) - 1
    if len(timeline.corrected):
        positions = positions[timeline.superseded[positions] >= as_of]
    latest: Positions = timeline.order[positions]
    return latest


def _starts(as_of: Integers, windows: Integers) -> Integers:
    """Return (1 + w, q): the end of every window, then the start of each."""
    lengths = windows[:, None]
    starts = np.where(lengths == NEVER, np.iinfo(np.int64).min // 2, as_of - lengths)
    return np.concatenate([as_of[None], starts])


def _running_totals(values: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """Return n + 1 rows of running totals, in 32 bits where they fit."""
    bound = np.abs(values).astype(np.float64).sum(axis=0).max(initial=0)
    if bound >= 2**62:
        raise Invalid(f"values add up to {bound:.3g}, more than 63 bits hold; use a coarser unit")
    kind = np.int32 if bound < 2**31 else np.int64
    totals = np.zeros((len(values) + 1, values.shape[1]), kind)
    np.cumsum(values, axis=0, out=totals[1:], dtype=kind)
    return totals


def _latest(flags: npt.NDArray[np.bool_]) -> Positions:
    """Return, for each flag and fact, the position of the latest flagged fact up to it."""
    kind = np.int32 if len(flags) < 2**31 else np.int64
    positions = np.where(flags.T, np.arange(len(flags), dtype=kind), kind(NO_FACT))
    return np.maximum.accumulate(positions, axis=1) if len(flags) else positions


def _flagged(timeline: Timeline, before: Integers, *, first: Positions) -> Integers:
    """Return the latest flagged position up to ``before`` that still belongs to the key."""
    if not timeline.latest.shape[1]:
        return np.full(before.shape, NO_FACT)
    found = np.take_along_axis(timeline.latest, np.maximum(before, 0), axis=1)
    return np.where((before < 0) | (found < first), NO_FACT, found)


def _is_gone(timeline: Timeline, found: Integers, *, as_of: Integers) -> npt.NDArray[np.bool_]:
    over: npt.NDArray[np.bool_] = timeline.superseded[np.maximum(found, 0)] < as_of
    over &= found != NO_FACT
    return over


def _superseded_sums(
    timeline: Timeline, codes: Integers, *, as_of: Integers, starts: Integers
) -> Integers:
    """Return what superseded facts added to each answer: they are few, so they are paired."""
    gone = timeline.corrected
    key, when = np.divmod(timeline.packed[gone], timeline.span)
    low, high = np.searchsorted(key, codes), np.searchsorted(key, codes, side="right")
    question = np.repeat(np.arange(len(codes)), high - low)
    ends = np.cumsum(high - low)
    fact = np.arange(len(question)) + np.repeat(high - ends, high - low)
    moment, value = when[fact] + timeline.start, np.diff(timeline.totals, axis=0)[gone[fact]]
    over = timeline.superseded[gone[fact]] < as_of[question]
    answers = np.zeros((len(starts), len(codes), timeline.totals.shape[1]), np.int64)
    for window, begin in enumerate(starts):
        counted = over & (moment >= begin[question])
        np.add.at(answers[window], question[counted], value[counted])
    return answers
