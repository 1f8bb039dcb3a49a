"""The interval around a likelihood: how far the belief itself may be wrong.

A line's true chance lies around what is believed of it, with a normal error in log-odds. How wide
is learned from lines that share their error (``pairs``); it is wider for goods of which few
inspections are known. A gap between boosters tells how far training data move the model, not what
no feature tells: as an interval it held 3 true chances in 10 on simulated worlds.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtri

from features.build import Rows
from features.plans import Numbers

LEVEL = 0.9
THIN = 10  # past inspections of such goods, below which they are thinly known
HALF = 10.0  # past inspections that halve what thin knowledge adds
KNOWN = tuple(  # the inspections that are counted: of the first of these keys that a model reads
    f"{key}_inspection_count_ever"
    for key in ("enterprise_hs4", "enterprise", "manufacturer", "brand_hs4", "origin_hs4", "hs4")
)


@dataclass(frozen=True)
class Doubt:
    """The variance of the error in log-odds: what always stays, and what thin knowledge adds."""

    stays: float
    thin: float

    def variance(self, known: Numbers) -> Numbers:
        """Return the variance for lines of whose goods so many inspections are known."""
        return self.stays + self.thin * thinness(known)

    def ends(self, likelihood: Numbers, known: Numbers, *, level: float = LEVEL) -> Numbers:
        """Return the lower and the upper end of each line's interval, (2, q).

        It holds the likelihood, and the true chance with probability ``level``. With a variance of
        zero both ends are the likelihood; of an unknown doubt they are missing.
        """
        variance = self.variance(known)
        reach = ndtri((1 + level) / 2) * np.sqrt(variance)
        middle = centre(likelihood, variance)
        low = np.minimum(likelihood, expit(middle - reach))
        return np.stack([low, np.maximum(likelihood, expit(middle + reach))])


UNKNOWN = Doubt(np.nan, np.nan)


def centre(likelihood: Numbers, variance: Numbers) -> Numbers:
    """Return the middle of the error in log-odds at which the mean chance is the likelihood.

    By the probit approximation of the logistic curve (MacKay, Neural Computation 1992).
    """
    middle: Numbers = logit(likelihood) * np.sqrt(1 + np.pi / 8 * variance)
    return middle


def thinness(known: Numbers) -> Numbers:
    """Return 1 where no inspection of such goods is known, falling to 0 with their number."""
    share: Numbers = HALF / (HALF + known)
    return share


def known(rows: Rows) -> Numbers:
    """Return how many inspections of each line's goods are known, by the finest key a model reads.

    Zero where the line does not tell that key, or the model reads no such key.
    """
    names = rows.features.names
    column = next((names.index(name) for name in KNOWN if name in names), None)
    if column is None:
        return np.zeros(len(rows.numbers))
    return np.nan_to_num(rows.numbers[:, column])
