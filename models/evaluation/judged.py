"""Judged lines: what evaluations by group take, and which lines a capacity would have inspected."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from features.plans import Numbers
from models.evaluation.ratios import Groups
from models.metrics import Failed, ranked
from models.splits import Mask

CAPACITY = 0.10  # share of the lines at which groups are compared


@dataclass(frozen=True)
class Judged:
    """n inspected lines: how each turned out, what was said, its enterprise, what it speaks for.

    weight: inverse propensity, so that the lines speak for all that were declared; one each where
    the chance of inspection is not told of every line, and then they speak for themselves alone.
    """

    failed: Failed
    likelihood: Numbers
    group: Groups
    weight: Numbers

    def __len__(self) -> int:
        return len(self.failed)

    @cached_property
    def selected(self) -> Mask:
        """Which lines a capacity of a tenth would inspect, in order of likelihood."""
        return selected(self.likelihood, self.weight, share=CAPACITY)

    @cached_property
    def missed(self) -> Numbers:
        """What each line showed less what was said of it."""
        return self.failed - self.likelihood

    def take(self, rows: Mask) -> "Judged":
        """Return some of the lines; what is selected of them is selected anew."""
        return Judged(self.failed[rows], self.likelihood[rows], self.group[rows], self.weight[rows])


def selected(scores: Numbers, weight: Numbers, *, share: float) -> Mask:
    """Return the highest scores that together make up a share of the weight, one line at least."""
    order = ranked(scores)
    within = np.cumsum(weight[order]) <= share * weight.sum() * (1 + 1e-9)
    within[:1] = True
    chosen = np.zeros(len(scores), bool)
    chosen[order[within]] = True
    return chosen


def weights(propensity: pd.Series) -> Numbers:
    """Return inverse propensities of mean one; ones where any is missing.

    They are not capped as in training: a cap would let lines that were rarely inspected speak for
    too few (Horvitz and Thompson 1952).
    """
    chance = propensity.to_numpy(float)
    if not told(propensity):
        return np.ones(len(chance))
    scaled: Numbers = (1 / chance) / (1 / chance).mean()
    return scaled


def told(propensity: pd.Series) -> bool:
    """Return whether the chance of inspection is told of every line."""
    chance = propensity.to_numpy(float)
    return bool(len(chance) and ((chance > 0) & (chance <= 1)).all())
