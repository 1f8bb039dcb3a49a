import re

import numpy as np

from features import build, evidence
from features.records import Inspection
from models.risk.assess import assess
from models.risk.matrix import load
from models.risk.reasons import SHOWN, WEIGHED, WORTH_SAYING, reasons
from tests.models.conftest import Trained
from tests.worlds import at

FAILURES = re.compile(r"不合格(\d+)批")


def test_reasons_are_the_strongest_grounds_and_point_to_their_facts(trained: Trained) -> None:
    lines = trained.world.of("declarations")[-40:]
    questions = build.asking(lines, trained.features, as_of=at(900))  # type: ignore[arg-type]
    index, names = trained.index(), trained.features.names
    rows = build.answer(questions, trained.features, facts=index)
    found = assess(trained.model, rows, matrix=load("port"))
    why = reasons(trained.model, rows, assessment=found, questions=questions, index=index)
    ids = {r.fact_id for table in trained.world.records.values() for r in table}
    sums = trained.model.grounds.sums(found.contributions)
    ground_of = {m.name: n for n, g in enumerate(trained.model.grounds.each) for m in g.members}
    visits = (v for v in trained.world.of("inspections") if isinstance(v, Inspection))
    failed, counted = {v.fact_id for v in visits if v.outcome == "fail"}, 0
    theme_of = {m.name: g.theme for g in trained.model.grounds.each for m in g.members}
    joined = 0
    for row, said in enumerate(why):
        strengths = [r.contribution for r in said]
        assert strengths == sorted(strengths, reverse=True)
        worth = -np.sort(-sums[row][sums[row] >= WORTH_SAYING])[:WEIGHED]
        assert min(1, len(worth)) <= len(said) <= min(SHOWN, len(worth))
        told = [
            np.isclose(worth[:k].sum(), sum(strengths)) for k in range(len(said), len(worth) + 1)
        ]
        assert any(told)  # the strongest grounds, alone or joined, and nothing left out between
        for reason in said:
            assert reason.contribution >= sums[row, ground_of[reason.feature]]
        about = [(theme_of[r.feature], r.evidence) for r in said if r.evidence]
        assert len(set(about)) == len(about)
        joined += len(strengths) - sum(s in sums[row] for s in strengths)
        for reason in said:
            value = rows.numbers[row, names.index(reason.feature)]
            assert reason.value == (None if np.isnan(value) else value)
            assert {e.id for e in reason.evidence} <= ids
            failures = FAILURES.search(reason.zh)
            if failures:
                assert len(reason.evidence) == min(int(failures[1]), evidence.SHOWN)
                assert {e.id for e in reason.evidence} <= failed
                counted += 1
    assert counted
    assert joined


def test_what_is_left_out_is_a_reason_by_itself(trained: Trained) -> None:
    line = trained.world.of("declarations")[-1].model_copy(update={"origin": None, "brand": None})
    questions = build.asking([line], trained.features, as_of=at(900))  # type: ignore[list-item]
    rows = build.answer(questions, trained.features, facts=trained.index())
    found = assess(trained.model, rows, matrix=load("port"))
    contributions = np.zeros((1, len(trained.features.names)))
    for ground in trained.model.grounds.each:
        contributions[0, ground.columns] = 0.01 if "origin" in ground.subject else 0.0
    blank = type(found)(**{**vars(found), "contributions": contributions})
    (said,) = reasons(
        trained.model, rows, assessment=blank, questions=questions, index=trained.index()
    )
    (reason,) = said
    assert (reason.feature, reason.value, reason.evidence) == ("origin", None, ())
    assert (reason.zh, reason.en) == ("未申报原产地", "no origin is declared")
    assert np.isclose(reason.contribution, contributions.sum())


def test_contributions_are_finite(trained: Trained) -> None:
    found = assess(trained.model, trained.rows, matrix=load("port"))
    assert np.isfinite(found.contributions).all()
