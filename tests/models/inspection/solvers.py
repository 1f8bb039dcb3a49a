"""General solvers of SciPy for what the allocators solve in their own way: to compare with."""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog, minimize
from scipy.special import digamma

from models.inspection.allocate import Lines
from models.inspection.leakage import leakage
from models.inspection.samples import Consignments

Amounts = npt.NDArray[np.float64]


def chances(lines: Lines, hours: float) -> Amounts:
    """Return the chances that avert most harm in the hours, by a linear program (HiGHS)."""
    found = linprog(
        -lines.gain * lines.effort,
        A_ub=sparse.csr_array(lines.effort[None, :]),
        b_ub=[hours],
        bounds=np.stack([lines.floor, lines.ceiling], axis=1),
    )
    assert found.status == 0, found.message
    chance: Amounts = found.x
    return chance


def sizes(told: Consignments, units: int) -> Amounts:
    """Return the sizes that leak least, whole or not, by sequential quadratic programs (SLSQP)."""
    top = told.limit.astype(float)
    start = np.minimum(top, units / len(top))
    start += (top - start) * (units - start.sum()) / max((top - start).sum(), 1.0)
    scale = leaks(told, start)
    found = minimize(
        lambda n: leaks(told, n) / scale,
        start,
        jac=lambda n: _slope(told, n) / scale,
        method="SLSQP",
        bounds=np.stack([told.least.astype(float), top], axis=1),
        constraints={
            "type": "eq",
            "fun": lambda n: (n.sum() - units) / units,
            "jac": lambda n: np.full(len(n), 1 / units),
        },
        options={"ftol": 1e-12, "maxiter": 1_000},
    )
    assert found.success, found.message
    best: Amounts = found.x
    return best


def leaks(told: Consignments, n: Amounts) -> float:
    """Return the harm that sizes let through in all."""
    return float(told.weight @ leakage(told.a, told.b, n=n, size=told.size))


def _slope(told: Consignments, n: Amounts) -> Amounts:
    """Return how fast each consignment's leakage changes with its size."""
    a, b, size = told.a, told.b, told.size
    left = np.maximum(size - n, 1e-9)
    fall = digamma(b + n) - digamma(a + b + n + 1) - 1 / left
    slope: Amounts = told.weight * leakage(a, b, n=np.minimum(n, size - 1e-9), size=size) * fall
    return slope
