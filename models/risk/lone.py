"""Lone: leaves whose paths have too many conditions for a table, computed for each row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from features.plans import Numbers
from models.risk.conditions import Bits, Conditions, Places
from models.risk.shapley import shares
from models.risk.trees import Leaf, Step


@dataclass(frozen=True)
class Lone:
    """N leaves of up to d features, with up to m conditions on each.

    What is not there asks nothing: a condition that must not be met and never is, with cover one.
    """

    asked: Places  # (m, d, N)
    wanted: Bits  # (m, d, N)
    cover: Numbers  # (d, N)
    column: Places  # (d * N,) the feature; the width where there is none
    value: Numbers  # (N,) in log-odds

    @classmethod
    def of(
        cls, leaves: Sequence[Leaf], conditions: Conditions, *, width: int, share: float
    ) -> Self:
        """Prepare leaves, their values times a share."""
        told = [list(_by_feature(leaf).items()) for leaf in leaves]
        most = max((len(steps) for leaf in told for _, steps in leaf), default=0)
        shape = (max(map(len, told), default=0), len(leaves))
        asked, wanted = np.full((most, *shape), conditions.never), np.zeros((most, *shape), bool)
        cover, column = np.ones(shape), np.full(shape, width)
        cells = [(i, n, *one) for n, leaf in enumerate(told) for i, one in enumerate(leaf)]
        for i, n, feature, steps in cells:
            column[i, n] = feature
            cover[i, n] = np.prod([step.cover for step in steps])
            asked[: len(steps), i, n] = [conditions.place[step.condition] for step in steps]
            wanted[: len(steps), i, n] = [step.met for step in steps]
        value = np.array([share * leaf.value for leaf in leaves])
        return cls(asked, wanted, cover, column.ravel(), value)

    def parts(self, met: Bits) -> Numbers:
        """Return what each place moves (d * N,), given which conditions the row meets."""
        reached = (met.take(self.asked) == self.wanted).all(axis=0)
        return (shares(reached, self.cover) * self.value).ravel()


def _by_feature(leaf: Leaf) -> dict[int, list[Step]]:
    found = defaultdict(list)
    for step in leaf.path:
        found[step.condition.feature].append(step)
    return found
