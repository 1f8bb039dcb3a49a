"""A feature row equals its definition, and both doors build the same one."""

from datetime import datetime, timedelta
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import build, catalog, contrasts, keys, memory
from features.aggregates import Aggregate
from features.facts import Kind
from features.feature_set import FeatureSet
from features.records import Declaration, Inspection
from tests import definitions
from tests.worlds import QUESTION, START, STEPS, VERSION, World, at, worlds

KEYS = tuple(
    map(keys.parse, ("enterprise", "brand", "hs2", "hs4", "hs6", "origin+hs4", "x_line", "origin"))
)
EVERY = FeatureSet(
    numeric=("declaration_value_log", "declaration_unit_value_log", "x_score"),
    aggregates=(
        *(a for kind in catalog.FAMILIES for key in KEYS for a in catalog.family(kind, key)),
        Aggregate("inspection", ("hs4",), "mean", "x_score", None),
        Aggregate("inspection", ("hs4",), "rate", "fail", 180),
        Aggregate("inspection", ("enterprise",), "rate", "fail", None),
        Aggregate("annotation", ("hs4",), "count", "hazard_fire", 90),
        Aggregate("annotation", ("origin", "hs4"), "count", "category_quality", 90),
        Aggregate("declaration", (), "count", None, 30),
        *catalog.REGISTER,
    ),
    categories=("hs2", "origin", "x_line"),
    contrasts=(
        *(contrasts.shrunk_rate(key, days) for key in KEYS for days in (60, None)),
        *(contrasts.trend("declaration", key, measure=None, short=30, long=365) for key in KEYS),
        contrasts.trend("annotation", ("hs4",), measure="relevant_once", short=90, long=365),
        contrasts.per_declaration(("hs4",), measure="relevant_once", window=365),
        contrasts.deviation(
            ("hs6",), measure="unit_value_log", own="declaration_unit_value_log", window=365
        ),
        contrasts.first(("enterprise", "hs4")),
        contrasts.share(*catalog.NAMED),
        contrasts.AGE,
    ),
)
Asked = tuple[Declaration, datetime]
Questions = st.lists(QUESTION, min_size=1, max_size=4)


def kinds(world: World) -> dict[str, Kind]:
    return memory.kinds(world.tables(), EVERY, text_version=VERSION)


def in_bulk(world: World, asked: list[Asked]) -> npt.NDArray[np.float64]:
    """Every question from one bulk build: its own moment, as training would ask."""
    each = [build.asking([d], EVERY, as_of=as_of) for d, as_of in asked]
    questions = build.Questions(
        {n: [q.columns[n][0] for q in each] for n in each[0].columns},
        np.concatenate([q.as_of for q in each]),
        np.concatenate([q.declared for q in each]),
    )
    return build.build(questions, EVERY, kinds=kinds(world)).numbers


def one_by_one(world: World, asked: list[Asked]) -> npt.NDArray[np.float64]:
    index = memory.recall(world.tables(), EVERY, text_version=VERSION)
    return np.vstack(
        [
            build.answer(build.asking([d], EVERY, as_of=as_of), EVERY, facts=index).numbers
            for d, as_of in asked
        ]
    )


@settings(max_examples=20)
@given(worlds(), Questions)
def test_every_aggregate_equals_its_definition(world: World, asked: list[Asked]) -> None:
    told = len(EVERY.numeric)
    found = in_bulk(world, asked)[:, told : told + len(EVERY.aggregates)]
    for row, (declaration, as_of) in enumerate(asked):
        expected = [definitions.value(world, a, declaration, as_of) for a in EVERY.aggregates]
        wrong = [
            (a.name, got, want)
            for a, got, want in zip(EVERY.aggregates, found[row], expected, strict=True)
            if not np.isclose(got, want, rtol=1e-12, atol=1e-12, equal_nan=True)
        ]
        assert not wrong


@settings(max_examples=20)
@given(worlds(), Questions)
def test_every_contrast_equals_its_definition(world: World, asked: list[Asked]) -> None:
    found = in_bulk(world, asked)[:, -len(EVERY.contrasts) :]
    for row, (declaration, as_of) in enumerate(asked):
        own = build.own(build.asking([declaration], EVERY, as_of=as_of))
        for column, told in enumerate(EVERY.contrasts):
            number = own(told.own)[0] if told.own else np.nan
            want = definitions.contrast(world, told, declaration, as_of, number)
            # A mean is of whole millionths.
            assert np.isclose(found[row, column], want, atol=1e-6, equal_nan=True), told.name


@settings(max_examples=20)
@given(worlds(), Questions)
def test_bulk_equals_one_at_a_time_to_the_last_bit(world: World, asked: list[Asked]) -> None:
    assert in_bulk(world, asked).tobytes() == one_by_one(world, asked).tobytes()


@settings(max_examples=20)
@given(worlds(), QUESTION)
def test_what_is_known_later_changes_nothing(world: World, question: Asked) -> None:
    _, as_of = question
    now = in_bulk(world.known_before(as_of), [question])
    assert now.tobytes() == in_bulk(world, [question]).tobytes()


