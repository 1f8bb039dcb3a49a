"""Signs: what past inspections and reports say of each hazard of such goods, for choosing tests.

A failure or a report that names a hazard is a sign of it, the more the nearer the goods are (the
same firm's or brand's under one heading, of one origin, of the heading alone) and the newer it is.
Copies of a report are no further sign. A pass speaks only for the tests that it says were run.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from features import build, evidence
from features.aggregates import Aggregate
from features.build import Questions
from features.feature_set import FeatureSet
from features.index import Fact, Index
from features.moments import DAY_MS
from features.reasons import Evidence
from features.records import Declaration
from models.inspection.items import Sign, Signs
from models.inspection.policy import Policy

# Goods by how near they are, the nearest first; the first two are of the same source.
NEAR = {("enterprise", "hs4"): 3.0, ("brand", "hs4"): 3.0, ("origin", "hs4"): 2.0, ("hs4",): 1.0}
SAME_SOURCE = 3.0
KINDS = {"inspection": None, "annotation": "relevant_once"}
FAILURE, REPORT = 3.0, 1.0
HALF_LIFE = 180.0  # days after which a sign weighs half
SHOWN = 3  # facts told of each hazard


@dataclass(frozen=True)
class Told:
    """One fact about such goods: of what kind, how near, how many days old."""

    kind: str
    fact: Fact
    near: float
    age: float

    @property
    def failed(self) -> bool:
        """Whether it is an inspection that failed."""
        return self.kind == "inspection" and bool(self.fact.measure("fail"))

    @property
    def speaks(self) -> bool:
        """Whether the hazards that it names are signs: a report, or an inspection that failed."""
        return self.failed or self.kind == "annotation"

    @property
    def weight(self) -> float:
        """How much it says."""
        decay: float = 0.5 ** (self.age / HALF_LIFE)
        return self.near * (FAILURE if self.failed else REPORT) * decay


def signs(
    declaration: Declaration,
    *,
    index: Index,
    features: FeatureSet,
    policy: Policy,
    as_of: datetime,
) -> Signs:
    """Return the signs of every hazard that anything recent names, as known at a moment.

    features: the set that the index was made for. Facts by a key that it does not hold are left
    out; of many facts the latest 200 of each kind and key are read.
    """
    questions = build.asking([declaration], features, as_of=as_of)
    told = list(_told(index, questions, days=policy.choice.days))
    named: dict[str, list[Told]] = defaultdict(list)
    for each in (each for each in told if each.speaks):
        for hazard in each.fact.hazards:
            named[hazard].append(each)
    tests = {hazard: _words(policy, hazard) for hazard in policy.items}
    return {
        hazard: _sign(named[hazard], told, words=tests.get(hazard, frozenset()), policy=policy)
        for hazard in dict.fromkeys((*named, *_tested(told, tests)))
    }


def _told(index: Index, questions: Questions, *, days: int) -> Iterator[Told]:
    """Yield every fact about such goods once, by the nearest key that it stands under."""
    as_of, seen = int(questions.as_of[0]), set[tuple[str, str]]()
    held = {(plan.kind, key) for plan in index.plans for key in plan.keys}
    for kind, key in ((kind, key) for kind in KINDS for key in NEAR if (kind, key) in held):
        counted = Aggregate(kind, key, "count", KINDS[kind], days)
        found = evidence.behind(index, questions, aggregate=counted, row=0)
        fresh = [fact for fact in found if (kind, fact.id) not in seen]
        seen.update((kind, fact.id) for fact in fresh)
        yield from (Told(kind, fact, NEAR[key], (as_of - fact.known) / DAY_MS) for fact in fresh)


def _words(policy: Policy, hazard: str) -> frozenset[str]:
    """Return the words by which an inspection says that it tested for a hazard."""
    tests = policy.items[hazard]
    return frozenset((hazard, *(t.zh for t in tests), *(t.en for t in tests)))


def _tested(told: list[Told], tests: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the hazards that any inspection says it tested for."""
    run = {word for each in told for word in each.fact.items}
    return [hazard for hazard, words in tests.items() if words & run]


def _sign(named: list[Told], told: list[Told], *, words: frozenset[str], policy: Policy) -> Sign:
    recent = policy.choice.recent
    named = sorted(named, key=lambda each: each.age)
    near = [each.age for each in named if each.near >= SAME_SOURCE]
    failed = min(
        (each.age for each in named if each.failed and each.near >= SAME_SOURCE), default=None
    )
    return Sign(
        weight=sum(each.weight for each in named),
        recent=sum(each.age < recent for each in named),
        before=sum(each.age >= recent for each in named),
        failures=sum(each.failed for each in named),
        reports=sum(each.kind == "annotation" for each in named),
        passes=sum(
            each.near >= SAME_SOURCE
            and not words.isdisjoint(each.fact.items)
            and not each.failed
            and (failed is None or each.age < failed)
            for each in told
        ),
        quiet=min(near, default=None),
        evidence=tuple(
            Evidence(kind="inspection" if each.kind == "inspection" else "report", id=each.fact.id)
            for each in named[:SHOWN]
        ),
    )
