"""The index: facts in memory, ready to answer any feature of any question.

The service keeps one and feeds it with new facts as they come; ``build`` makes one timeline at a
time from the same pieces and drops it. There is a large level and a small one that is rebuilt
whenever facts arrive; running totals are integers, so their answers simply add.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from features import facts, keys, windows
from features.facts import Kind
from features.keys import Columns, Key
from features.plans import COUNT, Plan, Reading
from features.windows import MISSING, NO_FACT, UNSEEN, Facts, Integers, Timeline

MOST_BEHIND = 200  # facts that one answer is traced back to, from the latest
RECENT_LIMIT = 20_000  # facts in the small level before it is merged into the large one


@dataclass
class Codes:
    """One integer for each value of each key; values that come later get the next one."""

    known: dict[Key, dict[object, int]] = field(default_factory=dict)
    size: int = 0

    def of_facts(self, columns: Columns, key: Key) -> Integers:
        """Return the code of each fact; ``MISSING`` where the key is not told."""
        values = keys.values(columns, key)
        known = self.known.setdefault(key, {})
        new = [v for v in dict.fromkeys(values) if v is not None and v not in known]
        known.update(zip(new, range(self.size, self.size + len(new)), strict=True))
        self.size += len(new)
        return _look_up(known, values)

    def of_questions(self, columns: Columns, key: Key) -> Integers:
        """Return the code of each question: ``UNSEEN`` or ``MISSING`` where there is none."""
        return _look_up(self.known.get(key, {}), keys.values(columns, key))


def _look_up(known: Mapping[object, int], values: list[object]) -> Integers:
    codes = (MISSING if v is None else known.get(v, UNSEEN) for v in values)
    return np.fromiter(codes, np.int64, len(values))


@dataclass(frozen=True)
class Fact:
    """One fact of a kind, by its row."""

    kind: Kind
    row: int

    @property
    def id(self) -> str:
        """What a reason refers to it by."""
        return str(self.kind.ids[self.row])

    @property
    def hazards(self) -> tuple[str, ...]:
        """The hazards it names."""
        return tuple(self.kind.hazards[self.row])

    @property
    def items(self) -> tuple[str, ...]:
        """The tests that it says were run."""
        return tuple(self.kind.items[self.row])

    @property
    def known(self) -> int:
        """When it was learned, in milliseconds."""
        return int(self.kind.known[self.row])

    def measure(self, name: str) -> int:
        """Return one of its measures."""
        return int(self.kind.measures[name][self.row])


@dataclass(frozen=True)
class Found:
    """Facts of one kind behind an answer, by the rows of each level, latest first."""

    kind: str
    parts: list[tuple[Kind, Integers]]

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self.parts)

    def only(self, measure: str) -> "Found":
        """Return those by which a measure is not zero."""
        picked = [(kind, rows[kind.measures[measure][rows] != 0]) for kind, rows in self.parts]
        return Found(self.kind, picked)

    def __iter__(self) -> Iterator[Fact]:
        return (Fact(kind, row) for kind, rows in self.parts for row in rows.tolist())

    def latest(self) -> "Found":
        """Return the latest fact alone."""
        return Found(self.kind, [(kind, rows[:1]) for kind, rows in self.parts if len(rows)][:1])

    @property
    def are_complaints(self) -> bool:
        """Whether every one of them came as a complaint."""
        return all(kind.complaints[rows].all() for kind, rows in self.parts)


@dataclass(frozen=True)
class Line:
    """A plan's timeline over all its keys: a fact stands once under each key that it tells.

    ``rows`` says which fact of the kind each entry is.
    """

    timeline: Timeline
    rows: Integers


def line(plan: Plan, kind: Kind, *, codes: Codes) -> Line:
    """Return the timeline of one kind of fact under every key of a plan."""
    coded = [codes.of_facts(kind.columns, key) for key in plan.keys]
    rows = [np.flatnonzero(c >= 0) for c in coded]
    entry = np.concatenate(rows)
    measures = {**kind.measures, COUNT: np.ones(len(kind), np.int64)}
    begun = Facts(
        codes=np.concatenate([c[r] for c, r in zip(coded, rows, strict=True)]),
        known=kind.known[entry],
        superseded=kind.superseded[entry],
        values=_stack([measures[m] for m in plan.values], entry),
        flags=_stack([measures[m] for m in plan.flags], entry) > 0,
    )
    ended = np.flatnonzero(kind.lapses[entry] < begun.superseded)
    if not len(ended):
        return Line(Timeline.of(begun), entry)
    both = _with_ends(begun, ended, lapses=kind.lapses[entry][ended])
    return Line(Timeline.of(both), np.concatenate([entry, entry[ended]]))


def _with_ends(facts: Facts, ended: Integers, *, lapses: Integers) -> Facts:
    """Return the facts and, for each that ends of itself, one that takes it back at its end."""
    return Facts(
        codes=np.concatenate([facts.codes, facts.codes[ended]]),
        known=np.concatenate([facts.known, np.maximum(lapses, facts.known[ended])]),
        superseded=np.concatenate([facts.superseded, facts.superseded[ended]]),
        values=np.concatenate([facts.values, -facts.values[ended]]),
        flags=np.concatenate([facts.flags, np.zeros_like(facts.flags[ended])]),
    )


def read(plan: Plan, lines: Iterable[Line], *, codes: Integers, as_of: Integers) -> Reading:
    """Ask timelines of the same plan; their answers add, and the latest fact wins.

    codes: (keys, q). as_of: q milliseconds.
    """
    shape = (len(plan.keys), len(as_of))
    asked, moments = codes.ravel(), np.tile(as_of, len(plan.keys))
    width = len(plan.values)
    sums = np.zeros((len(plan.windows), len(asked), width), np.int64)
    latest: Integers = np.full((len(plan.flags), len(asked)), NO_FACT, np.int64)
    last: Integers = np.zeros((len(plan.flags), len(asked), width), np.int64)
    for each in lines:
        if len(plan.windows):
            sums += windows.sums(each.timeline, asked, as_of=moments, windows=plan.windows)
        if len(plan.flags):
            latest, last = _later(each.timeline, asked, as_of=moments, latest=latest, last=last)
    return Reading(
        sums=sums.reshape(len(plan.windows), *shape, width),
        latest=latest.reshape(len(plan.flags), *shape),
        last=last.reshape(len(plan.flags), *shape, width),
        missing=codes == MISSING,
        as_of=as_of,
    )


def _later(
    timeline: Timeline, codes: Integers, *, as_of: Integers, latest: Integers, last: Integers
) -> tuple[Integers, Integers]:
    """Return the latest facts of a timeline where they are later than those already found."""
    found = windows.last(timeline, codes, as_of=as_of)
    if not len(timeline.packed):
        return latest, last
    moments = np.where(found == NO_FACT, NO_FACT, windows.known(timeline, found))
    later = moments > latest
    measures = timeline.totals[found + 1] - timeline.totals[found]
    return np.where(later, moments, latest), np.where(later[..., None], measures, last)


class Index:
    """Facts in memory. Reading never waits for writing: a new state replaces the old at once."""

    def __init__(self, plan_list: list[Plan], kinds: Mapping[str, Kind]) -> None:
        """Build the large level from the facts known so far."""
        self.plans = plan_list
        self.codes = Codes()
        self.levels = (self._level(kinds), self._level({}))

    def take(self, kinds: Mapping[str, Kind]) -> None:
        """Add facts: from the next question on they count, and what they correct does not.

        A correction, or a full small level, rebuilds the large one; questions asked meanwhile are
        answered from the state before.
        """
        large, small = self.levels
        recent = _joined(small.kinds, kinds)
        if sum(map(len, recent.values())) > RECENT_LIMIT or _corrects(large, kinds):
            self.levels = (self._level(_joined(large.kinds, recent), large), self._level({}))
        else:
            self.levels = (large, self._level(recent, small))

    def read(self, plan: Plan, columns: Columns, *, as_of: Integers) -> Reading:
        """Answer one plan for q questions."""
        lines = [level.lines[plan.kind] for level in self.levels if plan.kind in level.lines]
        codes = np.stack([self.codes.of_questions(columns, key) for key in plan.keys])
        return read(plan, lines, codes=codes, as_of=as_of)

    def behind(self, kind: str, columns: Columns, *, key: Key, as_of: int, window: int) -> Found:
        """Return the facts that one question's answer counts, latest first in each level."""
        code = int(self.codes.of_questions(columns, key)[0])
        levels = [level for level in reversed(self.levels) if kind in level.lines]
        parts = []
        for level in levels:
            of = level.kinds[kind]
            rows = _behind(level.lines[kind], code, as_of=as_of, window=window)
            parts.append((of, rows[of.lapses[rows] >= as_of]))
        return Found(kind, parts)

    def _level(self, kinds: Mapping[str, Kind], before: "Level | None" = None) -> "Level":
        """Return a level; kinds that are as they were before keep their lines."""
        same = (
            {} if before is None else {k: v for k, v in kinds.items() if before.kinds.get(k) is v}
        )
        fresh = [p for p in self.plans if p.kind in kinds and p.kind not in same]
        old = Level({}, {}, {}) if before is None else before
        lines = {p.kind: line(p, kinds[p.kind], codes=self.codes) for p in fresh}
        ids = {kind: frozenset(k.fact_ids) for kind, k in kinds.items() if kind not in same}
        return Level(
            kinds=dict(kinds),
            lines={k: v for k, v in old.lines.items() if k in same} | lines,
            fact_ids={k: v for k, v in old.fact_ids.items() if k in same} | ids,
        )


