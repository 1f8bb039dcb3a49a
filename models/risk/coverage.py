"""Coverage: whether intervals hold the true chances, told by outcomes alone.

A true chance is never seen, but the failures of a few lines that share their error are. If the
doubt is right, their number lies within the middle 90 % of what it lets expect in 90 groups of 100;
if likelihoods were taken as they stand, all or none of a group fails too often. Ties are broken by
lot, so that small numbers count as they should (randomized quantile residuals: Dunn and Smyth,
Journal of Computational and Graphical Statistics 1996).
"""

import numpy as np
from scipy.special import expit

from features.plans import Numbers
from features.windows import Integers
from models.risk.interval import LEVEL, Doubt, centre
from models.risk.pairs import NEAR, Later

LEAST = 5  # lines of a group; fewer tell next to nothing
DRAWS = 200


def of_groups(later: Later, doubt: Doubt, *, seed: int) -> float:
    """Return in which share of groups the failures are as the intervals say; NaN without a group.

    A group is at least five lines of the same enterprise and goods, declared in one fortnight. It
    weighs what its lines weigh on average.
    """
    fortnights = later.alike * (int(later.declared.max(initial=0)) // NEAR + 1)
    _, group = np.unique(fortnights + later.declared // NEAR, return_inverse=True)
    size = np.bincount(group)
    many = size >= LEAST
    if not many.any():
        return float("nan")
    place = _places(later, doubt, group=group, rng=np.random.default_rng(seed))
    inside = np.abs(place - 0.5) < LEVEL / 2
    weight = np.bincount(group, later.weight) / size
    return float(np.average(inside[many], weights=weight[many]))


def _places(later: Later, doubt: Doubt, *, group: Integers, rng: np.random.Generator) -> Numbers:
    """Return where the failures of each group stand among draws from the doubt, 0 to 1."""
    count = int(group.max()) + 1
    variance = doubt.variance(later.known)
    middle, step = centre(later.likelihood, variance), np.sqrt(variance)
    failures = np.bincount(group, later.failed)
    place, lot = np.zeros(count), rng.random(count)
    for _ in range(DRAWS):
        chance = expit(middle + step * rng.normal(size=count)[group])
        drawn = np.bincount(group, rng.random(len(group)) < chance)
        place += (drawn < failures) + lot * (drawn == failures)
    return place / DRAWS
