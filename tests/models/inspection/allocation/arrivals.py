"""Arrivals: simulated months of ports whose lines come unevenly, and days steered through them.

Days differ by the day of the week, and one in six brings half or twice as many lines without
warning. Within a day hours differ by chance, and on some days a ship's lines come in one hour.
Gains tie heavily, as calibrated likelihoods do, and drift within the month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from features.spent import Spent
from models.inspection.allocation.allocate import Allocation, Lines, allocate, probabilities
from models.inspection.allocation.steer import Day, curve, owed, profile, steer

Amounts = npt.NDArray[np.float64]
PAST, MONTH = 28, 30
VOLUME = np.array([1.0, 1.1, 1.05, 1.0, 1.15, 0.5, 0.3])  # of lines, from Monday on
STAFF = (1.0, 1.0, 1.0, 1.0, 1.0, 0.6, 0.4)  # of hours
SURPRISE, LIKELY = (0.5, 1.0, 2.0), (0.1, 0.83, 0.07)
OPEN = 8
HOURLY = np.array([0.5, 0.9, 1.3, 1.2, 0.6, 0.9, 1.3, 1.4, 1.2, 0.9, 0.5, 0.3])
SHIP, OF_SHIP = 0.3, 0.3  # how often one comes, and how many lines it adds, of a day's
POINTS = 64
STEPS = np.linspace(-6, 1, 29)  # of log-odds, at which the likelihood rises
HARM, SEVERITY = np.array([1.0, 3.0, 10.0, 30.0]), (0.5, 0.3, 0.15, 0.05)
EFFORT, FLOOR = np.array([1.0, 2.0, 4.0]), np.array([0.02, 0.04, 0.15])  # by level


@dataclass(frozen=True)
class Port:
    """Hours of inspection on a working day, and how many lines a day brings on average."""

    hours: float
    lines: int

    def capacity(self, number: int) -> float:
        """Hours of one day."""
        return self.hours * STAFF[number % 7]


@dataclass(frozen=True)
class Came:
    """The lines of one day in the order of coming, and the moment of each in hours."""

    lines: Lines
    moment: Amounts

    @cached_property
    def hour(self) -> npt.NDArray[np.int64]:
        return self.moment.astype(np.int64)

    @cached_property
    def harm(self) -> Amounts:
        """Harm that inspecting each line averts."""
        return self.lines.gain * self.lines.effort


@dataclass(frozen=True)
class Worked:
    """What became of a day's lines: the hours there were, each line's chance, the drawn ones."""

    came: Came
    capacity: float
    chance: Amounts
    drawn: npt.NDArray[np.bool_]

    @property
    def hours(self) -> float:
        """Hours of the drawn lines."""
        return float(self.came.lines.effort @ self.drawn)

    @property
    def averted(self) -> float:
        """Harm that is averted on average."""
        return float(self.came.harm @ self.chance)

    def by_hour(self, amounts: Amounts) -> Amounts:
        """Return the sum of an amount of each line by the hour of the day."""
        summed: Amounts = np.bincount(self.came.hour, amounts, minlength=24).astype(float)
        return summed


def days(port: Port, rng: np.random.Generator) -> list[Came]:
    """Return four weeks that a plan knows, and the month after them."""
    return [_day(port, number, rng=rng) for number in range(PAST + MONTH)]


def _day(port: Port, number: int, *, rng: np.random.Generator) -> Came:
    volume = port.lines * VOLUME[number % 7] / VOLUME.mean() * rng.choice(SURPRISE, p=LIKELY)
    hourly = HOURLY * rng.gamma(4.0, 1 / 4.0, len(HOURLY))
    hourly *= volume / hourly.sum()
    if rng.random() < SHIP:
        hourly[rng.integers(len(hourly))] += OF_SHIP * volume
    hour = np.repeat(np.arange(OPEN, OPEN + len(hourly)), rng.poisson(hourly))
    return Came(_lines(len(hour), number, rng=rng), np.sort(hour + rng.random(len(hour))))


def _lines(count: int, number: int, *, rng: np.random.Generator) -> Lines:
    """Return lines whose likelihood has 30 values, as isotonic calibration makes them."""
    drift = 0.5 * np.sin(2 * np.pi * number / 45)
    step = np.digitize(rng.normal(-3.5 + drift, 1.2, count), STEPS)
    harm = HARM[rng.choice(4, count, p=SEVERITY)] / (1 + np.exp(6.2 - step / 4))
    level = np.digitize(harm, (0.1, 0.6))
    effort, floor = EFFORT[level], FLOOR[level]
    return Lines(gain=harm / effort, effort=effort, floor=floor, ceiling=np.ones(count))


def joined(came: Sequence[Came]) -> Lines:
    """Return the lines of several days as one."""
    columns = ("gain", "effort", "floor", "ceiling")
    return Lines(*(np.concatenate([getattr(c.lines, name) for c in came]) for name in columns))


def planned(past: Sequence[Came], hours: float) -> Day:
    """Return the plan of a day: with as many lines as on the same day of each week before."""
    same = past[::7]
    return Day(
        hours=hours,
        expected_lines=sum(len(c.moment) for c in same) / len(same),
        curve=curve(joined(past), points=POINTS),
        profile=profile(np.concatenate([c.hour for c in past])),
    )


def steered(day: Day, came: Came, *, capacity: float, rng: np.random.Generator) -> Worked:
    """Decide a day's lines as they come, each at the price of its moment."""
    spent, number = Spent(), rng.random(len(came.moment))
    chance = np.empty(len(number))
    columns = (came.lines.gain, came.lines.effort, came.lines.floor, came.moment)
    told = zip(*(column.tolist() for column in columns), strict=True)
    for i, (gain, effort, floor, moment) in enumerate(told):
        now = steer(day, spent, hour=moment)
        chance[i] = _chance(gain, floor, now=now.allocation)
        hours, expected = effort * bool(number[i] < chance[i]), effort * float(chance[i])
        spent = Spent(
            i + 1, spent.hours + hours, spent.expected + expected, spent.asked + now.asked
        )
    return Worked(came, capacity, chance, number < chance)


