"""Shapley: what each feature moves in one leaf, by a quadrature that is exact.

A leaf of a tree is a game. A row reaches the leaf with the product, over the features on the path,
of 1 or 0 for a known feature (does the row meet all its conditions on the path?) and of the share
of training rows that meet them for an unknown one. By the multilinear extension (Owen 1972) a
feature's Shapley value in it is the integral over t from 0 to 1 of its own change times the others'
factors ``share + t (met - share)``: a polynomial of degree d - 1, which ceil(d / 2) nodes of Gauss
and Legendre integrate without error. All terms have one sign, so that nothing cancels.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from features.plans import Numbers

TINY = 1e-100  # instead of no training row at all, to divide by


def shares(met: npt.NDArray[np.bool_], cover: Numbers) -> Numbers:
    """Return what each of d features moves in a leaf of value one: (d, ...).

    met: (d, ...), whether the row meets all conditions on the feature. cover: the share of training
    rows that do, above zero, of as many axes. A feature met by all of them moves nothing.
    """
    change = met - cover
    nodes, weights = _nodes((len(met) + 1) // 2, met.ndim)
    factors = cover + nodes * change  # (nodes, d, ...)
    others = weights * factors.prod(axis=1, keepdims=True) / factors
    answer: Numbers = others.sum(axis=0) * change
    return answer


@cache
def _nodes(count: int, axes: int) -> tuple[Numbers, Numbers]:
    """Return where to look between 0 and 1, and the weight of each look, before some axes."""
    nodes, weights = np.polynomial.legendre.leggauss(max(1, count))
    shape = (-1, *[1] * axes)
    return ((nodes + 1) / 2).reshape(shape), (weights / 2).reshape(shape)
