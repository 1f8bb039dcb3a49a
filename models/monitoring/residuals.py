"""Residuals: outcomes less likelihoods, and whether a weighted sum of them is more than chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from features.plans import Numbers
from models.metrics import Failed

ALPHA = 0.05  # the chance that any test of one question is off though every likelihood is right
SURE = 1.96  # standard deviations: 95 % of chance lies within


@dataclass(frozen=True)
class Matured:
    """n inspected lines whose outcome is known and whose like are known as well.

    weight: what each speaks for, of mean one. group: the enterprise, as a code; outcomes of one
    enterprise depend on each other.
    """

    failed: Failed
    likelihood: Numbers
    weight: Numbers
    group: npt.NDArray[np.intp]
    level: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.failed)


@dataclass(frozen=True)
class Excess:
    """A weighted sum of residuals: its value and the standard deviation that chance gives it."""

    value: float
    deviation: float

    @property
    def p(self) -> float:
        """The chance of a sum at least as far from zero, were every likelihood right."""
        return erfc(abs(self.value) / self.deviation / sqrt(2)) if self.deviation > 0 else 1.0


def excess(lines: Matured, gradient: Numbers) -> Excess:
    """Return the sum of ``gradient * (failed - likelihood)`` with its deviation under no error.

    The deviation is the larger of that of independent outcomes, sum of g^2 p (1 - p), and that of
    the sums by enterprise (Liang and Zeger, Biometrika 73, 1986): few enterprises make the second
    too small, enterprises that fail in rows the first.
    """
    each = gradient * (lines.failed - lines.likelihood)
    alone = float(np.sum(gradient**2 * lines.likelihood * (1 - lines.likelihood)))
    sums = np.bincount(lines.group, weights=each)
    together = float(np.sum(sums**2))
    return Excess(float(each.sum()), sqrt(max(alone, together)))


def holm(p: Sequence[float]) -> list[float]:
    """Return p-values of several tests such that the chance of any false one is bounded.

    Source: Holm, Scandinavian Journal of Statistics 6 (1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted, largest = [0.0] * len(p), 0.0
    for place, i in enumerate(order):
        largest = max(largest, min(1.0, (len(p) - place) * p[i]))
        adjusted[i] = largest
    return adjusted
