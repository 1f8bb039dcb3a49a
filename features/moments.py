"""Moments: aware UTC datetimes at the doors, integer milliseconds inside.

Every stored moment is cut to the millisecond. Cutting can only make a fact that was learned within
the same millisecond as the question invisible to it, never show a later one.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from features.errors import Invalid

CIVIL = ZoneInfo("Asia/Shanghai")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
DAY_MS = 86_400_000


def milliseconds(moment: datetime) -> int:
    """Return whole milliseconds since 1970-01-01 UTC; the moment must be aware.

    >>> milliseconds(datetime(1970, 1, 2, tzinfo=UTC)) == DAY_MS
    True
    """
    return (aware(moment, "moment") - EPOCH) // MILLISECOND


def moment(ms: int) -> datetime:
    """Return the aware UTC datetime of whole milliseconds since 1970."""
    return EPOCH + ms * MILLISECOND


def civil_day(moment: datetime) -> date:
    """Return the day of a moment in Asia/Shanghai.

    >>> civil_day(datetime(2024, 3, 1, 16, tzinfo=UTC))
    datetime.date(2024, 3, 2)
    """
    return moment.astimezone(CIVIL).date()


def aware(moment: datetime, name: str) -> datetime:
    """Return the moment in UTC; ``Invalid`` when it has no time zone."""
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise Invalid(
            f"{name} {moment:%Y-%m-%d %H:%M} has no time zone; pass an aware datetime, "
            f"for example {moment:%Y-%m-%dT%H:%M}+08:00"
        )
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Invalid(
            f"{name} {moment.isoformat()} is out of range; give years 1 to 9999"
        ) from None


def parse(text: str, name: str, *, zone: tzinfo | None = None) -> datetime:
    """Return the aware UTC moment that an ISO 8601 text names.

    A text without a zone is read in ``zone``; without that it is ``Invalid``.

    >>> parse("2024-03-01T08:00+08:00", "as_of")
    datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(f"{name} {text!r} is not a moment; write 2024-03-01T08:00+08:00") from None
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=zone)
    return aware(moment, name)


def start(text: str, name: str, *, zone: tzinfo = CIVIL) -> datetime:
    """Return where a period begins: a bare date begins at midnight, in Asia/Shanghai by default."""
    return parse(text, name, zone=zone)


def end(text: str, name: str, *, zone: tzinfo = CIVIL) -> datetime:
    """Return where a period ends (exclusive): a bare date includes that whole day.

    >>> end("2024-03-01", "until") == parse("2024-03-02T00:00+08:00", "until")
    True
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return start(text, name, zone=zone)
    if day == date.max:
        raise Invalid(f"{name} {text!r} has no day after it; give an earlier one")
    return aware(datetime.combine(day + timedelta(days=1), time(), zone), name)
