"""Shares: how often each value of a column occurs in each period, and how far a period is off."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.plans import Numbers
from models.monitoring.ranks import BACK

BINS = 20  # a number's values fall into so many parts of about equal size
VALUES = 30  # a category's most frequent values; the others are one
OTHERS = "…"


@dataclass(frozen=True)
class Shares:
    """One column: the share of lines in each bin by period, (periods, bins).

    The first bin is what is missing. A number's further bins rise, each up to and with its edge
    (``edges``); a category's are its ``values``.
    """

    share: Numbers
    edges: Numbers | None = None
    values: tuple[str, ...] = ()

    @property
    def before(self) -> Numbers:
        """The shares of the periods that the last one is compared with, together."""
        mean: Numbers = self.share[-1 - BACK : -1].mean(axis=0)
        return mean

    @property
    def moved(self) -> float:
        """The largest change: 0 to 1.

        Of a number it is the distance of Kolmogorov and Smirnov, what is missing standing below
        every number; of a category the largest change of the share of one value.
        """
        return float(np.abs(self._levels(self.share[-1]) - self._levels(self.before)).max())

    @property
    def where(self) -> int:
        """The bin whose share, of a number cumulated, changed most for its size."""
        return int(np.argmax(np.abs(self._angles(self.share[-1]) - self._angles(self.before))))

    def distances(self) -> Numbers:
        """Return how far each period is from the nearest of those before it: (periods - back).

        The largest difference of ``arcsin(sqrt(share))``: by it a share of 1 % weighs as its chance
        variation does, so that a new value or a first gap shows beside large shares. Source:
        Anscombe, Biometrika 35 (1948).
        """
        angles = self._angles(self.share)
        n = len(angles)
        each = [np.abs(angles[BACK:] - angles[BACK - k : n - k]) for k in range(1, BACK + 1)]
        nearest: Numbers = np.min([d.max(axis=1) for d in each], axis=0)
        return nearest

    def _levels(self, share: Numbers) -> Numbers:
        return share if self.edges is None else np.cumsum(share, axis=-1)

    def _angles(self, share: Numbers) -> Numbers:
        angles: Numbers = np.arcsin(np.sqrt(np.clip(self._levels(share), 0, 1)))
        return angles


def of_numbers(values: Numbers) -> Shares:
    """Return the shares of a number: (periods, lines), missing NaN."""
    told = values[~np.isnan(values)]
    parts = np.arange(1, BINS + 1) / BINS
    edges = np.unique(np.quantile(told, parts, method="inverted_cdf")) if len(told) else told
    bins = np.where(np.isnan(values), 0, 1 + np.searchsorted(edges, values))
    return Shares(_counted(bins, size=1 + len(edges)), edges=edges)


def of_categories(values: Sequence[object], *, periods: int) -> Shares:
    """Return the shares of a category: a value or ``None`` line by line, period by period."""
    texts = [None if v is None else str(v) for v in values]
    counts = Counter(t for t in texts if t is not None)
    frequent = sorted(counts, key=lambda t: (-counts[t], t))[:VALUES]
    codes: dict[str | None, int] = {None: 0, **{t: i + 1 for i, t in enumerate(frequent)}}
    bins = np.array([codes.get(t, len(codes)) for t in texts], dtype=np.int64)
    shares = _counted(bins.reshape(periods, -1), size=len(codes) + 1)
    return Shares(shares, values=("", *frequent, OTHERS))


def _counted(bins: npt.NDArray[np.int64], *, size: int) -> Numbers:
    counts = np.stack([np.bincount(row, minlength=size) for row in bins])
    shares: Numbers = counts / bins.shape[1]
    return shares
