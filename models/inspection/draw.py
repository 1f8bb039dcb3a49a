"""The draw (双随机): a number for each line that nobody chooses and anybody can check afterwards.

The day's secret is derived from the agency's; its SHA-256 is published before the day, the secret
itself after it. The number of a line is HMAC-SHA256(day secret, declaration id) as a fraction.
"""

import hashlib
import hmac
import math
from datetime import date, datetime

from features.moments import CIVIL

BITS = 53  # what a double holds exactly


def day(as_of: datetime) -> date:
    """Return the civil day of a moment, in Asia/Shanghai: a draw belongs to it."""
    return as_of.astimezone(CIVIL).date()


def day_secret(secret: bytes, day: date) -> bytes:
    """Return the secret of one day; publishing it afterwards tells nothing of other days."""
    return hmac.digest(secret, day.isoformat().encode(), "sha256")


def commitment(day_secret: bytes) -> str:
    """Return what is published before the draw: the SHA-256 of the day's secret, in hexadecimal."""
    return hashlib.sha256(day_secret).hexdigest()


def draw(day_secret: bytes, declaration_id: str) -> float:
    """Return the line's number in [0, 1): it is inspected when that is below its probability."""
    digest = hmac.digest(day_secret, declaration_id.encode(), "sha256")
    return math.ldexp(int.from_bytes(digest[:8]) >> (64 - BITS), -BITS)
