from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from features import moments
from features.errors import Invalid

aware = st.datetimes(
    min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.timezones()
)
# The clock of New York shows half past one twice on that night.
ONCE = datetime(2024, 11, 3, 1, 30, tzinfo=ZoneInfo("America/New_York"))
AGAIN = ONCE.replace(fold=1)


@given(aware)
def test_milliseconds_are_the_last_whole_ones(moment: datetime) -> None:
    cut = moments.moment(moments.milliseconds(moment))
    assert cut <= moment < cut + moments.MILLISECOND
    assert cut.tzinfo is UTC


@given(st.integers(-(10**13), 10**14))
def test_a_moment_of_milliseconds_gives_them_back(ms: int) -> None:
    assert moments.milliseconds(moments.moment(ms)) == ms


def test_an_hour_that_the_clock_shows_twice_is_two_hours() -> None:
    assert moments.milliseconds(AGAIN) - moments.milliseconds(ONCE) == 3_600_000


@given(aware, aware)
@example(ONCE, AGAIN.replace(minute=20))
def test_cutting_never_shows_a_later_fact(known_at: datetime, as_of: datetime) -> None:
    visible = moments.milliseconds(known_at) < moments.milliseconds(as_of)
    # Python compares two moments of one zone by the clock on its wall, hence UTC.
    assert not (visible and known_at.astimezone(UTC) >= as_of.astimezone(UTC))


@given(aware, st.integers(0, 5_000_000))
@example(AGAIN, 1000)
def test_cutting_hides_only_facts_of_the_same_millisecond(known_at: datetime, us: int) -> None:
    as_of = known_at.astimezone(UTC) + timedelta(microseconds=us)  # a sum in a zone loses the fold
    visible = moments.milliseconds(known_at) < moments.milliseconds(as_of)
    assert visible or us < 1000


@pytest.mark.parametrize("text", ["2024-03-01T08:00", "2024-03-01", "20240301"])
def test_a_text_without_zone_is_refused_or_read_in_the_zone(text: str) -> None:
    with pytest.raises(Invalid, match=r"as_of 2024-03-01 0.:00 has no time zone; pass an aware"):
        moments.parse(text, "as_of")
    assert moments.parse(text, "as_of", zone=moments.CIVIL) == moments.start(text, "as_of")


@pytest.mark.parametrize("text", ["", "yesterday", "2024/03/01", "2024-02-30T00:00Z", "1709251200"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is not a moment; write 2024-03-01T08:00"):
        moments.parse(text, "as_of")


def test_a_moment_that_utc_cannot_tell_is_refused() -> None:
    last = datetime.max.replace(tzinfo=timezone(timedelta(hours=-8)))
    with pytest.raises(Invalid, match="out of range"):
        moments.milliseconds(last)


def test_a_bare_date_ends_with_its_day_in_shanghai() -> None:
    assert moments.end("2024-03-01", "until") == datetime(2024, 3, 1, 16, tzinfo=UTC)
    assert moments.start("2024-03-01", "since") == datetime(2024, 2, 29, 16, tzinfo=UTC)
    assert moments.end("2024-03-01T00:00Z", "until") == datetime(2024, 3, 1, tzinfo=UTC)