def _chance(gain: float, floor: float, *, now: Allocation) -> float:
    """Return the chance of one line; ``probabilities`` without its arrays."""
    if gain > now.price:
        return 1.0
    least = floor * now.floor_share
    return least + now.share * (1.0 - least) if gain == now.price else least


def month(port: Port, came: Sequence[Came], *, rng: np.random.Generator) -> list[Worked]:
    """Return the month's days, each planned from the four weeks before it, and steered."""
    worked: list[Worked] = []
    for number in range(PAST, PAST + MONTH):
        capacity = port.capacity(number)
        balance = sum(one.capacity - one.hours for one in worked)
        day = planned(came[number - PAST : number], owed(capacity, balance=balance))
        worked.append(steered(day, came[number], capacity=capacity, rng=rng))
    return worked


def fixed(
    port: Port, came: Sequence[Came], *, spend: float, rng: np.random.Generator
) -> list[Worked]:
    """Return the month's days at the price of each morning, until the hours are gone.

    spend: how many times the hours the price would spend on a day like the past.
    """
    worked = []
    for number in range(PAST, PAST + MONTH):
        past, day = range(number - PAST, number), came[number]
        hours = spend * sum(port.capacity(n) for n in past)
        chance = probabilities(day.lines, allocate(joined([came[n] for n in past]), hours=hours))
        drawn = rng.random(len(chance)) < chance
        before = np.cumsum(drawn * day.lines.effort) - drawn * day.lines.effort
        left = before < port.capacity(number)
        worked.append(Worked(day, port.capacity(number), chance * left, drawn & left))
    return worked
