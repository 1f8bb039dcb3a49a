from datetime import datetime

from hypothesis import given, settings

from features import build, evidence, memory
from features.aggregates import Aggregate
from features.records import Declaration
from tests import definitions
from tests.features.test_build import EVERY
from tests.worlds import QUESTION, VERSION, World, worlds

COUNTS = [a for a in EVERY.aggregates if a.how == "count"]
AGES = [a for a in EVERY.aggregates if a.how == "days_since"]
Asked = tuple[Declaration, datetime]


@settings(max_examples=20)
@given(worlds(), QUESTION)
def test_the_facts_behind_a_count_are_as_many_as_it_says(world: World, question: Asked) -> None:
    declaration, as_of = question
    index = memory.recall(world.tables(), EVERY, text_version=VERSION)
    questions = build.asking([declaration], EVERY, as_of=as_of)
    numbers = build.answer(questions, EVERY, facts=index).numbers[0]
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


def test_references_are_few_and_each_once() -> None:
    many = [_Fact(str(n % 8)) for n in range(30)]
    count = Aggregate("annotation", ("hs4",), "count", None, 30)
    found = evidence.references(count, many)  # type: ignore[arg-type]
    assert [e.id for e in found] == ["0", "1", "2", "3", "4"]
    assert {e.kind for e in found} == {"report"}
    register = Aggregate("enterprise", ("enterprise",), "last", "credit_grade")
    assert evidence.references(register, many) == ()  # type: ignore[arg-type]


class _Fact:
    def __init__(self, id: str) -> None:
        self.id = id
