"""However facts reach the index, it answers as if it had been built of them at once."""

from datetime import datetime
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import build, index, memory
from features.index import Index
from features.records import Declaration, Inspection, Record
from tests.features.test_build import EVERY, in_bulk
from tests.worlds import QUESTION, STEPS, VERSION, World, at, worlds

BEHIND = {"inspections": "declarations", "annotations": "reports"}
Asked = tuple[Declaration, datetime]


def answered(facts: Index, question: Asked) -> npt.NDArray[np.float64]:
    declaration, as_of = question
    return build.answer(build.asking([declaration], EVERY, as_of=as_of), EVERY, facts=facts).numbers


def learn(facts: Index, world: World, new: dict[str, list[Record]]) -> None:
    behind = {other: world.of(other) for other in BEHIND.values()}
    memory.learn(facts, EVERY, new=new, behind=behind, text_version=VERSION)


def empty() -> Index:
    return memory.recall(World().tables(), EVERY, text_version=VERSION)


@settings(max_examples=25)
@given(worlds(), QUESTION, st.randoms(), st.integers(1, 6))
def test_any_number_of_takes_in_any_order_equals_one(
    world: World, question: Asked, random: Random, takes: int
) -> None:
    facts = empty()
    parts: list[dict[str, list[Record]]] = [{} for _ in range(takes)]
    for table, records in world.records.items():
        for record in records:
            random.choice(parts).setdefault(table, []).append(record)
    for part in parts:
        learn(facts, world, part)
    assert answered(facts, question).tobytes() == in_bulk(world, [question]).tobytes()


@settings(max_examples=15)
@given(worlds(), QUESTION, st.integers(0, 20))
def test_the_merge_of_the_small_level_changes_no_answer(
    world: World, question: Asked, limit: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "RECENT_LIMIT", limit)
        facts = empty()
        for table, records in world.records.items():
            for record in records:
                learn(facts, world, {table: [record]})
    small = sum(len(k) for k in facts.levels[1].kinds.values())
    assert small <= limit
    assert answered(facts, question).tobytes() == in_bulk(world, [question]).tobytes()


def line(number: int = 1) -> Declaration:
    return Declaration(
        declaration_id=f"D{number}",
        declared_at=at(0),
        known_at=at(0),
        enterprise_id="E1",
        hs_code="8516",
    )


def visit(outcome: str, known: int, **x: float) -> Inspection:
    return Inspection.model_validate(
        {
            "declaration_id": "D1",
            "inspected_at": at(2),
            "known_at": at(known),
            "outcome": outcome,
            "x": x,
        }
    )


def test_two_versions_in_one_batch_count_once_after_others_have_come() -> None:
    world = World({"declarations": [line()]})
    facts = memory.recall(world.tables(), EVERY, text_version=VERSION)
    other = visit("pass", 3).model_copy(update={"inspected_at": at(3)})
    learn(facts, world, {"inspections": [other]})
    learn(facts, world, {"inspections": [visit("pass", 4), visit("fail", 6)]})
    both = World({**world.records, "inspections": [other, visit("pass", 4), visit("fail", 6)]})
    question = (line(9), at(10))
    assert answered(facts, question).tobytes() == in_bulk(both, [question]).tobytes()


def test_a_fact_without_an_extra_column_that_others_have_is_learned() -> None:
    world = World({"declarations": [line()], "inspections": [visit("pass", 3, x_score=1.5)]})
    facts = memory.recall(world.tables(), EVERY, text_version=VERSION)
    later = visit("pass", 5).model_copy(update={"inspected_at": at(5)})
    learn(facts, world, {"inspections": [later]})
    told = dict(zip(EVERY.names, answered(facts, (line(9), at(9)))[0], strict=False))
    assert told["hs4_inspection_count_ever"] == 2
    assert told["hs4_inspection_x_score_mean_ever"] == 1.5


@pytest.mark.parametrize("known", ["pass", "fail"])
def test_a_correction_reaches_what_is_already_in_the_large_level(known: str) -> None:
    world = World({"declarations": [line()], "inspections": [visit(known, 3)]})
    facts = memory.recall(world.tables(), EVERY, text_version=VERSION)
    corrected = visit("fail" if known == "pass" else "pass", 8)
    learn(facts, world, {"inspections": [corrected]})
    both = World({**world.records, "inspections": [visit(known, 3), corrected]})
    for step in (3, 4, 8, 9, STEPS):
        question = (line(9), at(step))
        assert answered(facts, question).tobytes() == in_bulk(both, [question]).tobytes()


def test_a_reader_keeps_the_state_it_began_with() -> None:
    world = World({"declarations": [line()]})
    facts = memory.recall(world.tables(), EVERY, text_version=VERSION)
    levels = facts.levels
    learn(facts, world, {"declarations": [line(2)]})
    assert facts.levels is not levels
    assert sum(len(k) for k in levels[1].kinds.values()) == 0
