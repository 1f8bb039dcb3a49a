"""The clock of the command line: the one place there that knows the time; it is passed down."""

from datetime import UTC, datetime

from features import moments


def now() -> datetime:
    """Return the present moment, UTC."""
    return datetime.now(UTC)


def moment(text: str | None) -> datetime:
    """Return the moment a text names (a bare date: its end in Asia/Shanghai), or now."""
    return moments.end(text, "moment") if text else now()
