from collections.abc import Iterator
from datetime import datetime

from hypothesis import given, settings

from features import build, evidence, memory
from features.build import Questions
from features.index import Index
from features.plans import Numbers
from features.records import Declaration
from features.windows import NEVER
from tests import definitions
from tests.features.test_build import EVERY
from tests.worlds import QUESTION, VERSION, World, at, worlds

COUNTS = [a for a in EVERY.aggregates if a.how == "count"]
AGES = [a for a in EVERY.aggregates if a.how == "days_since"]
Asked = tuple[Declaration, datetime]


def answered(world: World, question: Asked) -> tuple[Index, Questions, Numbers]:
    """An index of the world's facts, a question to it, and every number of the answer."""
    declaration, as_of = question
    index = memory.recall(world.tables(), EVERY, text_version=VERSION)
    questions = build.asking([declaration], EVERY, as_of=as_of)
    return index, questions, build.answer(questions, EVERY, facts=index).numbers[0]


@settings(max_examples=20)
@given(worlds(), QUESTION)
def test_the_facts_behind_a_count_are_as_many_as_it_says(world: World, question: Asked) -> None:
    index, questions, numbers = answered(world, question)
    _, as_of = question
    for aggregate in COUNTS:
        behind = evidence.behind(index, questions, aggregate=aggregate, row=0)
        value = numbers[EVERY.names.index(aggregate.name)]
        assert len(behind) == (0 if value != value else value)
        real = {_shown(f) for _, f in definitions.counted(world, aggregate.kind, as_of)}
        assert {fact.id for fact in behind} <= real
    for aggregate in AGES:
        behind = evidence.behind(index, questions, aggregate=aggregate, row=0)
        value = numbers[EVERY.names.index(aggregate.name)]
        assert len(behind) == (value == value)


def _shown(fact: object) -> str:
    return str(fact.report_id if hasattr(fact, "report_id") else fact.fact_id)  # type: ignore[attr-defined]


@settings(max_examples=20)
@given(worlds(), QUESTION)
def test_a_tally_is_what_the_counts_say(world: World, question: Asked) -> None:
    index, questions, numbers = answered(world, question)
    for a in COUNTS:
        asked = evidence.Asked(a.kind, [a.key], [a.window], [a.measure])
        value = numbers[EVERY.names.index(a.name)]
        told = evidence.tally(index, questions, asked=asked, row=0)
        assert told.shape == (1, 1, 1)
        assert told[0, 0, 0] == (evidence.UNKNOWN if value != value else value)


def test_what_the_index_does_not_hold_is_unknown() -> None:
    index = memory.recall(World().tables(), EVERY, text_version=VERSION)
    line = Declaration(declaration_id="Q", declared_at=at(9), known_at=at(9), enterprise_id="E1")
    questions = build.asking([line], EVERY, as_of=at(9))
    strange = evidence.Asked("inspection", [("unit",)], [30, None], [None, "x_none"])
    told = evidence.tally(index, questions, asked=strange, row=0)
    assert told.tolist() == [[[evidence.UNKNOWN] * 2] * 2]
    assert evidence.since(index, "inspection") == NEVER


def test_references_are_few_and_each_once() -> None:
    many = [_Fact(str(n % 8)) for n in range(30)]
    found = evidence.references(_Found("annotation", many))  # type: ignore[arg-type]
    assert [e.id for e in found] == ["0", "1", "2", "3", "4"]
    assert {e.kind for e in found} == {"report"}
    assert evidence.references(_Found("enterprise", many)) == ()  # type: ignore[arg-type]


class _Fact:
    def __init__(self, id: str) -> None:
        self.id = id


class _Found:
    def __init__(self, kind: str, facts: list[_Fact]) -> None:
        self.kind, self.facts = kind, facts

    def __iter__(self) -> Iterator[_Fact]:
        return iter(self.facts)
