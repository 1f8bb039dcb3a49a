import hashlib
import hmac
from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.inspection.draws import draw

DAY = draw.day_secret(b"agency", date(2024, 3, 1))
NEXT = draw.day_secret(b"agency", date(2024, 3, 2))
COUNT = 20_000
CHANCE = 1e-3  # how improbable chance alone would have to be; the numbers are fixed, as is the test
Numbers = npt.NDArray[np.float64]


def numbers(secret: bytes = DAY, name: str = "D{}") -> Numbers:
    return np.array([draw.draw(secret, name.format(i)) for i in range(COUNT)])


def inspectors(secret: bytes = DAY) -> Numbers:
    return np.array([draw.inspector(secret, f"D{i}") for i in range(COUNT)])


def test_anyone_can_recompute_the_draw_from_the_published_secret() -> None:
    digest = hmac.new(DAY, b"D1", hashlib.sha256).digest()
    expected = (int.from_bytes(digest[:8], "big") >> 11) / 2**53
    assert draw.draw(DAY, "D1") == expected
    assert draw.commitment(DAY) == hashlib.sha256(DAY).hexdigest()
    digest = hmac.new(DAY, b"inspector\xffD1", hashlib.sha256).digest()
    assert draw.inspector(DAY, "D1") == (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def test_the_draw_is_uniform() -> None:
    found = numbers()
    counts = np.histogram(found, bins=50, range=(0, 1))[0]
    chi_square = ((counts - 400) ** 2 / 400).sum()
    assert 0 <= found.min() < found.max() < 1
    assert 23 < chi_square < 86  # 49 degrees of freedom: 0.001 on either side


@pytest.mark.parametrize(
    "name",
    ["D{}", "{:018d}-1", "5301202403010000{:05d}-1", "申报{}", "D{}" + "x" * 120],
)
def test_ids_that_differ_in_a_digit_have_uniform_numbers(name: str) -> None:
    assert stats.kstest(numbers(name=name), "uniform").pvalue > CHANCE
    assert stats.kstest(np.diff(np.sort(numbers(name=name))) * COUNT, "expon").pvalue > CHANCE


def test_the_inspector_s_number_is_uniform() -> None:
    assert stats.kstest(inspectors(), "uniform").pvalue > CHANCE
    assert stats.chisquare(np.histogram(inspectors(), bins=50, range=(0, 1))[0]).pvalue > CHANCE


def independent(a: Numbers, b: Numbers) -> bool:
    """Whether pairs fall evenly into ten by ten cells, as those of independent numbers do."""
    cells = np.histogram2d(a, b, bins=10, range=((0, 1), (0, 1)))[0]
    pairs = stats.chisquare(cells.ravel()).pvalue
    return bool(pairs > CHANCE and stats.spearmanr(a, b).pvalue > CHANCE)


@pytest.mark.parametrize("apart", [1, 2, 10, 1000])
def test_a_line_s_number_tells_nothing_of_another_s(apart: int) -> None:
    found = numbers()
    assert independent(found[:-apart], found[apart:])


def test_a_day_tells_nothing_of_the_next() -> None:
    assert independent(numbers(DAY), numbers(NEXT))
    assert independent(inspectors(DAY), inspectors(NEXT))


def test_a_line_s_number_tells_nothing_of_its_inspector_s() -> None:
    assert independent(numbers(), inspectors())


def test_a_line_that_is_drawn_is_sent_anybody() -> None:
    rare = inspectors()[numbers() < 0.02]
    assert len(rare) > 300
    assert stats.kstest(rare, "uniform").pvalue > CHANCE


@given(st.text(min_size=1, max_size=60), st.integers(0, 59), st.integers(0, 6))
def test_one_bit_of_an_id_or_a_secret_changes_half_of_a_number_s(
    name: str, place: int, bit: int
) -> None:
    key = bytes([DAY[0] ^ 1 << bit, *DAY[1:]])
    other = name[: place % len(name)] + "\0" + name[place % len(name) + 1 :]
    before = round(draw.draw(DAY, name) * 2**53)
    after = [draw.draw(key, name), draw.inspector(DAY, name)]
    after += [draw.draw(DAY, other)] if other != name else []
    for number in after:
        changed = (before ^ round(number * 2**53)).bit_count()
        assert 5 < changed < 48  # of 53; outside one time in a hundred million


def test_on_average_half_of_the_bits_change() -> None:
    near = [(draw.draw(DAY, f"D{2 * i}"), draw.draw(DAY, f"D{2 * i + 1}")) for i in range(5_000)]
    changed = [(round(a * 2**53) ^ round(b * 2**53)).bit_count() for a, b in near]
    assert stats.ttest_1samp(changed, 53 / 2).pvalue > CHANCE


@given(st.text())
def test_no_id_has_the_number_that_draws_another_s_inspector(name: str) -> None:
    assert draw.INSPECTOR[-1:] not in name.encode(errors="surrogatepass")


def test_the_draw_depends_on_the_line_and_the_day_only() -> None:
    assert len({draw.draw(s, i) for s in (DAY, NEXT) for i in ("D1", "D2")}) == 4
    assert draw.day_secret(b"agency", date(2024, 3, 1)) == DAY


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    assert draw.day(datetime(2024, 3, 1, 15, 59, tzinfo=UTC)) == date(2024, 3, 1)
    assert draw.day(datetime(2024, 3, 1, 16, 0, tzinfo=UTC)) == date(2024, 3, 2)
