"""Allocate: a day's hours over its lines, so that the least harm slips through.

A line that is inspected with chance pi lets harm * (1 - pi) through and takes effort * pi hours.
To choose all chances between their floors and ceilings at once is a fractional knapsack, which
Dantzig (1957) solved: hours go to the lines that avert most harm per hour, to each up to its
ceiling, until they are spent. So one price and one share say it all; the online door needs no more.
The price is found by selection with weights, in time proportional to the number of lines.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.errors import Invalid

Amounts = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer]
LEAST = 1e-9
LEAST_FLOOR_SHARE = 0.1
SMALL = np.int16  # codes of ports in 16 bits are sorted in linear time


@dataclass(frozen=True)
class Allocation:
    """How lines share the hours.

    price: harm averted per hour from which a line is inspected with its ceiling; above zero.
    share: a line whose gain equals the price gets floor + share * (ceiling - floor), in [0, 1], so
    that many lines of one gain take just the hours that are left. floor_share: what every floor is
    cut to where they alone take more than the hours, in (0, 1].
    """

    price: float
    share: float
    floor_share: float


@dataclass(frozen=True)
class Lines:
    """n lines to share hours: gain per hour, hours if inspected, least and greatest chance.

    ``Invalid`` where lengths differ, a number is missing or infinite, a gain is negative, an effort
    is not above zero, or 0 < floor <= ceiling <= 1 does not hold.
    """

    gain: Amounts
    effort: Amounts
    floor: Amounts
    ceiling: Amounts

    def __post_init__(self) -> None:
        shapes = [each.shape for each in (self.gain, self.effort, self.floor, self.ceiling)]
        if len(set(shapes)) > 1 or len(shapes[0]) != 1:
            raise Invalid(f"gain, effort, floor, ceiling have shapes {shapes}; give one length")
        _check("gain", self.gain, fits=(self.gain >= 0) & (self.gain < np.inf))
        _check("effort", self.effort, fits=(self.effort > 0) & (self.effort < np.inf))
        _check("ceiling", self.ceiling, fits=(self.ceiling > 0) & (self.ceiling <= 1))
        _check("floor", self.floor, fits=(self.floor > 0) & (self.floor <= self.ceiling))


def allocate(lines: Lines, *, hours: float) -> Allocation:
    """Return what spends the hours where they avert most harm, in expectation.

    The hours are spent exactly, but for three cases. Where every line can have its ceiling, some
    are left. A line that averts nothing keeps its floor. Where even the floors take more, all are
    cut by one factor, though to no less than ``LEAST_FLOOR_SHARE``: no chance may become zero, or
    what is learned would be biased; only then are the hours exceeded. ``Invalid`` where hours are
    negative or no number.
    """
    _check("hours", np.array([hours]), fits=np.array([0 <= hours < np.inf]))
    least = float(lines.floor @ lines.effort)
    return _allocation(lines.gain, _extra(lines), least=least, hours=hours)


def allocate_by_port(lines: Lines, port_codes: Codes, *, hours: Amounts) -> list[Allocation]:
    """Return the allocation of each port; line i belongs to port ``port_codes[i]``.

    hours: of each port, so that a code is a position in them; ``Invalid`` where one is not. A port
    without lines has the price at which everything is inspected.
    """
    _check("hours", hours, fits=(hours >= 0) & (hours < np.inf))
    codes = _codes(port_codes, len(lines.gain), ports=len(hours))
    least = np.bincount(codes, weights=lines.floor * lines.effort, minlength=len(hours))
    ends = np.cumsum(np.bincount(codes, minlength=len(hours)))
    of_ports = np.split(np.argsort(codes, kind="stable"), ends[:-1])
    extra = _extra(lines)
    return [
        _allocation(lines.gain[rows], extra[rows], least=float(floors), hours=float(given))
        for rows, floors, given in zip(of_ports, least, hours, strict=True)
    ]


def probabilities(lines: Lines, allocation: Allocation) -> Amounts:
    """Return each line's chance of inspection under an allocation, (n,)."""
    floor = lines.floor * allocation.floor_share
    at_price = floor + allocation.share * (lines.ceiling - floor)
    below = np.where(lines.gain == allocation.price, at_price, floor)
    return np.where(lines.gain > allocation.price, lines.ceiling, below)


def _check(name: str, values: Amounts, *, fits: npt.NDArray[np.bool_]) -> None:
    if not fits.all():
        i = int(np.argmin(fits))
        raise Invalid(
            f"{name} {i} is {values[i]}; gains and hours are finite and not negative, an effort is "
            "above 0, and 0 < floor <= ceiling <= 1"
        )


def _codes(port_codes: Codes, count: int, *, ports: int) -> Codes:
    if port_codes.shape != (count,):
        raise Invalid(f"{count} lines have port codes of shape {port_codes.shape}; give one each")
    if count and not 0 <= port_codes.min() <= port_codes.max() < ports:
        told = f"{port_codes.min()} to {port_codes.max()}"
        raise Invalid(f"port codes are {told}, and hours has {ports} ports; codes count from 0")
    return port_codes.astype(SMALL) if ports <= np.iinfo(SMALL).max else port_codes


def _extra(lines: Lines) -> Amounts:
    """Return the hours that each line can take beyond its floor; none where it averts nothing."""
    return (lines.ceiling - lines.floor) * lines.effort * (lines.gain > 0)


def _allocation(gain: Amounts, extra: Amounts, *, least: float, hours: float) -> Allocation:
    """Return the allocation of lines; least: the hours that their floors take."""
    if least > hours:
        above_all = float(np.nextafter(gain.max(), np.inf))
        return Allocation(above_all, 0.0, max(LEAST_FLOOR_SHARE, hours / least))
    if least + float(extra.sum()) <= hours:
        positive = gain[gain > 0]
        return Allocation(min(LEAST, float(positive.min(initial=LEAST))), 1.0, 1.0)
    price, taken, tied = _select(gain, extra, room=hours - least)
    return Allocation(price, float(np.clip((hours - least - taken) / tied, 0, 1)), 1.0)


def _select(gain: Amounts, extra: Amounts, *, room: float) -> tuple[float, float, float]:
    """Return the gain at which lines, the greatest first, take more than the room.

    Also what lines above it take, and what lines at it take. Each round halves the lines that are
    left: the median is a pivot, and the sums on its two sides tell on which the room ends.
    """
    taken, found = 0.0, (LEAST, 0.0, 1.0)
    gain, extra = gain[extra > 0], extra[extra > 0]
    while len(gain):
        pivot = float(np.partition(gain, len(gain) // 2)[len(gain) // 2])
        above, level = gain > pivot, gain == pivot
        over, tied = float(extra[above].sum()), float(extra[level].sum())
        if taken + over > room:
            gain, extra = gain[above], extra[above]
            continue
        found = (pivot, taken + over, tied)
        if taken + over + tied > room:
            break
        taken += over + tied
        gain, extra = gain[gain < pivot], extra[gain < pivot]
    return found
