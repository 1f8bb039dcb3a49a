"""Units: how many of a consignment to take, so that least harm slips through the samples.

A model tells how probably an inspection of the usual size fails. Taken as a Beta-binomial chance,
that says how the share of failing units varies between such consignments, and so what each further
unit averts (``leakage``, beside this file). A laboratory's day is shared by one price of a unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from features.reasons import Lane, RiskLevel
from models.inspection.allocation import leakage, samples
from models.inspection.allocation.samples import Consignments
from models.inspection.policy import Policy

SAMPLED: tuple[Lane, ...] = ("sampling", "full")
ENDLESS = 1e9  # units of a consignment that declares no quantity
WIDEST, POINTS = 40.0, 8192  # of log b, to both sides, and points of its table
LEAST, MOST, HALVINGS = 1e-15, 1e6, 60  # of the price of a unit, and steps to find it
Amounts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sampled:
    """n lines to be sampled: likelihood, severity (1 to 4), level, declared quantity or NaN."""

    likelihood: Amounts
    severity: npt.NDArray[np.int64]
    level: Sequence[RiskLevel]
    quantity: Amounts


def consignments(policy: Policy, lines: Sampled) -> Consignments:
    """Return lines as consignments to sample from.

    A consignment counts by the share of it that fails, weighed with the harm of its severity: a
    ship of beans is not a million times a crate of toys. Less than one whole unit is one.
    """
    size = np.where(np.isnan(lines.quantity), ENDLESS, np.maximum(lines.quantity, 1.0))
    bounds = np.array([policy.samples.sizes[level] for level in lines.level]).reshape(-1, 2)
    shape = policy.samples.shape
    whole = np.floor(size).astype(np.int64)
    return Consignments(
        a=np.full(len(size), shape),
        b=_b(lines.likelihood, usual=policy.samples.usual, shape=shape),
        size=size,
        weight=np.array(policy.harm)[lines.severity - 1] / size,
        least=np.minimum(bounds[:, 0], whole),
        most=bounds[:, 1],
    )


def _b(likelihood: Amounts, *, usual: int, shape: float) -> Amounts:
    """Return b of each line as ``leakage.clustered`` does, but read from a table: in no time."""
    log_odds, log_b = _table(usual, shape)
    told = np.clip(likelihood, leakage.NEAREST, 1 - leakage.NEAREST)
    found: Amounts = np.exp(np.interp(np.log(told) - np.log1p(-told), log_odds, log_b))
    return found


@lru_cache
def _table(usual: int, shape: float) -> tuple[Amounts, Amounts]:
    """Return log-odds of a failure, rising, and log b: between points both are nearly linear."""
    log_b = np.linspace(WIDEST, -WIDEST, POINTS)
    clear = leakage.log_clear(np.full(POINTS, shape), np.exp(log_b), n=np.full(POINTS, usual))
    log_odds = np.log(np.maximum(-np.expm1(clear), np.finfo(float).tiny)) - clear
    rising = np.append(True, np.diff(np.maximum.accumulate(log_odds)) > 0)
    return log_odds[rising], log_b[rising]


def units(policy: Policy, lines: Sampled, *, price: float | None) -> npt.NDArray[np.int64]:
    """Return how many units to take of each line at a price of a unit.

    Without a price, the usual number; always within the bounds of the level and the consignment.
    """
    asked = consignments(policy, lines)
    if price is None:
        usual: npt.NDArray[np.int64] = np.maximum(policy.samples.usual, asked.least)
        return np.minimum(usual, asked.limit)
    return samples.sizes_at(asked, price=price)


def price(policy: Policy, lines: Sampled, *, chances: Amounts, capacity: float) -> float:
    """Return the price of a unit at which sampling takes a capacity of units, on average.

    chances: with which each line is sampled, (n,). The least price at which no more are taken; the
    least units of each level are taken at any price, also where they alone exceed the capacity.
    """
    rows = np.flatnonzero(chances > 0)
    asked, chance = consignments(policy, _taken(lines, rows)), chances[rows]
    low, high = LEAST, MOST
    if chance @ samples.sizes_at(asked, price=low) <= capacity:
        return low
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        more = chance @ samples.sizes_at(asked, price=middle) > capacity
        low, high = (middle, high) if more else (low, middle)
    return high


def _taken(lines: Sampled, rows: npt.NDArray[np.intp]) -> Sampled:
    levels = [lines.level[row] for row in rows]
    return Sampled(lines.likelihood[rows], lines.severity[rows], levels, lines.quantity[rows])
