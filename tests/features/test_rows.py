from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from features import rows
from features.judgements import KEPT, Candidate, Entity, Span
from features.reasons import Effect, Item, Reason
from features.records import Record

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
names = texts.map(str.strip).filter(bool)
probabilities = st.floats(0, 1)
scalars = st.one_of(names, st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(-1e9, 1e9))
spans = st.builds(Span, start=st.integers(0, 9), end=st.integers(9, 99), words=texts, answer=texts)
reasons = st.builds(
    Reason,
    feature=texts,
    value=st.none() | probabilities,
    contribution=probabilities,
    zh=texts,
    en=texts,
)
entities = st.builds(
    Entity,
    kind=st.sampled_from(["brand", "date"]),
    start=st.integers(0, 9),
    end=st.integers(9, 99),
    words=texts,
    value=st.none() | texts,
    confidence=probabilities,
    candidates=st.lists(st.builds(Candidate, value=texts, score=probabilities), max_size=2).map(
        tuple
    ),
)
effects = st.builds(
    Effect,
    cause=st.sampled_from(["rule", "risk"]),
    id=texts,
    least=probabilities,
    zh=texts,
    en=texts,
)
PARTICULAR: dict[str, st.SearchStrategy[Any]] = {
    "enterprise_id": st.sampled_from(["E1", "91350100M000100Y43"]),
    "hs_code": st.sampled_from(["8516", "8516101000"]),
    "origin": st.sampled_from(["VN", "502"]),
    "departure": st.sampled_from(["VN", "502"]),
    "channel": st.sampled_from(["12315", "fire"]),
    "outcome": st.sampled_from(["pass", "fail"]),
    "selection": st.sampled_from(["risk", "random"]),
    "credit_grade": st.sampled_from("ABCD"),
    "listed": st.sampled_from(["red", "black"]),
    "level": st.sampled_from(["I", "II"]),
    "lane": st.sampled_from(["release", "full"]),
    "subject": st.sampled_from(["decision", "warning"]),
    "verdict": st.sampled_from(["agree", "dismiss"]),
    "day": st.just("2024-03-01"),
    "severity": st.integers(1, 4),
    "cluster_size": st.integers(1, 9),
    "inspections_known": st.integers(0, 9),
    "corrections": st.dictionaries(names, names, max_size=2),
    "entities": st.lists(entities, max_size=2).map(tuple),
    "value_fen": st.integers(1, 10**15),
    "propensity": st.floats(0.01, 1),
    "draw": st.floats(0, 0.99),
    "issuer": st.sampled_from(["agency", "third_party"]),
    "sample_size": st.integers(0, 600),
    "units": st.integers(0, 10**6),
    "curve": st.lists(st.tuples(probabilities, probabilities), max_size=2).map(tuple),
    "profile": st.lists(probabilities, max_size=24).map(tuple),
    "chances": st.dictionaries(names, probabilities, max_size=3),
    "effects": st.lists(effects, max_size=2).map(tuple),
    "scope": st.dictionaries(names, names, min_size=1, max_size=3),
    "confidence": st.dictionaries(names, probabilities, max_size=3),
    "x": st.dictionaries(names.map("x_{}".format), scalars, max_size=3),
    "evidence": st.lists(spans, max_size=2).map(tuple),
    "reasons": st.lists(reasons, max_size=2).map(tuple),
}
SIMPLE: dict[rows.Shape, st.SearchStrategy[Any]] = {
    "text": names,
    "number": st.floats(0.001, 1),
    "flag": st.booleans(),
    "json": st.lists(names, max_size=3).map(tuple),
}
LATER = datetime(2030, 1, 1, tzinfo=UTC)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))


@st.composite
def facts(draw: st.DrawFn) -> Record:
    table = draw(st.sampled_from(sorted(KEPT)))
    fields: dict[str, Any] = {"known_at": LATER}
    for name, shape in rows.SHAPES[table].items():
        by_shape = moments if shape == "moment" else SIMPLE.get(shape, names)
        strategy = PARTICULAR.get(name, by_shape)
        if name == "level" and table == "decisions":
            strategy = st.just("high")
        if name == "items" and table == "decisions":
            strategy = st.tuples(st.builds(Item, hazard=texts, zh=texts, en=texts))
        optional = name in rows.OPTIONAL[table]
        fields.setdefault(name, draw(st.none() | strategy if optional else strategy))
    return KEPT[table].model_validate(fields)


@given(facts())
def test_a_row_gives_its_record_back(fact: Record) -> None:
    table = rows.TABLE_OF[type(fact)]
    kept = rows.row(fact)
    assert rows.record(table, kept[2:]) == fact
    assert kept[0] == fact.fact_id


@given(facts())
def test_every_value_of_a_row_is_one_that_a_database_has(fact: Record) -> None:
    allowed = {"text": str, "json": str, "moment": int, "integer": int, "number": float}
    shapes = rows.SHAPES[rows.TABLE_OF[type(fact)]].values()
    for value, shape in zip(rows.row(fact)[2:], shapes, strict=True):
        assert value is None or isinstance(value, allowed.get(shape, bool))


@given(facts(), st.timedeltas(timedelta(0), timedelta(days=999)))
def test_the_content_is_the_same_whenever_it_was_learned(fact: Record, later: timedelta) -> None:
    again = fact.model_copy(update={"known_at": fact.known_at + later})
    assert rows.content(again) == rows.content(fact)


@given(facts(), facts())
def test_other_content_has_another_hash(fact: Record, other: Record) -> None:
    told, others = fact.model_dump(), other.model_dump()
    assert (rows.content(fact) == rows.content(other)) == (told == others)


def test_the_order_of_a_mapping_is_no_content() -> None:
    told = {"declaration_id": "D1", "declared_at": LATER, "enterprise_id": "E1"}
    kind = KEPT["declarations"]
    first = kind.model_validate({**told, "x_a": 1, "x_b": 2})
    second = kind.model_validate({**told, "x_b": 2, "x_a": 1})
    assert rows.content(first) == rows.content(second)
