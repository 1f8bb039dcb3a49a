"""Samples: how many units of each consignment to draw, so that least is expected to slip through.

What n units of a consignment leak is convex in n (``leakage``, beside this file), so each further
unit averts less than the one before. Giving the units one by one to where the next averts most is
then optimal (Fox 1966). It ends at one price of a unit, below which none is worth drawing. That
price is found by halving, and each size at a price likewise, so that no unit is given by itself.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from features.errors import Invalid
from models.inspection.allocation.leakage import averted

Amounts = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
ENDLESS = 1e15  # units of a consignment, more than which are not told apart
AT_ONCE = 512  # sizes that take hardly longer to weigh than one


@dataclass(frozen=True)
class Consignments:
    """n consignments to sample from.

    a, b: of the Beta of the infested share. size: units of each, also a fraction. weight: harm of
    an infested unit that slips through. least, most: units that are drawn at least and at most;
    never more than there are whole ones. ``Invalid`` where lengths differ, a number is missing,
    infinite or not above zero, or least is negative or more than can be drawn.
    """

    a: Amounts
    b: Amounts
    size: Amounts
    weight: Amounts
    least: Counts
    most: Counts

    def __post_init__(self) -> None:
        shapes = {each.shape for each in vars(self).values()}
        if len(shapes) > 1 or len(self.a.shape) != 1:
            raise Invalid(f"the columns of consignments have the shapes {shapes}; give one length")
        for name in ("a", "b", "size", "weight"):
            values = getattr(self, name)
            _check(name, values, fits=(values > 0) & (values < np.inf), wanted="above 0")
        _check("least", self.least, fits=self.least >= 0, wanted="0 or more")
        _check("least", self.least, fits=self.least <= self.limit, wanted="within size and most")

    @property
    def limit(self) -> Counts:
        """The most units that can be drawn of each: ``most``, or all whole ones there are."""
        whole: Counts = np.floor(np.minimum(self.size, ENDLESS)).astype(np.int64)
        return np.minimum(self.most, whole)


@dataclass(frozen=True)
class Samples:
    """Units to draw of each consignment, and the price: the harm that a unit must avert."""

    sizes: Counts
    price: float


def sample(consignments: Consignments, *, units: int) -> Samples:
    """Return the sizes that leak least in all; no others with as many units leak less.

    All units are given, but where every consignment has the most it can have. ``sizes_at`` the
    price gives the same sizes, and also the units that avert just the price and found no place.
    ``Invalid`` where the least sizes take more than the units.
    """
    least, limit = consignments.least.astype(np.int64), consignments.limit
    if least.sum() > units:
        raise Invalid(
            f"the least sizes take {least.sum():,} units of {units:,}; lower them or give more"
        )
    found = _Bracket(least, limit, *_ends(consignments, least, limit=limit))
    if limit.sum() <= units:
        return Samples(limit, found.low)
    while found.fewer.sum() < units and np.nextafter(found.low, np.inf) < found.high:
        found = _halved(consignments, found, units=units)
    left = units - int(found.fewer.sum())
    if not left:
        return Samples(found.fewer, found.high)
    tied = found.more - found.fewer
    given = np.clip(left - (np.cumsum(tied) - tied), 0, tied)
    return Samples(found.fewer + given, found.low)


def sizes_at(consignments: Consignments, *, price: float) -> Counts:
    """Return the size of each at a published price: all units that avert as much or more.

    Within the least and the most of each. ``Invalid`` where the price is negative or no number.
    """
    if not 0 <= price < np.inf:
        raise Invalid(f"the price of a unit is {price}; give the harm it must avert, 0 or more")
    least = consignments.least.astype(np.int64)
    return _sizes(consignments, least, most=consignments.limit, price=price)


@dataclass(frozen=True)
class _Bracket:
    """The sizes at two prices, between which the wanted ones lie: fewer units at the high one."""

    fewer: Counts
    more: Counts
    low: float
    high: float


def _ends(consignments: Consignments, least: Counts, *, limit: Counts) -> tuple[float, float]:
    """Return a price at which all have the most units, and one at which all have the least."""
    rows = np.flatnonzero(limit > least)
    if not len(rows):
        return 0.0, 0.0
    last = _averted(consignments, rows, n=limit[rows])
    first = _averted(consignments, rows, n=least[rows] + 1)
    return float(last.min()), float(np.nextafter(first.max(), np.inf))


def _halved(consignments: Consignments, found: _Bracket, *, units: int) -> _Bracket:
    """Return the half of a bracket that holds the units; prices are halved by their digits.

    Positive floats have the order of the integers with the same bits, so the middle of those is
    reached from any range in at most 63 steps.
    """
    bits = np.array([found.low, found.high]).view(np.int64)
    middle = float((bits[:1] + (bits[1:] - bits[:1]) // 2).view(np.float64)[0])
    sizes = _sizes(consignments, found.fewer, most=found.more, price=middle)
    if sizes.sum() <= units:
        return replace(found, fewer=sizes, high=middle)
    return replace(found, more=sizes, low=middle)


def _sizes(consignments: Consignments, least: Counts, *, most: Counts, price: float) -> Counts:
    """Return the largest sizes whose last unit averts the price or more, between two bounds.

    Each round cuts what is left of every range into parts: two where lines are many, and more where
    they are few and a round would cost the same.
    """
    sizes, rows = least.copy(), np.flatnonzero(least < most)
    low, high = least[rows], most[rows]
    while len(rows):
        parts = max(2, AT_ONCE // len(rows))
        steps = -((low - high)[:, None] * np.arange(1, parts) // parts)
        tried = np.column_stack([low, low[:, None] + steps, high + 1])
        worth = _averted(consignments, rows, n=tried[:, 1:-1]) >= price
        last = np.where(worth.all(axis=1), parts - 1, worth.argmin(axis=1))[:, None]
        low = np.take_along_axis(tried, last, axis=1)[:, 0]
        high = np.take_along_axis(tried, last + 1, axis=1)[:, 0] - 1
        sizes[rows] = low
        going = low < high
        rows, low, high = rows[going], low[going], high[going]
    return sizes


def _averted(consignments: Consignments, rows: npt.NDArray[np.intp], *, n: Counts) -> Amounts:
    """Return the harm that the n-th units of some consignments avert; a row for each of them."""
    told = (consignments.a, consignments.b, consignments.size, consignments.weight)
    a, b, size, weight = (column[rows].reshape(-1, *[1] * (n.ndim - 1)) for column in told)
    return weight * averted(a, b, n=n.astype(float), size=size)


def _check(
    name: str, values: npt.NDArray[np.number], *, fits: npt.NDArray[np.bool_], wanted: str
) -> None:
    if not fits.all():
        i = int(np.argmin(fits))
        raise Invalid(f"{name} of consignment {i} is {values[i]}; it must be {wanted}")
