"""Pairs: neighbouring lines that share their error, and how much doubt they show.

Of one line nobody ever learns its true chance. But two lines of the same enterprise and goods,
declared within a fortnight, are nearly always better or worse than believed together: how much
oftener they agree than their likelihoods let expect says how far those likelihoods are off. A
longer wait would miss what began or ended between the two.

Learned by composite likelihood (Varin, Reid and Firth, Statistica Sinica 2011): each pair's two
outcomes given one shared error, integrated by Gauss-Hermite quadrature. A weak prior holds where
pairs are few.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from features.moments import DAY_MS
from features.plans import Numbers
from features.windows import Integers, Positions
from models.risk.interval import Doubt, centre, thinness

NEAR = 14 * DAY_MS
MOST = 10_000  # pairs, the latest, so that learning takes a second at most
USUAL = Doubt(1.0, 0.5)  # what is thought where nothing is known
SPREAD = 0.5  # standard deviation of that thought, of both parts
SURE = 1e-9  # no likelihood is taken to be surer than that
BOUNDS = ((1e-6, 16.0), (0.0, 16.0))
_NODES, _MASS = np.polynomial.hermite_e.hermegauss(11)
NODES, MASS = np.asarray(_NODES), np.asarray(_MASS / _MASS.sum())


@dataclass(frozen=True)
class Later:
    """n lines with outcomes, and what a model that had not seen them believed of each.

    failed: 0 or 1. weight: by inverse propensity. known: inspections known of such goods. alike:
    one code for lines of the same enterprise and goods. declared: milliseconds.
    """

    likelihood: Numbers
    failed: Numbers
    weight: Numbers
    known: Numbers
    alike: Integers
    declared: Integers


@dataclass(frozen=True)
class Neighbours:
    """m pairs: likelihoods and outcomes (2, m), how thinly known they are and what they weigh."""

    likelihood: Numbers
    failed: Numbers
    thinness: Numbers
    weight: Numbers


def learned(later: Later) -> Doubt:
    """Return the doubt that the pairs among later lines show; the usual one without any pair."""
    pairs = neighbours(later)
    usual = np.array([USUAL.stays, USUAL.thin])

    def missed(free: Numbers) -> float:
        strays = ((free - usual) ** 2).sum() / (2 * SPREAD**2)
        return float(strays) - agreement(pairs, Doubt(*free))

    found = minimize(missed, usual, bounds=BOUNDS, method="L-BFGS-B").x
    return Doubt(float(found[0]), float(found[1]))


def neighbours(later: Later) -> Neighbours:
    """Return each line with the next of its kind, where that comes within a fortnight."""
    first, second = _next(later)
    both = np.stack([first, second])
    likelihood = np.clip(later.likelihood[both], SURE, 1 - SURE)
    weight = np.sqrt(later.weight[first] * later.weight[second])
    return Neighbours(
        likelihood=likelihood,
        failed=later.failed[both],
        thinness=thinness(later.known[both]).mean(axis=0),
        weight=weight / weight.mean() if len(weight) else weight,
    )


def _next(later: Later) -> tuple[Positions, Positions]:
    order = np.lexsort((later.declared, later.alike))
    first, second = order[:-1], order[1:]
    near = later.declared[second] - later.declared[first] <= NEAR
    chosen = np.flatnonzero(near & (later.alike[first] == later.alike[second]))
    latest = chosen[np.argsort(later.declared[second[chosen]], kind="stable")[-MOST:]]
    return first[latest], second[latest]


def agreement(pairs: Neighbours, doubt: Doubt) -> float:
    """Return the weighted log likelihood of the pairs' outcomes under a doubt, in nats."""
    variance = doubt.stays + doubt.thin * pairs.thinness
    middle, step = centre(pairs.likelihood, variance), np.sqrt(variance)
    sign = np.where(pairs.failed > 0, 1.0, -1.0)
    told = sum(
        mass * np.prod(expit(sign * (middle + node * step)), axis=0)
        for node, mass in zip(NODES, MASS, strict=True)
    )
    return float(pairs.weight @ np.log(told))