@settings(max_examples=20)
@given(worlds(), Questions, st.randoms())
def test_order_of_rows_is_irrelevant(world: World, asked: list[Asked], random: Random) -> None:
    shuffled = World({n: random.sample([*rs], len(rs)) for n, rs in world.records.items()})
    assert in_bulk(world, asked).tobytes() == in_bulk(shuffled, asked).tobytes()


@pytest.fixture
def asker() -> Declaration:
    return Declaration(
        declaration_id="D9",
        declared_at=START,
        known_at=START,
        enterprise_id="E9",
        hs_code="8516101000",
    )


def _answers(world: World, declaration: Declaration, as_of: datetime) -> dict[str, float]:
    row = in_bulk(world, [(declaration, as_of)])[0]
    return dict(zip(EVERY.names, row, strict=False))


def test_a_key_not_told_is_missing_and_an_unseen_one_counts_zero(asker: Declaration) -> None:
    told = _answers(World(), asker, at(STEPS))
    assert told["enterprise_declaration_count_30d"] == 0
    assert told["hs4_inspection_count_ever"] == 0
    assert np.isnan(told["enterprise_inspection_fail_rate_ever"])
    assert np.isnan(told["brand_declaration_count_30d"])
    assert np.isnan(told["origin_hs4_report_count_90d"])
    assert np.isnan(told["enterprise_credit_grade_last"])


def test_a_code_shorter_than_the_key_does_not_tell_it(asker: Declaration) -> None:
    told = _answers(World(), asker.model_copy(update={"hs_code": "8516"}), at(STEPS))
    assert told["hs4_declaration_count_30d"] == 0
    assert np.isnan(told["hs6_declaration_count_30d"])


def test_declared_numbers_and_categories_stand_as_declared(asker: Declaration) -> None:
    line = asker.model_copy(
        update={"value_fen": 999, "quantity": 9.0, "x": {"x_line": "a", "x_score": 2}}
    )
    rows = build.build(build.asking([line], EVERY, as_of=at(3)), EVERY, kinds={})
    assert rows.numbers[0, :3] == pytest.approx([np.log(1000), np.log(111), 2])
    assert rows.categories == {"hs2": ["85"], "origin": [None], "x_line": ["a"]}
    frame = rows.frame()
    assert tuple(frame.columns) == (*EVERY.names, *EVERY.categories)
    assert len(frame) == 1


def test_a_text_where_a_number_was_is_missing_not_a_crash(asker: Declaration) -> None:
    line = asker.model_copy(update={"x": {"x_score": "无"}})
    rows = build.build(build.asking([line], EVERY, as_of=at(3)), EVERY, kinds={})
    assert np.isnan(rows.numbers[0, 2])


def test_no_questions_give_no_rows() -> None:
    rows = build.build(build.asking([], EVERY, as_of=at(3)), EVERY, kinds={})
    assert rows.numbers.shape == (0, len(EVERY.names))


@settings(max_examples=20)
@given(worlds(), st.integers(0, STEPS))
def test_frozen_questions_see_nothing_later(world: World, step: int) -> None:
    if not world.of("declarations"):
        return
    tables = world.tables()
    frozen = build.asked(tables["declarations"], EVERY, freeze=at(step))
    declared = tables["declarations"]["declared_at"]
    assert (frozen.as_of <= build.asked(tables["declarations"], EVERY).as_of).all()
    late = (declared >= at(step)).to_numpy()
    past = memory.kinds(world.known_before(at(step)).tables(), EVERY, text_version=VERSION)
    full = build.build(frozen, EVERY, kinds=kinds(world))
    known = build.build(frozen, EVERY, kinds=past)
    assert full.numbers[late].tobytes() == known.numbers[late].tobytes()


def test_asking_and_asked_are_the_same_questions(asker: Declaration) -> None:
    lines = [asker, asker.model_copy(update={"brand": "Nova", "x": {"x_score": 1.5}})]
    online = build.asking(lines, EVERY, as_of=asker.declared_at)
    bulk = build.asked(memory.frame("declarations", lines), EVERY)
    assert online.columns == bulk.columns
    assert (online.as_of == bulk.as_of).all()
    assert (online.declared == bulk.declared).all()


def test_a_corrected_outcome_counts_exactly_from_when_it_was_learned(asker: Declaration) -> None:
    visit = Inspection(declaration_id="D9", inspected_at=at(10), known_at=at(10), outcome="pass")
    corrected = visit.model_copy(update={"outcome": "fail", "known_at": at(20)})
    world = World({"declarations": [asker], "inspections": [visit, corrected]})
    rate = "enterprise_inspection_fail_rate_ever"
    assert np.isnan(_answers(world, asker, at(10))[rate])
    assert _answers(world, asker, at(10) + timedelta(milliseconds=1))[rate] == 0
    assert _answers(world, asker, at(20))[rate] == 0
    after = _answers(world, asker, at(20) + timedelta(milliseconds=1))
    assert after[rate] == 1
    assert after["enterprise_inspection_count_ever"] == 1
