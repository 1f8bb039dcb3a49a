"""Open lines are decided once, exactly as judge and decide say."""

from datetime import timedelta
from pathlib import Path

import pytest

from features.clerk import Clerk
from features.judgements import Decision
from features.records import Declaration, Inspection
from features.store import Store
from models import decisions
from models.decisions import Known, Learned
from models.inspection import agency
from models.inspection.agency import Agency
from models.inspection.allocation.meter import Meter
from models.inspection.decide import Terms
from models.inspection.draws import draw
from pipelines import score as step
from pipelines.champions import RiskChampion
from pipelines.plan import Capacity, Day, plan
from pipelines.score import open_declarations, score
from tests.pipelines.conftest import UNTIL, Place, copied

SECRET = b"a secret for tests only, long enough"

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning",
    "ignore::ResourceWarning",
)


@pytest.fixture
def laid() -> Agency:
    return agency.load(SECRET, policy=None, matrix="port", rules=None)


@pytest.fixture
def decided(small: Store, champion: RiskChampion, laid: Agency) -> list[Decision]:
    return score(small, champion, agency=laid, as_of=UNTIL)


def test_what_is_decided_is_what_the_shared_function_says(
    small: Store, champion: RiskChampion, laid: Agency
) -> None:
    lines = open_declarations(small, as_of=UNTIL)
    assert len(lines) > 3
    known = Known(
        Clerk(small).follow(),
        champion.ruled(small, laid.rules),
        Learned(champion.model, champion.index(small)),
    )
    terms = Terms(laid, champion.version, Meter.of([], {}))
    expected = decisions.decisions(lines, known=known, terms=terms, as_of=UNTIL)
    assert score(small, champion, agency=laid, as_of=UNTIL) == expected
    assert small.count("decisions") == len(expected)
    assert {d.model_version for d in expected} == {"risk/1"}


def test_batches_change_no_belief_and_no_draw_and_all_open_lines_wait_together(
    world: Place, champion: RiskChampion, laid: Agency, tmp_path: Path
) -> None:
    day = Day(draw.day(UNTIL), UNTIL - timedelta(seconds=1), Capacity(0.5, 2), {})

    def decided(name: str) -> list[Decision]:
        (tmp_path / name).mkdir()
        store = Store.open(copied(world, tmp_path / name))
        plan(store, champion, agency=laid, day=day)
        made = score(store, champion, agency=laid, as_of=UNTIL)
        store.close()
        return made

    whole = decided("whole")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(step, "BATCH", 2)
        by_two = decided("by two")
    assert len(whole) > 2
    told = [[(d.decision_id, d.likelihood, d.draw) for d in each] for each in (whole, by_two)]
    assert told[0] == told[1]
    prices = {(d.port, d.price) for d in whole}
    assert len(prices) == len({d.port for d in whole}), "one price for all that wait at a port"


def test_a_second_run_decides_nothing_again(
    small: Store, champion: RiskChampion, laid: Agency, decided: list[Decision]
) -> None:
    later = UNTIL + timedelta(minutes=5)
    assert score(small, champion, agency=laid, as_of=later) == []
    assert small.count("decisions") == len(decided)


def test_the_same_run_twice_at_one_moment_stores_one_decision(
    small: Store, champion: RiskChampion, laid: Agency, decided: list[Decision]
) -> None:
    score(small, champion, agency=laid, as_of=UNTIL)
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
    small: Store, champion: RiskChampion, laid: Agency
) -> None:
    line = open_declarations(small, as_of=UNTIL)[0]
    moved = {"port": "另一口岸", "known_at": UNTIL - timedelta(milliseconds=1)}
    small.append([line.model_copy(update=moved)])
    lines = open_declarations(small, as_of=UNTIL)
    (found,) = (each for each in lines if each.declaration_id == line.declaration_id)
    assert found.port == "另一口岸"
    decided = score(small, champion, agency=laid, as_of=UNTIL)
    assert len({d.declaration_id for d in decided}) == len(decided) == len(lines)


def test_the_lines_of_decisions(small: Store, decided: list[Decision]) -> None:
    lines = step.lines(small, decided)
    assert set(lines) == {d.declaration_id for d in decided}
    assert all(isinstance(line, Declaration) for line in lines.values())


def test_nothing_to_decide_is_no_failure(
    small: Store, champion: RiskChampion, laid: Agency
) -> None:
    late = UNTIL + timedelta(days=30)
    assert score(small, champion, agency=laid, as_of=late) == []
