import numpy as np
import pytest

from features import build, evidence
from models.risk.assess import assess
from models.risk.matrix import load
from models.risk.reasons import SHOWN, WORTH_SAYING, reasons, sentence
from tests.models.conftest import Trained
from tests.worlds import at


def test_reasons_are_the_strongest_and_their_evidence_explains_the_count(trained: Trained) -> None:
    lines = trained.world.of("declarations")[-40:]
    questions = build.asking(lines, trained.features, as_of=at(900))  # type: ignore[arg-type]
    index = trained.index()
    rows = build.answer(questions, trained.features, facts=index)
    found = assess(trained.model, rows, matrix=load("port"))
    why = reasons(trained.model, rows, assessment=found, questions=questions, index=index)
    ids = {r.fact_id for table in trained.world.records.values() for r in table}
    told = 0
    for row, said in enumerate(why):
        assert len(said) <= SHOWN
        strengths = [r.contribution for r in said]
        assert strengths == sorted(strengths, reverse=True)
        assert all(s >= WORTH_SAYING for s in strengths)
        assert len(said) == min(SHOWN, (found.contributions[row] >= WORTH_SAYING).sum())
        for reason in said:
            assert reason.zh
            assert not any("一" <= c <= "鿿" for c in reason.en)
            assert {e.id for e in reason.evidence} <= ids
            aggregate = trained.features.aggregate(reason.feature)
            counts = aggregate is not None and aggregate.name == reason.feature
            if aggregate and counts and aggregate.how == "count" and reason.value is not None:
                behind = evidence.behind(index, questions, aggregate=aggregate, row=row)
                assert len(behind) == min(reason.value, 200)
                assert len(reason.evidence) == min(reason.value, evidence.SHOWN)
                told += 1
    assert told


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.1234, "0.123"), (999.7, "1,000"), (12345.6, "12,346"), (5.0, "5"), (None, "无记录")],
)
def test_numbers_are_written_for_people(trained: Trained, value: float | None, words: str) -> None:
    said = sentence(trained.model, "declaration_value_log", value=value, language=0)
    assert words in said
    assert "e+" not in said


def test_contributions_are_finite(trained: Trained) -> None:
    found = assess(trained.model, trained.rows, matrix=load("port"))
    assert np.isfinite(found.contributions).all()
