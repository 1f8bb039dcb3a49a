"""The counts of the queue equal counting by hand."""

from collections import Counter
from datetime import timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from features.moments import CIVIL
from serving.console import queries
from serving.console.board import LANES, LEVELS
from serving.console.queries import Wanted
from tests.serving.world import NOW

ROWS = st.lists(
    st.tuples(
        st.integers(0, 20 * 24 * 60),
        st.sampled_from(LEVELS),
        st.sampled_from(LANES),
        st.sampled_from(("A", "B", None)),
        st.floats(0, 1),
    ),
    max_size=30,
)


def board(rows: list[tuple[int, str, str, str | None, float]]) -> pd.DataFrame:
    """A board of decisions so many minutes ago, as ``Board`` keeps it."""
    ago, levels, lanes, ports, likelihoods = zip(*rows, strict=True) if rows else ([],) * 5
    decided_at = [NOW - timedelta(minutes=minutes) for minutes in ago]
    return pd.DataFrame(
        {
            "decided_at": pd.Series(decided_at, dtype="datetime64[ms, UTC]"),
            "level": pd.Categorical(levels, LEVELS, ordered=True),
            "lane": pd.Categorical(lanes, LANES, ordered=True),
            "port": pd.Series(list(ports), dtype="str"),
            "likelihood": pd.Series(list(likelihoods), dtype=float),
        }
    )


@given(rows=ROWS)
def test_days_and_levels_are_counted(rows: list[tuple[int, str, str, str | None, float]]) -> None:
    told = queries.by_day(board(rows), now=NOW)
    days = [(NOW - timedelta(minutes=ago)).astimezone(CIVIL).date() for ago, *_ in rows]
    first = NOW.astimezone(CIVIL).date() - timedelta(days=13)
    expected = Counter(
        (f"{day:%m-%d}", row[1]) for day, row in zip(days, rows, strict=True) if day >= first
    )
    assert len(told) == 14 * 4
    counted = {(d, level): n for d, level, n in told.itertuples(index=False) if n}
    assert counted == dict(expected)


@given(rows=ROWS, level=st.sampled_from(("", *LEVELS)), port=st.sampled_from(("", "A")))
def test_the_riskiest_come_first(
    rows: list[tuple[int, str, str, str | None, float]], level: str, port: str
) -> None:
    wishes = Wanted(level=level, port=port, order="risk")
    found = queries.matching(board(rows), wishes, now=NOW)
    shown = queries.ordered(found, wishes)
    wanted = [row for row in rows if level in ("", row[1]) and port in ("", row[3])]
    graded = sorted(((LEVELS.index(row[1]), row[4]) for row in wanted), reverse=True)
    levels, chances = shown["level"].cat.codes, shown["likelihood"]
    assert list(zip(levels, chances, strict=True)) == graded[: queries.PAGE]
    assert sum(queries.counts(found).values()) == sum(port in ("", row[3]) for row in rows)
