"""Contributions: exact SHAP values of boosters' mean raw score, fast for one row.

The values are those of path-dependent TreeSHAP (Lundberg et al. 2020), which are LightGBM's own
``pred_contrib``. Nothing depends on the row but which conditions it meets: so all conditions of
all trees are asked at once (``conditions``), small pieces of trees are looked up (``patterns``),
and only leaves at the end of long paths (``lone``) are computed (``shapley``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Self

import lightgbm as lgb
import numpy as np

from features.errors import Invalid
from features.plans import Numbers
from models.risk.conditions import Conditions, Places
from models.risk.lone import Lone
from models.risk.patterns import Patterns, depth
from models.risk.trees import Node, Piece, pieces

MOST = 10  # conditions of a piece; with more the tables grow faster than the pieces get fewer
MEMORY = 128 << 20  # bytes that the tables may take


@dataclass(frozen=True)
class Paths:
    """The trees of one or several boosters of one output, prepared to explain their mean score."""

    width: int
    base: float  # the mean raw score of the training rows, in log-odds
    conditions: Conditions
    patterns: Patterns
    lone: Lone
    order: Places  # of the parts that these tell, by feature
    first: Places  # where each feature begins in that order
    features: Places  # those that any tree asks

    @classmethod
    def of(cls, boosters: Sequence[lgb.Booster]) -> Self:
        """Prepare boosters of the same features, all their trees up to the best iteration."""
        dumps = [booster.dump_model() for booster in boosters]
        width = _width(dumps)
        roots = [tree["tree_structure"] for dump in dumps for tree in dump["tree_info"]]
        small, long = _bounded(roots)
        leaves = [leaf for piece in (*small, *long) for leaf in piece]
        asked = Conditions.of({s.condition for leaf in leaves for s in leaf.path}, width=width)
        share = 1 / len(boosters)
        tables = Patterns.of(small, asked, width=width, share=share)
        lone = Lone.of([piece[0] for piece in long], asked, width=width, share=share)
        columns = np.concatenate([tables.column, lone.column])
        order = np.argsort(columns, kind="stable")[: np.count_nonzero(columns < width)]
        features, first = np.unique(columns[order], return_index=True)
        base = share * sum(leaf.value * prod(s.cover for s in leaf.path) for leaf in leaves)
        return cls(width, base, asked, tables, lone, order, first, features)

    def contributions(self, matrix: Numbers) -> Numbers:
        """Return what each feature of q rows moves, in log-odds: (q, features + 1).

        The last column is the base value; a row adds up to its mean raw score. Missing values (NaN)
        and unseen categories go where LightGBM sends them. Row by row equals all at once.
        """
        if matrix.shape[1] != self.width:
            raise Invalid(f"{matrix.shape[1]} features in a row; the boosters take {self.width}")
        answer = np.zeros((len(matrix), self.width + 1))
        answer[:, -1] = self.base
        for row, told in zip(answer, matrix, strict=True):
            met = self.conditions.met(told)
            parts = np.concatenate([self.patterns.parts(met), self.lone.parts(met)])
            row[self.features] = np.add.reduceat(parts.take(self.order), self.first)
        return answer


def _width(dumps: Sequence[Node]) -> int:
    """Return how many features boosters take; ``Invalid`` where they cannot be averaged."""
    told = {(d["max_feature_idx"] + 1, d["num_tree_per_iteration"]) for d in dumps}
    if len(told) != 1 or any(outputs != 1 for _, outputs in told):
        raise Invalid(f"(features, outputs) {sorted(told)}: give boosters of one output, all alike")
    return int(told.pop()[0])


def _bounded(roots: Sequence[Node]) -> tuple[list[Piece], list[Piece]]:
    """Return the pieces for a table, as large as its memory allows, and those of a lone leaf."""
    for most in range(MOST, -1, -1):
        found = [piece for root in roots for piece in pieces(root, most=most)]
        small = [piece for piece in found if depth(piece) <= most]
        if sum(most << depth(piece) for piece in small) * 8 <= MEMORY:
            break
    return small, [piece for piece in found if depth(piece) > most]
