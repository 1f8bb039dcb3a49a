import hashlib
import hmac
from datetime import UTC, date, datetime

import numpy as np

from models.inspection import draw

DAY = draw.day_secret(b"agency", date(2024, 3, 1))


def test_anyone_can_recompute_the_draw_from_the_published_secret() -> None:
    digest = hmac.new(DAY, b"D1", hashlib.sha256).digest()
    expected = (int.from_bytes(digest[:8], "big") >> 11) / 2**53
    assert draw.draw(DAY, "D1") == expected
    assert draw.commitment(DAY) == hashlib.sha256(DAY).hexdigest()


def test_the_draw_is_uniform() -> None:
    numbers = [draw.draw(DAY, f"D{i}") for i in range(20_000)]
    counts = np.histogram(numbers, bins=50, range=(0, 1))[0]
    chi_square = ((counts - 400) ** 2 / 400).sum()
    assert 0 <= min(numbers) < max(numbers) < 1
    assert 23 < chi_square < 86  # 49 degrees of freedom: 0.001 on either side


def test_the_draw_depends_on_the_line_and_the_day_only() -> None:
    other = draw.day_secret(b"agency", date(2024, 3, 2))
    assert len({draw.draw(s, i) for s in (DAY, other) for i in ("D1", "D2")}) == 4
    assert draw.day_secret(b"agency", date(2024, 3, 1)) == DAY


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    assert draw.day(datetime(2024, 3, 1, 15, 59, tzinfo=UTC)) == date(2024, 3, 1)
    assert draw.day(datetime(2024, 3, 1, 16, 0, tzinfo=UTC)) == date(2024, 3, 2)