def _behind(each: Line, code: int, *, as_of: int, window: int) -> Integers:
    entries = windows.behind(each.timeline, code, as_of=as_of, window=window, limit=MOST_BEHIND)
    rows: Integers = each.rows[entries]
    return rows


@dataclass(frozen=True)
class Level:
    """Facts of every kind, a line for each plan, and the ids that a correction would repeat."""

    kinds: dict[str, Kind]
    lines: dict[str, Line]
    fact_ids: dict[str, frozenset[object]]


def _joined(old: Mapping[str, Kind], new: Mapping[str, Kind]) -> dict[str, Kind]:
    return {**old, **{k: facts.joined(k, old[k], new=new[k]) if k in old else new[k] for k in new}}


def _corrects(level: Level, kinds: Mapping[str, Kind]) -> bool:
    """Say whether new facts correct old ones; a register entry is a state and corrects nothing."""
    return any(
        not level.fact_ids.get(kind, frozenset()).isdisjoint(new.fact_ids)
        for kind, new in kinds.items()
        if kind != "enterprise"
    )


def _stack(columns: list[Integers], rows: Integers) -> npt.NDArray[np.int64]:
    if not columns:
        return np.empty((len(rows), 0), np.int64)
    return np.stack([column[rows] for column in columns], axis=1).astype(np.int64, copy=False)
