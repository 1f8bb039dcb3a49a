"""Signs: what past inspections and reports say of each hazard of such goods, for choosing tests.

A failure or a report that names a hazard is a sign of it, the more the nearer the goods are (the
same firm's or brand's under one heading, of one origin, of the heading alone) and the newer it is.
Copies of a report are no further sign. A pass speaks only for the tests that it says were run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from features import build, evidence
from features.build import Questions
from features.facts import Kind
from features.feature_set import FeatureSet
from features.index import Index
from features.keys import Key
from features.moments import DAY_MS
from features.reasons import Evidence
from features.records import Declaration
from features.windows import Integers
from models.inspection.items import Sign, Signs
from models.inspection.policy import Policy

SUCH: Key = ("hs4",)  # goods that say anything of each other
# How much nearer ones count; the same firm's or brand's are of the same source.
NEAR: dict[Key, float] = {("origin", "hs4"): 2.0, ("brand", "hs4"): 3.0, ("enterprise", "hs4"): 3.0}
SAME_SOURCE = 3.0
INSPECTION, ANNOTATION = "inspection", "annotation"
COUNTS = "relevant_once"  # of annotations: what speaks of harm, and is no copy
FAILURE, REPORT = 3.0, 1.0
HALF_LIFE = 180.0  # days after which a sign weighs half
SHOWN = 3  # facts told of each hazard
Flags = npt.NDArray[np.bool_]
Amounts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """m facts of one kind about such goods: how near, how many days old, failed inspections."""

    kind: str
    facts: Kind
    rows: Integers
    near: Amounts
    age: Amounts
    failed: Flags

    @property
    def speaks(self) -> Flags:
        """Which of them are signs of the hazards that they name: reports, and failures."""
        return self.failed | (self.kind == ANNOTATION)

    @property
    def source(self) -> Flags:
        """Which of them are about goods of the same source."""
        return self.near >= SAME_SOURCE

    def naming(self, hazard: str) -> Flags:
        """Return which of them are signs of a hazard."""
        names, flags = self.facts.named
        if hazard not in names:
            return np.zeros(len(self.rows), bool)
        found: Flags = flags[self.rows, names.index(hazard)] & self.speaks
        return found


def signs(
    declaration: Declaration,
    *,
    index: Index,
    features: FeatureSet,
    policy: Policy,
    as_of: datetime,
) -> Signs:
    """Return the signs of every hazard that anything recent names or tests, as known at a moment.

    features: the set that the index was made for. Without an HS code there are none, nor of facts
    by a key that the index does not hold.
    """
    questions = build.asking([declaration], features, as_of=as_of)
    told = [
        *_told(index, questions, kind=INSPECTION, days=policy.choice.days),
        *_told(index, questions, kind=ANNOTATION, days=policy.choice.days),
    ]
    passed = _passed(told, policy)
    named = dict.fromkeys(hazard for each in told for hazard in _named(each))
    return {
        hazard: _sign(hazard, told, passed=passed.get(hazard, []), policy=policy)
        for hazard in (*named, *(h for h in passed if h not in named))
    }


def _told(index: Index, questions: Questions, *, kind: str, days: int) -> Iterator[Told]:
    """Yield the facts of a kind about such goods, by level of the index."""
    such = evidence.every(index, questions, kind=kind, key=SUCH, days=days)
    nearer = {key: evidence.every(index, questions, kind=kind, key=key, days=days) for key in NEAR}
    for level, (facts, rows) in enumerate(such):
        near = np.ones(len(rows))
        for key, weight in NEAR.items():
            near[np.isin(rows, nearer[key][level][1])] = weight
        if kind == ANNOTATION:
            kept = facts.measures[COUNTS][rows] != 0
            rows, near = rows[kept], near[kept]
        age = (questions.as_of[0] - facts.known[rows]) / DAY_MS
        fails = facts.measures.get("fail", np.zeros(len(facts), np.int64))[rows] != 0
        yield Told(kind, facts, rows, near, age, fails)


def _named(told: Told) -> list[str]:
    names, flags = told.facts.named
    counts = flags[told.rows[told.speaks]].sum(axis=0).tolist()
    return [name for name, count in zip(names, counts, strict=True) if count]


def _passed(told: list[Told], policy: Policy) -> dict[str, list[float]]:
    """Return the ages of passes of the same source that say they tested for a hazard."""
    hazard_of = {word: hazard for hazard in policy.items for word in _words(policy, hazard)}
    passes = (
        (float(each.age[place]), each.facts.items[each.rows[place]])
        for each in told
        if each.kind == INSPECTION
        for place in np.flatnonzero(each.source & ~each.failed)
    )
    found: dict[str, list[float]] = {}
    for age, words in passes:
        for hazard in {hazard_of[word] for word in words if word in hazard_of}:
            found.setdefault(hazard, []).append(age)
    return found


def _words(policy: Policy, hazard: str) -> tuple[str, ...]:
    """Return the words by which an inspection says that it tested for a hazard."""
    tests = policy.items[hazard]
    return (hazard, *(word for test in tests for word in (test.zh, test.en, *test.also)))


def _sign(hazard: str, told: list[Told], *, passed: list[float], policy: Policy) -> Sign:
    naming = [(each, each.naming(hazard)) for each in told]
    ages = np.concatenate([each.age[mask] for each, mask in naming])
    failed = np.concatenate([each.failed[mask] for each, mask in naming])
    near = np.concatenate([each.near[mask] for each, mask in naming])
    source = near >= SAME_SOURCE
    weight = near * np.where(failed, FAILURE, REPORT) * 0.5 ** (ages / HALF_LIFE)
    since = ages[source & failed].min(initial=np.inf)
    recent = int((ages < policy.choice.recent).sum())
    return Sign(
        weight=float(weight.sum()),
        recent=recent,
        before=len(ages) - recent,
        failures=int(failed.sum()),
        reports=int((~failed).sum()),
        passes=sum(age < since for age in passed),
        quiet=float(ages[source].min()) if source.any() else None,
        evidence=_newest(naming),
    )


def _newest(naming: list[tuple[Told, Flags]]) -> tuple[Evidence, ...]:
    """Return the newest few facts that are signs of a hazard."""
    found = [
        (float(each.age[place]), str(each.facts.ids[each.rows[place]]), each.kind)
        for each, mask in naming
        for place in np.flatnonzero(mask)[np.argsort(each.age[mask], kind="stable")[:SHOWN]]
    ]
    return tuple(
        Evidence(kind="inspection" if kind == INSPECTION else "report", id=name)
        for _, name, kind in sorted(found)[:SHOWN]
    )
