"""Freshness: has a feed fallen silent, or does it bring less than it used to?

Facts come in bursts, by day and week, so the time since the last one is compared with the feed's
own pauses, never with a Poisson process. A feed is called silent when the pause is half as long
again as every pause of the year before and longer than chance explains; it is called thin when a
period brought less than each of the two before, more so than any feed's periods did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from features import moments
from features.plans import Numbers
from models.monitoring import ranks
from models.monitoring.ranks import BACK, LEAST, Rank
from models.splits import Period

ALPHA = 0.05  # the chance that any feed is called silent though none is
FEWEST = 10  # pauses, to say what is usual
REFERENCE = pd.Timedelta(days=365)  # pauses that count, before the last fact; all where few
ENOUGH = 300
LONGEST = 20  # pauses at most that say how long pauses go
MOSTLY = 0.75  # of the time is spent in them at most
MARGIN = 1.5  # times the longest pause: cheap for a busy feed, and a rare one's is soon surpassed
SHAPE = 0.2  # of the tail of pauses: 0 would be exponential, and alarm too often for bursts
DAY = 86_400.0
COUNTED = 0.4  # spread of the square root of a count that chance alone makes


@dataclass(frozen=True)
class Feed:
    """One feed: how many facts ever, when the last came, and how long it has been silent.

    silent: days since the last fact. longest: the longest pause before. bound: days of silence
    from which it alarms, NaN where too few facts came to say.
    """

    name: str
    facts: int
    last_at: datetime
    silent: float
    longest: float
    bound: float

    @property
    def is_silent(self) -> bool:
        """Whether the feed is silent for longer than it ever was, and than chance explains."""
        return self.silent > self.bound


@dataclass(frozen=True)
class Thinning:
    """How many facts each feed brought in each period, (periods, feeds), and who brought less."""

    names: tuple[str, ...]
    days: int
    counts: Numbers
    rank: Rank | None

    @property
    def thin(self) -> list[str]:
        """The feeds that brought less than before; none where too few periods are there to say."""
        if self.rank is None:
            return []
        return [n for n, is_thin in zip(self.names, self.rank.named, strict=True) if is_thin]


def feeds(arrivals: Mapping[str, pd.Series], *, as_of: datetime) -> list[Feed]:
    """Return how silent each feed is, the most silent for its kind first.

    arrivals: for each feed the moments at which its facts were learned, all before ``as_of``. Feeds
    without facts, and those silent for more than a year (retired), are left out. The chance that
    any feed alarms though all go on as before is 5 %, Bonferroni's share for each. Measured for one
    feed whose share is 0.3 %: at most 0.2 % where facts come by chance, in bursts, in office hours
    or at a wandering pace; up to 0.7 % where pauses are log-normal of shape 1, 3 % of shape 1.5.
    """
    moment = pd.Timestamp(as_of)
    told = {n: t.sort_values() for n, t in arrivals.items() if len(t)}
    living = {n: t for n, t in told.items() if moment - t.iloc[-1] <= REFERENCE}
    level = ALPHA / max(1, len(living))
    made = [_feed(n, t, moment=moment, level=level) for n, t in living.items()]
    return sorted(made, key=lambda f: -f.silent / f.bound if f.bound == f.bound else 0.0)


def thinning(arrivals: Mapping[str, pd.Series], *, periods: Sequence[Period]) -> Thinning:
    """Return how many facts each feed brought by period, and which brought less in the last.

    Counts are compared by their square roots, whose chance variation does not depend on their size
    (Anscombe 1948); the chance of a false alarm is that of ``ranks.rank``.
    """
    names = tuple(arrivals)
    counts = np.empty((len(periods), len(names)))
    for column, at in enumerate(arrivals.values()):
        counts[:, column] = _counted(at, periods)
    days = round((periods[0].end - periods[0].start).total_seconds() / DAY) if periods else 0
    if len(periods) < LEAST + BACK or not names:
        return Thinning(names, days, counts, None)
    roots, n = np.sqrt(counts + 3 / 8), len(periods)
    least = np.min([roots[BACK - k : n - k] for k in range(1, BACK + 1)], axis=0)
    return Thinning(names, days, counts, ranks.rank(least - roots[BACK:], floor=COUNTED))


def _counted(at: pd.Series, periods: Sequence[Period]) -> Numbers:
    """Return how many moments lie in each period."""
    told = np.sort(at.dt.as_unit("ms").astype("int64").to_numpy())
    ends = [[moments.milliseconds(end) for end in (p.start, p.end)] for p in periods]
    places = np.searchsorted(told, np.array(ends, np.int64).reshape(-1, 2))
    counts: Numbers = (places[:, 1] - places[:, 0]).astype(float)
    return counts


def _feed(name: str, at: pd.Series, *, moment: pd.Timestamp, level: float) -> Feed:
    last = at.iloc[-1]
    pauses = _pauses(at)
    return Feed(
        name=name,
        facts=len(at),
        last_at=last.to_pydatetime(),
        silent=(moment - last).total_seconds() / DAY,
        longest=float(pauses.max(initial=0.0)),
        bound=bound(pauses, level=level),
    )


def _pauses(at: pd.Series) -> Numbers:
    """Return the days between facts of the last year, of all time where those are few."""
    recent = int((at >= at.iloc[-1] - REFERENCE).sum())
    chosen = at.iloc[-max(recent, ENOUGH) :]
    days: Numbers = chosen.diff().dt.total_seconds().to_numpy()[1:] / DAY
    return days


def bound(pauses: Numbers, *, level: float) -> float:
    """Return the silence, in days, that chance exceeds at a random moment with ``level``.

    pauses: days between facts. The longest of them, 20 at most, tell the tail, as long as together
    they last no longer than three quarters of the time; it is taken as heavier than exponential
    (generalised Pareto of shape 0.2), the more so the fewer there are. Never less than one
    and a half times the longest pause; NaN for fewer than ten pauses, where all came at once, or
    where it is more than the year after which a feed counts as retired: it could never alarm.
    """
    if len(pauses) < FEWEST or pauses.sum() <= 0:
        return np.nan
    longer = np.sort(pauses)[::-1]
    half = int(np.searchsorted(np.cumsum(longer), MOSTLY * pauses.sum()))
    k = max(1, min(half, LONGEST))
    usual = float(longer[k])
    excess = max(float((longer[:k] - usual).sum()), 0.1 * usual * k)
    share = max(excess / float(pauses.sum()), 1 / len(pauses))
    power = 1 / k + SHAPE / (1 - SHAPE)
    tail = usual + excess / k / power * (max(1.0, share / level) ** power - 1)
    silence = float(max(tail, MARGIN * longer[0]))
    return silence if silence <= REFERENCE.days else np.nan
