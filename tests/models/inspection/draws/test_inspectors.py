"""Who is sent: somebody competent and free of a conflict, and nobody who is known beforehand."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from features.judgements import Assignment
from features.reasons import Lane
from models.inspection import policy
from models.inspection.draws import draw, inspectors
from models.inspection.draws.inspectors import Duty, Job, assign, chances, drawn, eligible
from models.inspection.draws.roster import Inspector, Roster

DAY = date(2024, 3, 1)
NOON = datetime(2024, 3, 1, 4, tzinfo=UTC)
EFFORT = policy.load().effort
LANES: tuple[Lane, ...] = ("documents", "sampling", "full")
SECRET = draw.day_secret(b"agency", DAY)


def someone(number: str, **told: Any) -> Inspector:
    return Inspector.model_validate({"inspector_id": number, "port": "上海", "hours": 8, **told})


def staff(*some: Inspector) -> Roster:
    return Roster(tuple(sorted(some, key=lambda one: one.inspector_id)), "yaml", repr(some))


def job(number: int, **told: Any) -> Job:
    at = NOON + timedelta(seconds=number)
    fields: dict[str, Any] = {
        "decision_id": f"D{number}@1",
        "declaration_id": f"D{number}",
        "decided_at": at,
        "lane": "documents",
        "port": "上海",
        "hs_code": "8516101000",
        "enterprise_id": "E1",
        "manufacturer_id": None,
    }
    return Job(**{**fields, **told})


def duty(roster: Roster, day: date = DAY) -> Duty:
    return Duty(day, roster, EFFORT, draw.day_secret(b"agency", day))


def sent(jobs: Sequence[Job], roster: Roster, **told: Any) -> list[Assignment]:
    return assign(jobs, duty=duty(roster), as_of=NOON + timedelta(hours=5), **told)


@st.composite
def rosters(choose: st.DrawFn) -> Roster:
    """A few inspectors with all that a roster may say of them."""
    numbers = choose(st.lists(st.integers(1, 99), min_size=1, max_size=7, unique=True))
    return staff(*(choose(some_inspector(f"A{number:02d}")) for number in numbers))


def some_inspector(number: str) -> st.SearchStrategy[Inspector]:
    def some(*words: str) -> st.SearchStrategy[tuple[str, ...]]:
        return st.lists(st.sampled_from(words), max_size=2, unique=True).map(tuple)

    return st.builds(
        Inspector,
        inspector_id=st.just(number),
        port=st.sampled_from(["上海", "深圳"]),
        hours=st.sampled_from([0.5, 2.0, 7.0]),
        lanes=some(*LANES),
        hs_prefixes=some("85", "9503", "950300"),
        conflict_enterprises=some("E1", "E2"),
        conflict_manufacturers=some("M1", "M2"),
        absent=st.sampled_from([(), (DAY,), (DAY + timedelta(days=1),)]),
    )


@st.composite
def jobs(choose: st.DrawFn) -> Job:
    return job(
        choose(st.integers(0, 999)),
        lane=choose(st.sampled_from(LANES)),
        port=choose(st.sampled_from(["上海", "深圳", "天津", None])),
        hs_code=choose(st.sampled_from(["8516101000", "9503", "950300", "0101", None])),
        enterprise_id=choose(st.sampled_from(["E1", "E2", "E3"])),
        manufacturer_id=choose(st.sampled_from(["M1", "M3", None])),
    )


WORK = st.lists(jobs(), max_size=25, unique_by=lambda one: one.declaration_id)


def may(one: Inspector, job: Job) -> bool:
    """Whether an inspector may do a job, said once more in other words."""
    codes = [job.hs_code or ""] if one.hs_prefixes else []
    knows = all(any(code.startswith(p) for p in one.hs_prefixes) for code in codes)
    free = job.enterprise_id not in one.conflict_enterprises
    free &= job.manufacturer_id is None or job.manufacturer_id not in one.conflict_manufacturers
    here = job.port in (None, one.port) and DAY not in one.absent
    return here and knows and free and (not one.lanes or job.lane in one.lanes)


@given(rosters(), WORK)
def test_whoever_is_sent_is_there_competent_and_free_of_a_conflict(
    roster: Roster, work: list[Job]
) -> None:
    told = {one.declaration_id: one for one in work}
    for made in sent(work, roster):
        able = [i.inspector_id for i in roster.inspectors if may(i, told[made.declaration_id])]
        assert list(made.chances) == able == sorted(able)
        assert (made.inspector_id in able) if able else (made.inspector_id is None)
        assert able or (made.reason or "").startswith("无人可派：在本口岸 ")
        assert made.hours == EFFORT[told[made.declaration_id].lane]


@given(rosters(), WORK)
def test_nobody_is_certain_while_two_may_be_sent(roster: Roster, work: list[Job]) -> None:
    for made in sent(work, roster):
        shares = list(made.chances.values())
        least = inspectors.EQUALLY / max(len(shares), 1)
        assert not shares or sum(shares) == pytest.approx(1)
        assert all(least - 1e-12 <= share for share in shares)
        assert len(shares) < 2 or max(shares) <= 1 - least + 1e-12 < 1


@given(rosters(), WORK, st.integers(0, 25), st.randoms(use_true_random=False))
def test_the_same_jobs_give_the_same_answer_in_any_order_and_any_parts(
    roster: Roster, work: list[Job], cut: int, shuffle: Any
) -> None:
    whole = sent(work, roster)
    shuffled = [*work]
    shuffle.shuffle(shuffled)
    assert sent(shuffled, roster) == whole
    order = sorted(work, key=lambda one: (one.decided_at, one.declaration_id))
    first = sent(order[:cut], roster)
    assert first + sent(order[cut:], roster, earlier=first) == whole


@given(rosters(), WORK)
def test_each_draw_can_be_recomputed_from_what_it_says(roster: Roster, work: list[Job]) -> None:
    done: Counter[str] = Counter()
    told = {one.declaration_id: one for one in work}
    for made in sent(work, roster):
        able = eligible(told[made.declaration_id], roster, day=DAY)
        assert made.chances == chances(able, done)
        assert made.draw == draw.inspector(SECRET, made.declaration_id)
        assert made.inspector_id == drawn(made.chances, made.draw)
        assert made.commitment == draw.commitment(SECRET)
        assert made.roster_version == roster.version
        inspectors.count(done, made.inspector_id, hours=made.hours)


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=9), st.floats(0, 1, exclude_max=True))
def test_a_number_falls_on_its_share(weights: list[float], number: float) -> None:
    shares = {f"A{i}": weight / sum(weights) for i, weight in enumerate(weights)}
    found = drawn(shares, number)
    assert found is not None
    before = sum(share for name, share in shares.items() if name < found)
    assert before - 1e-12 <= number <= before + shares[found] + 1e-12


def test_nine_tenths_go_by_the_hours_left() -> None:
    two = [someone("A1", hours=8), someone("A2", hours=4)]
    assert chances(two, {"A1": 2 * 3600}) == pytest.approx({"A1": 0.59, "A2": 0.41})
    assert chances(two, {"A1": 9 * 3600}) == pytest.approx({"A1": 0.05, "A2": 0.95})
    assert chances(two, {"A1": 8 * 3600, "A2": 4 * 3600}) == {"A1": 0.5, "A2": 0.5}
    assert chances(two[:1], {}) == {"A1": 1.0}
    assert chances([], {}) == {}


def test_equal_chances_give_equal_counts() -> None:
    able = [someone(f"A{i}") for i in range(5)]
    names = [drawn(chances(able, {}), draw.inspector(SECRET, f"D{i}")) for i in range(20_000)]
    assert stats.chisquare(list(Counter(names).values())).pvalue > 1e-3


def test_counts_follow_unequal_chances() -> None:
    able = [someone("A1", hours=1), someone("A2", hours=2), someone("A3", hours=5)]
    shares = chances(able, {})
    found = Counter(drawn(shares, draw.inspector(SECRET, f"D{i}")) for i in range(20_000))
    expected = [20_000 * share for share in shares.values()]
    assert stats.chisquare([found[name] for name in shares], expected).pvalue > 1e-3


def month(roster: Roster) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """The hours of each inspector on 22 days that are seven eighths full for twelve of 8 hours.

    As assigned, and as equal draws by the same numbers would have given them.
    """
    names = [one.inspector_id for one in roster.inspectors]
    equal = {name: 1 / len(names) for name in names}
    days, others = [], []
    for number in range(22):
        day = DAY + timedelta(days=number)
        work = [job(1000 * number + i, lane=LANES[i % 3]) for i in range(36)]
        made = assign(work, duty=duty(roster, day), as_of=NOON + timedelta(days=30))
        days.append(hours(names, [(one.inspector_id, one.hours) for one in made]))
        others.append(hours(names, [(drawn(equal, one.draw), one.hours) for one in made]))
    return np.array(days), np.array(others)


def hours(names: Sequence[str], done: Sequence[tuple[str | None, float]]) -> list[float]:
    return [sum(told for name, told in done if name == one) for one in names]


def test_over_a_month_everyone_does_about_as_much() -> None:
    found, equal = month(staff(*(someone(f"A{i:02d}", hours=8) for i in range(12))))
    assert found.sum() == equal.sum() == 22 * 84
    assert np.abs(found.sum(axis=0) / found.sum() * 12 - 1).max() < 0.15
    assert found.std(axis=1).mean() < 0.7 * equal.std(axis=1).mean()
    assert found.sum(axis=0).std() < 0.7 * equal.sum(axis=0).std()


def test_work_follows_the_hours_that_each_has() -> None:
    found, _ = month(staff(*(someone(f"A{i:02d}", hours=4 + 4 * (i % 3)) for i in range(12))))
    shares = [found[:, i::3].sum() / found.sum() for i in range(3)]
    assert shares == pytest.approx([1 / 6, 1 / 3, 1 / 2], abs=0.05)


def test_overtime_is_said() -> None:
    roster = staff(someone("A1", hours=1.5), someone("A2", hours=1.5))
    made = sent([job(i, lane="sampling") for i in range(3)], roster)
    assert made[0].reason == "须加班 0.5 小时。Overtime of 0.5 h."
    done = {one.inspector_id for one in made[:2]}
    if len(done) == 2:
        assert made[2].chances == {"A1": 0.5, "A2": 0.5}
        assert "等概率抽取，须加班 2 小时" in (made[2].reason or "")
        assert "drawn equally, overtime of 2 h." in (made[2].reason or "")
    assert sent([job(1)], roster)[0].reason is None


def test_where_nobody_can_be_sent_it_is_said_why() -> None:
    roster = staff(
        someone("A1", lanes=["documents"]),
        someone("A2", conflict_enterprises=["E1"]),
        someone("A3", absent=[DAY.isoformat()]),
        someone("A4", port="深圳"),
    )
    (made,) = sent([job(1, lane="full")], roster)
    assert (made.inspector_id, made.chances) == (None, {})
    assert made.reason == (
        "无人可派：在本口岸 3 人，当日在岗 2 人，能做此通道 1 人，能查此商品 1 人，无须回避 0 人。"
        "Nobody can be sent: 3 at the port, 2 present that day, 1 competent for the lane, "
        "1 competent for the goods, 0 free of a conflict of interest."
    )
    assert made.draw == draw.inspector(SECRET, "D1")


def test_nothing_to_do_is_no_failure() -> None:
    assert sent([], staff(someone("A1"))) == []
