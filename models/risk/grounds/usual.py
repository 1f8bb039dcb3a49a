"""Usual: what is normal for such goods, which a reason compares with. It is defined here alone.

- Of a count over a window it is what the same goods or firms had in the two years before that
  window, or as far back as facts of this kind go, scaled to its length (``times``).
- Of a failure rate it is the rate of the coarser goods that it leans on, over the same window: for
  such goods those of their chapter, for a firm or an origin all goods (``rate``).
- Of a declared value it is the mean of such goods over the last year (``value``), of a price their
  geometric mean (``price``).
- Of a price as such, whatever the goods, and of the time since something happened it is the median
  over the training lines (``declared``, ``since``).

Nothing is compared where the usual is unknown or rests on too little, and nothing is said of a
difference below a fifth, which nobody would call unusual.
"""

import math
from dataclasses import dataclass

from features.aggregates import Aggregate
from features.evidence import Asked
from features.keys import Key
from models.risk.grounds.case import Case
from models.risk.grounds.words import NOTHING, Words, length, subject
from models.wording import percent

BEFORE = 730  # days before a window, from which one knows what is usual
SHORTEST = 90  # days before it, with fewer nothing is known
NOTABLE = 1.2
FEW = 3  # facts, with fewer no ratio is told but how many there were
FEWEST = 20  # inspections or declarations that a rate or a mean needs to be called usual
SUCH, YEAR = ("hs4",), 365
MANY, LEAST = 100, 0.1  # times, beyond which only that is told
WHOLE = 3  # times, from which no tenths are told


@dataclass(frozen=True)
class Past:
    """A count over a window (days), and over so many days before it; ``None`` if unknown."""

    now: int
    window: int | None
    before: int | None = None
    days: float = 0.0


def past(case: Case, aggregate: Aggregate) -> Past:
    """Return what an aggregate counts, with what there was before; zero of what nobody knows."""
    window = aggregate.window
    windows = [window] if window is None else [window, window + BEFORE]
    told = case.tally(Asked(aggregate.kind, [aggregate.key], windows, [aggregate.measure]))
    now = max(int(told[0, 0, 0]), 0)
    if window is None:
        return Past(now, window)
    days = min(BEFORE, case.history(aggregate.kind) - window)
    known = days >= max(SHORTEST, window)
    return Past(now, window, int(told[0, 1, 0]) - now if known else None, days)


def times(count: Past, *, unit: str) -> Words:
    """Return how a count compares with the time before its window.

    unit: the word by which the facts are counted in Chinese.
    """
    if not count.now or count.before is None or count.window is None:
        return NOTHING
    earlier, before = count.before, length(count.days)
    if earlier <= 0:
        return Words(f"，此前{before.zh}没有", f", none in the {before.en} before")
    ratio = count.now / (earlier * count.window / count.days)
    if ratio < NOTABLE:
        return NOTHING
    if min(count.now, earlier) < FEW:
        zh = f"，此前{before.zh}共{earlier:,}{unit}"
        return Words(zh, f", {earlier:,} in the {before.en} before")
    told = multiple(ratio)
    return Words(f"，为平时的{told.zh}", f", {told.en} the usual")


def rate(share: float, *, failed: int, number: int, of: Key) -> Words:
    """Return what fails of coarser goods, where it is less than a share."""
    if number < FEWEST or share * number < NOTABLE * failed:
        return NOTHING
    usual, goods = percent(failed / number), subject(of)
    return Words(f"；{goods.zh}不合格率为{usual}", f"; {usual} for {goods.en}")


def value(case: Case, fen: float) -> Words:
    """Return how a declared value compares with the mean of goods of the same heading."""
    asked = Asked("declaration", [SUCH], [YEAR], ["value_fen", None])
    total, lines = (int(n) for n in case.tally(asked)[0, 0])
    if lines < FEWEST or total <= 0 or fen <= 0:
        return NOTHING
    ratio = fen / (total / lines)
    if 1 / NOTABLE < ratio < NOTABLE:
        return NOTHING
    told, of = multiple(ratio), subject(SUCH)
    return Words(f"，为{of.zh}近一年平均的{told.zh}", f", {told.en} the mean of {of.en} last year")


def price(deviation: float | None, *, of: Key) -> Words:
    """Return how a price compares with that of goods, from the logarithm of their ratio."""
    goods = subject(of)
    if deviation is None:
        zh = f"，近一年没有{goods.zh}可比"
        return Words(zh, f"; no {goods.en} were declared last year to compare")
    ratio = math.exp(deviation)
    if 1 / NOTABLE < ratio < NOTABLE:
        return Words(f"，与{goods.zh}通常的相当", f", about as usual for {goods.en}")
    told = multiple(ratio)
    return Words(f"，为{goods.zh}通常的{told.zh}", f", {told.en} the usual for {goods.en}")


def declared(case: Case, name: str, *, number: float | None) -> Words:
    """Return how a declared amount compares with all goods, from its logarithm."""
    usual = case.typical.get(name)
    if usual is None or number is None or abs(number - usual) < math.log(NOTABLE):
        return NOTHING
    told = multiple(math.exp(number - usual))
    return Words(f"，为各类商品中位数的{told.zh}", f", {told.en} the median of all goods")


def since(case: Case, name: str, *, days: float) -> Words:
    """Return how long ago it usually was on the lines that the model was trained on."""
    usual = case.typical.get(name)
    if usual is None or usual <= 0 or 1 / NOTABLE < days / usual < NOTABLE:
        return NOTHING
    told = length(usual)
    return NOTHING if told == length(days) else Words(f"，一般为{told.zh}", f", usually {told.en}")


def multiple(ratio: float) -> Words:
    """Return a ratio as a multiple, as exact as one would say it.

    >>> multiple(4.06), multiple(1.48).zh, multiple(0.32).en
    (Words(zh='4倍', en='4 times'), '1.5倍', '0.3 times')
    >>> multiple(1000).zh, multiple(0.004).en
    ('100倍以上', 'under 0.1 times')
    """
    if ratio > MANY:
        return Words(f"{MANY}倍以上", f"over {MANY} times")
    if ratio < LEAST:
        return Words("不到0.1倍", "under 0.1 times")
    told = f"{ratio:.0f}" if ratio >= WHOLE else f"{ratio:.1f}".removesuffix(".0")
    return Words(f"{told}倍", f"{told} times")
