"""Open lines are decided once, exactly as judge and decide say."""

from datetime import timedelta

import pytest

from features import memory
from features.judgements import Decision
from features.records import Declaration, Inspection
from features.store import Store
from models.inspection import policy as policies
from models.inspection.decide import Terms, decide
from models.judge import judge
from models.risk import matrix as matrices
from pipelines import score as step
from pipelines.champions import RiskChampion
from pipelines.score import open_declarations, prices, score
from tests.pipelines.conftest import UNTIL

SECRET = b"a secret for tests only, long enough"
POLICY, MATRIX = policies.load(), matrices.load()

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


@pytest.fixture
def terms(champion: RiskChampion) -> Terms:
    return step.terms(champion, policy=POLICY, matrix=MATRIX, secret=SECRET, prices={})


@pytest.fixture
def decided(small: Store, champion: RiskChampion, terms: Terms) -> list[Decision]:
    return score(small, champion, terms=terms, matrix=MATRIX, as_of=UNTIL)


def test_decisions_equal_judge_and_decide(
    small: Store, champion: RiskChampion, terms: Terms
) -> None:
    lines = open_declarations(small, as_of=UNTIL)
    assert len(lines) > 3
    names = memory.tables(champion.model.features)
    index = memory.recall(
        {name: small.frame(name) for name in names},
        champion.model.features,
        text_version=champion.text_version,
    )
    beliefs = judge(lines, model=champion.model, matrix=MATRIX, index=index, as_of=UNTIL)
    expected = decide(lines, beliefs, terms=terms, as_of=UNTIL)
    assert score(small, champion, terms=terms, matrix=MATRIX, as_of=UNTIL) == expected
    assert small.count("decisions") == len(expected)
    assert {d.model_version for d in expected} == {"risk/1"}


def test_batches_do_not_change_a_decision(
    small: Store, champion: RiskChampion, terms: Terms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "BATCH", 2)
    by_two = score(small, champion, terms=terms, matrix=MATRIX, as_of=UNTIL)
    again = {d.decision_id: d for d in by_two}
    assert len(again) == len(by_two) > 2
    whole = judge(
        open_declarations(small, as_of=UNTIL),
        model=champion.model,
        matrix=MATRIX,
        index=champion.index(small),
        as_of=UNTIL,
    )
    assert [d.likelihood for d in by_two] == [belief.likelihood for belief in whole]


def test_a_second_run_decides_nothing_again(
    small: Store, champion: RiskChampion, terms: Terms, decided: list[Decision]
) -> None:
    later = UNTIL + timedelta(minutes=5)
    assert score(small, champion, terms=terms, matrix=MATRIX, as_of=later) == []
    assert small.count("decisions") == len(decided)


def test_the_same_run_twice_at_one_moment_stores_one_decision(
    small: Store, champion: RiskChampion, terms: Terms, decided: list[Decision]
) -> None:
    score(small, champion, terms=terms, matrix=MATRIX, as_of=UNTIL)
    assert small.count("decisions") == len(decided)


def test_open_lines_are_recent_and_neither_inspected_nor_decided(small: Store) -> None:
    before = open_declarations(small, as_of=UNTIL)
    assert all(UNTIL - step.RECENT <= line.declared_at < UNTIL for line in before)
    seen = before[0]
    visited = UNTIL - timedelta(hours=1)
    small.append(
        [
            Inspection(
                declaration_id=seen.declaration_id,
                inspected_at=visited,
                known_at=visited,
                outcome="pass",
            )
        ]
    )
    after = open_declarations(small, as_of=UNTIL)
    assert {line.declaration_id for line in after} == {
        line.declaration_id for line in before if line is not seen
    }
    assert seen in open_declarations(small, as_of=visited - timedelta(hours=1)) or (
        seen.declared_at >= visited - timedelta(hours=1)
    )


def test_a_corrected_line_is_decided_once_by_its_newest_version(
    small: Store, champion: RiskChampion, terms: Terms
) -> None:
    line = open_declarations(small, as_of=UNTIL)[0]
    moved = {"port": "另一口岸", "known_at": UNTIL - timedelta(milliseconds=1)}
    small.append([line.model_copy(update=moved)])
    lines = open_declarations(small, as_of=UNTIL)
    (found,) = (each for each in lines if each.declaration_id == line.declaration_id)
    assert found.port == "另一口岸"
    decided = score(small, champion, terms=terms, matrix=MATRIX, as_of=UNTIL)
    assert len({d.declaration_id for d in decided}) == len(decided) == len(lines)


def test_the_lines_of_decisions(small: Store, decided: list[Decision]) -> None:
    lines = step.lines(small, decided)
    assert set(lines) == {d.declaration_id for d in decided}
    assert all(isinstance(line, Declaration) for line in lines.values())


def test_without_a_plan_there_is_no_price_and_nothing_to_decide_is_no_failure(
    small: Store, champion: RiskChampion, terms: Terms
) -> None:
    assert prices(small, as_of=UNTIL) == {}
    late = UNTIL + timedelta(days=30)
    assert score(small, champion, terms=terms, matrix=MATRIX, as_of=late) == []
