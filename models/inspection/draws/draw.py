"""The draw (双随机): a number for each line that nobody chooses and anybody can check afterwards.

The day's secret is derived from the agency's; its SHA-256 is published before the day, the secret
itself after it. The number of a line is HMAC-SHA256(day secret, declaration id) as a fraction. The
number that draws its inspector is that of the same id behind ``INSPECTOR``: the two tell nothing of
each other, and neither depends on the moment, which whoever sends a line chooses.
"""

import hashlib
import hmac
import math
from datetime import date, datetime

from features import moments

BITS = 53  # what a double holds exactly
# Before the id of a line whose inspector is drawn. An id is UTF-8, where the byte ff never occurs:
# no line can be given an id that begins like this, and so have another line's number.
INSPECTOR = b"inspector\xff"
ITEM = b"item\xff"  # before the id of a line and a hazard whose test is in rotation


def day(as_of: datetime) -> date:
    """Return the civil day of a moment, in Asia/Shanghai: a draw belongs to it."""
    return moments.civil_day(as_of)


def day_secret(secret: bytes, day: date) -> bytes:
    """Return the secret of one day; publishing it afterwards tells nothing of other days."""
    return hmac.digest(secret, day.isoformat().encode(), "sha256")


def commitment(day_secret: bytes) -> str:
    """Return what is published before the draw: the SHA-256 of the day's secret, in hexadecimal."""
    return hashlib.sha256(day_secret).hexdigest()


def draw(day_secret: bytes, declaration_id: str) -> float:
    """Return the line's number in [0, 1): it is inspected when that is below its probability."""
    return _fraction(hmac.digest(day_secret, declaration_id.encode(), "sha256"))


def inspector(day_secret: bytes, declaration_id: str) -> float:
    """Return the number in [0, 1) that draws who inspects the line; see ``inspectors.drawn``."""
    return _fraction(hmac.digest(day_secret, INSPECTOR + declaration_id.encode(), "sha256"))


def item(day_secret: bytes, declaration_id: str, *, hazard: str) -> float:
    """Return the number in [0, 1) that says whether a test in rotation is run on the line."""
    told = ITEM + declaration_id.encode() + b"\xff" + hazard.encode()
    return _fraction(hmac.digest(day_secret, told, "sha256"))


def _fraction(digest: bytes) -> float:
    return math.ldexp(int.from_bytes(digest[:8]) >> (64 - BITS), -BITS)
