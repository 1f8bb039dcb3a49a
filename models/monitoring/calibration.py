"""Calibration in use: do lines fail as often as they were said to, once outcomes are back?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.monitoring import residuals
from models.monitoring.residuals import ALPHA, SURE, Matured
from models.risk.matrix import RANK
from models.splits import Mask

FEWEST = 10.0  # failures, and passes, to expect of the lines that a test looks at
ALL, SLOPE = "all", "slope"


@dataclass(frozen=True)
class Comparison:
    """One comparison of outcomes with likelihoods.

    observed, expected: shares of failures, weighted; low, high: where chance leaves the observed
    one in 95 of 100 cases. p is adjusted for all tests beside it. For ``slope`` observed is the
    slope of the outcomes on the said log-odds, and expected is one.
    """

    name: str
    lines: int
    observed: float
    expected: float
    low: float
    high: float
    p: float

    @property
    def is_off(self) -> bool:
        """Whether outcomes and likelihoods differ by more than chance."""
        return self.p <= ALPHA

    @property
    def ratio(self) -> float:
        """How many times as many failed as expected."""
        return self.observed / self.expected


def tests(lines: Matured) -> list[Comparison]:
    """Return the tests of calibration: over all lines, of the slope, and by level.

    The chance that any is off though all likelihoods are right is at most 5 % (measured: 1 to 3 %,
    also where enterprises fail in rows). Tests that expect fewer than
    ten failures or passes are not made; without any, there is too little to judge. Source: Cox,
    Biometrika 45 (1958); Van Calster et al., J. Clinical Epidemiology 74 (2016).
    """
    made = list(_tests(lines))
    adjusted = residuals.holm([test.p for test in made])
    return [replace(test, p=p) for test, p in zip(made, adjusted, strict=True)]


def _tests(lines: Matured) -> Iterator[Comparison]:
    everything = np.ones(len(lines), bool)
    if not _is_enough(lines, everything):
        return
    yield _share(lines, ALL, chosen=everything)
    yield _slope(lines)
    for level in sorted(RANK, key=lambda name: -RANK[name]):
        chosen = lines.level == level
        if _is_enough(lines, chosen) and not chosen.all():
            yield _share(lines, level, chosen=chosen)


def _is_enough(lines: Matured, chosen: Mask) -> bool:
    fail = float(lines.likelihood[chosen].sum())
    return fail >= FEWEST and int(chosen.sum()) - fail >= FEWEST


def _share(lines: Matured, name: str, *, chosen: Mask) -> Comparison:
    weight = np.where(chosen, lines.weight, 0.0) / lines.weight[chosen].sum()
    found = residuals.excess(lines, weight)
    expected = float(weight @ lines.likelihood)
    around = SURE * found.deviation
    return Comparison(
        name=name,
        lines=int(chosen.sum()),
        observed=expected + found.value,
        expected=expected,
        low=max(0.0, expected - around),
        high=min(1.0, expected + around),
        p=found.p,
    )


def _slope(lines: Matured) -> Comparison:
    """Return the score test of slope one beside any intercept, and the slope of one Newton step."""
    p = np.clip(lines.likelihood, 1e-6, 1 - 1e-6)
    odds, spread = np.log(p / (1 - p)), lines.weight * p * (1 - p)
    centred = odds - (spread @ odds) / spread.sum()
    information = float(spread @ centred**2)
    if information <= 0:
        return Comparison(SLOPE, len(lines), 1.0, 1.0, -np.inf, np.inf, 1.0)
    found = residuals.excess(lines, lines.weight * centred / information)
    around = SURE * found.deviation
    return Comparison(SLOPE, len(lines), 1 + found.value, 1.0, 1 - around, 1 + around, found.p)


def months(lines: Matured, declared_at: pd.Series) -> pd.DataFrame:
    """Return by month of declaration: ``observed``, ``expected``, ``low``, ``high``, ``lines``.

    Shares of failures, weighted; low and high as in ``Comparison``. Months run in Asia/Shanghai.
    """
    civil = declared_at.dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m").to_numpy()
    rows = []
    for month in np.unique(civil):
        test = _share(lines, str(month), chosen=civil == month)
        rows.append({"month": month, **vars(test)})
    columns = ["month", "observed", "expected", "low", "high", "lines"]
    return pd.DataFrame(rows, columns=columns)
