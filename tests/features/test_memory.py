from datetime import timedelta

import numpy as np
import pytest

from features import build, catalog, memory
from features.judgements import Annotation
from features.records import Enterprise
from tests.features.test_build import EVERY
from tests.worlds import VERSION, World, at, patterned

SMALL = patterned(60)


def test_the_tables_named_are_enough() -> None:
    tables = SMALL.tables()
    features = catalog.standard(tables)
    needed = {name: tables[name] for name in memory.tables(features)}
    lines = SMALL.of("declarations")[:5]
    questions = build.asking(lines, features, as_of=at(899))  # type: ignore[arg-type]
    found = [
        build.answer(questions, features, facts=memory.recall(t, features, text_version=VERSION))
        for t in (tables, needed)
    ]
    assert found[0].numbers.tobytes() == found[1].numbers.tobytes()


@pytest.mark.parametrize(
    ("version", "count"), [("reader-1", 1), ("reader-2", 2), ("reader-3", 0), (None, 3)]
)
def test_annotations_are_pinned_to_one_text_model(version: str | None, count: int) -> None:
    report = patterned(60).of("reports")[0]
    read = [
        Annotation(
            report_id=report.fact_id,
            model_version=model,
            annotated_at=report.known_at + timedelta(hours=hours),
            known_at=report.known_at + timedelta(hours=hours),
            relevant=True,
            category="质量",
            hs_code=code,
        )
        for hours, (model, code) in enumerate(
            [("reader-1", "8516"), ("reader-2", "8516"), ("reader-2", "9503")]
        )
    ]
    kinds = memory.kinds(
        World({"reports": [report], "annotations": [*read]}).tables(), EVERY, text_version=version
    )
    assert len(kinds["annotation"]) == count


def test_the_register_tells_its_newest_state_before_the_moment() -> None:
    line = SMALL.of("declarations")[0]
    firm = line.enterprise_id  # type: ignore[attr-defined]
    states = [
        Enterprise(enterprise_id=firm, known_at=at(n), credit_grade=grade)
        for n, grade in ((20, "D"), (10, "A"))
    ]
    index = memory.recall(World({"enterprises": [*states]}).tables(), EVERY, text_version=VERSION)
    column = EVERY.names.index("enterprise_credit_grade_last")
    expected = {10: np.nan, 11: 4.0, 20: 4.0, 21: 1.0}
    for step, credit in expected.items():
        questions = build.asking([line], EVERY, as_of=at(step))  # type: ignore[list-item]
        found = build.answer(questions, EVERY, facts=index).numbers[0, column]
        assert np.array_equal(found, credit, equal_nan=True)
