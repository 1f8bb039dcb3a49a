"""General solvers of SciPy for what the allocators solve in their own way: to compare with."""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, minimize
from scipy.special import digamma, polygamma

from models.inspection.allocation.allocate import Lines
from models.inspection.allocation.leakage import leakage
from models.inspection.allocation.samples import Consignments

Amounts = npt.NDArray[np.float64]
EXACT = {"gtol": 1e-12, "xtol": 1e-12, "barrier_tol": 1e-12, "maxiter": 3_000}


def chances(lines: Lines, hours: float) -> Amounts:
    """Return the chances that avert most harm in the hours, by a linear program (HiGHS).

    By its interior point and without presolving, which is the fastest of its ways here.
    """
    found = linprog(
        -lines.gain * lines.effort,
        A_ub=sparse.csr_array(lines.effort[None, :]),
        b_ub=[hours],
        bounds=np.stack([lines.floor, lines.ceiling], axis=1),
        method="highs-ipm",
        options={"presolve": False},
    )
    assert found.status == 0, found.message
    chance: Amounts = found.x
    return chance


def sizes(told: Consignments, units: int) -> Amounts:
    """Return the sizes that leak least, whole or not, by an interior point (trust-constr).

    Units must be fewer than there are. The solver is given the exact slope and curvature.
    """
    start = told.size * units / told.size.sum()
    scale = leaks(told, start)
    found = minimize(
        lambda n: leaks(told, n) / scale,
        start,
        jac=lambda n: _slope(told, n) / scale,
        hess=lambda n: sparse.diags_array(_curvature(told, n) / scale),
        method="trust-constr",
        bounds=Bounds(np.zeros(len(start)), told.size - 1e-6, keep_feasible=True),
        constraints=LinearConstraint(sparse.csr_array(np.ones((1, len(start)))), units, units),
        options=EXACT,
    )
    best: Amounts = found.x
    return best


def leaks(told: Consignments, n: Amounts) -> float:
    """Return the harm that sizes let through in all."""
    return float(told.weight @ leakage(told.a, told.b, n=n, size=told.size))


def _fall(told: Consignments, n: Amounts) -> Amounts:
    """Return the slope of the logarithm of each consignment's leakage."""
    fall: Amounts = digamma(told.b + n) - digamma(told.a + told.b + n + 1) - 1 / (told.size - n)
    return fall


def _slope(told: Consignments, n: Amounts) -> Amounts:
    return told.weight * leakage(told.a, told.b, n=n, size=told.size) * _fall(told, n)


def _curvature(told: Consignments, n: Amounts) -> Amounts:
    bend = polygamma(1, told.b + n) - polygamma(1, told.a + told.b + n + 1)
    square: Amounts = _fall(told, n) ** 2 + bend - 1 / (told.size - n) ** 2
    return told.weight * leakage(told.a, told.b, n=n, size=told.size) * square
