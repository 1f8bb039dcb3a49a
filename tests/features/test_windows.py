"""The kernel equals brute force, and later facts change nothing."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import windows
from features.errors import Invalid
from features.windows import NEVER, NO_FACT, Facts, Timeline

TIME = st.integers(0, 60)
FACT = st.tuples(
    st.integers(0, 4), TIME, st.none() | st.integers(1, 40), st.integers(-3, 3), st.booleans()
)
QUESTION = st.tuples(st.sampled_from([windows.MISSING, windows.UNSEEN, 0, 1, 2, 3, 4]), TIME)
WINDOWS = np.array([1, 7, 30, NEVER])
Row = tuple[int, int, int | None, int, bool]
Rows = list[Row]
Asked = tuple[int, int]


def timeline(facts: Rows) -> Timeline:
    columns: list[Any] = list(zip(*facts, strict=True)) or [[]] * 5
    codes, known, lag, values, flags = columns
    superseded = [NEVER if d is None else k + d for k, d in zip(known, lag, strict=True)]
    return Timeline.of(
        Facts(
            np.array(codes, np.int64),
            np.array(known, np.int64),
            np.array(superseded, np.int64),
            np.array([[1, v] for v in values], np.int64).reshape(-1, 2),
            np.array([[True, f] for f in flags], bool).reshape(-1, 2),
        )
    )


def counted(facts: Rows, code: int, as_of: int, window: int) -> list[tuple[int, int, int, bool]]:
    """Facts that count, by the definition: known in [as_of - window, as_of), not yet corrected."""
    since = -np.inf if window == NEVER else as_of - window
    return [
        (row, known, value, flag)
        for row, (key, known, lag, value, flag) in enumerate(facts)
        if key == code and since <= known < as_of and (lag is None or known + lag >= as_of)
    ]


@given(st.lists(FACT, max_size=30), st.lists(QUESTION, min_size=1, max_size=8))
def test_sums_equal_brute_force(facts: Rows, questions: list[Asked]) -> None:
    codes, as_of = (np.array(column, np.int64) for column in zip(*questions, strict=True))
    found = windows.sums(timeline(facts), codes, as_of=as_of, windows=WINDOWS)
    for w, window in enumerate(WINDOWS):
        for q, (code, moment) in enumerate(questions):
            expected = counted(facts, code, moment, window)
            assert list(found[w, q]) == [len(expected), sum(v for _, _, v, _ in expected)]


@given(st.lists(FACT, max_size=30), st.lists(QUESTION, min_size=1, max_size=8))
def test_last_equals_brute_force(facts: Rows, questions: list[Asked]) -> None:
    line = timeline(facts)
    codes, as_of = (np.array(column, np.int64) for column in zip(*questions, strict=True))
    found = windows.last(line, codes, as_of=as_of)
    for q, (code, moment) in enumerate(questions):
        everything = counted(facts, code, moment, NEVER)
        for flag, chosen in enumerate((everything, [f for f in everything if f[3]])):
            latest = max((known for _, known, _, _ in chosen), default=None)
            position = found[flag, q]
            assert (None if position == NO_FACT else windows.known(line, position)) == latest


@given(st.lists(FACT, max_size=30), st.lists(FACT, max_size=10), st.lists(QUESTION, min_size=1))
def test_facts_known_later_change_nothing(
    facts: Rows, others: Rows, questions: list[Asked]
) -> None:
    codes, as_of = (np.array(column, np.int64) for column in zip(*questions, strict=True))
    late = [(key, known + 61, lag, value, flag) for key, known, lag, value, flag in others]
    before = windows.sums(timeline(facts), codes, as_of=as_of, windows=WINDOWS)
    after = windows.sums(timeline([*facts, *late]), codes, as_of=as_of, windows=WINDOWS)
    assert (before == after).all()


@given(st.lists(FACT, min_size=1, max_size=30), st.randoms())
def test_order_of_facts_is_irrelevant(facts: Rows, shuffler: Random) -> None:
    shuffled = shuffler.sample(facts, len(facts))
    codes, as_of = np.arange(5), np.full(5, 55)
    assert (
        windows.sums(timeline(facts), codes, as_of=as_of, windows=WINDOWS)
        == windows.sums(timeline(shuffled), codes, as_of=as_of, windows=WINDOWS)
    ).all()


@settings(max_examples=20)
@given(st.lists(FACT, min_size=1, max_size=30), st.integers(0, 2**32))
def test_sorted_bulk_equals_one_at_a_time(facts: Rows, seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes, as_of = (
        rng.integers(-2, 5, windows.SORT_FROM + 50),
        rng.integers(0, 60, windows.SORT_FROM + 50),
    )
    line = timeline(facts)
    bulk = windows.sums(line, codes, as_of=as_of, windows=WINDOWS)
    for q in rng.integers(0, len(codes), 20):
        alone = windows.sums(line, codes[q : q + 1], as_of=as_of[q : q + 1], windows=WINDOWS)
        assert (bulk[:, q] == alone[:, 0]).all()


@given(st.lists(FACT, min_size=1, max_size=30), QUESTION, st.sampled_from(list(WINDOWS)))
def test_behind_names_the_counted_facts_latest_first(
    facts: Rows, question: Asked, window: int
) -> None:
    found = list(_behind(facts, question, window))
    expected = counted(facts, *question, window)
    assert sorted(found) == sorted(row for row, _, _, _ in expected)
    known = [facts[row][1] for row in found]
    assert known == sorted(known, reverse=True)


def _behind(facts: Rows, question: Asked, window: int) -> windows.Positions:
    code, as_of = question
    return windows.behind(timeline(facts), code, as_of=as_of, window=int(window), limit=100)


def test_window_is_half_open() -> None:
    line = timeline([(0, 10, None, 1, True)])
    moments = np.array([10, 11, 17, 18])
    found = windows.sums(line, np.zeros(4, np.int64), as_of=moments, windows=np.array([7]))
    assert list(found[0, :, 0]) == [0, 1, 1, 0]


def test_too_many_keys_for_the_span_is_one_clear_error() -> None:
    facts = Facts(
        np.array([2**40]),
        np.array([0]),
        np.array([NEVER]),
        np.ones((1, 1), int),
        np.ones((1, 0), bool),
    )
    with pytest.raises(Invalid, match="split the facts by key"):
        Timeline.of(
            Facts(
                facts.codes.repeat(2),
                np.array([0, 2**40]),
                *(np.repeat(a, 2, axis=0) for a in (facts.superseded, facts.values, facts.flags)),
            )
        )


def test_sums_beyond_63_bits_are_one_clear_error() -> None:
    with pytest.raises(Invalid, match="coarser unit"):
        Timeline.of(
            Facts(
                np.zeros(2, np.int64),
                np.arange(2),
                np.full(2, NEVER),
                np.full((2, 1), 2**61),
                np.ones((2, 0), bool),
            )
        )
