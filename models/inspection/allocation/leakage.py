"""Leakage: the infested units of a consignment that are expected to slip through its inspection.

Infestation varies between the consignments of a pathway: the share q of infested units is taken as
Beta(a, b). Of N units n are drawn; if one of them is infested, the consignment is stopped, and else
the N - n others pass. Trouvé and Robinson, "Efficient border biosecurity inspection leverages
superspreading to reduce biological invasion risk", expect for one consignment

    L(a, b, n, N) = max(0, B(a, b + n) / B(a, b) * a / (a + b + n) * (N - n)).

That is the mean of (1 - q)^n q (N - n) over q. For every q it falls in n, and ever more slowly up
to N; so L is decreasing and convex in n, which makes the best sizes of samples easy to find.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from features.errors import Invalid

Amounts = npt.NDArray[np.float64]
LARGE = 20.0  # from which Stirling's series with four terms is exact to the last digit
NEAREST = 1e-9  # a likelihood nearer to 0 or 1 is taken as being so near
WIDEST = 60.0  # of log b, to both sides
HALVINGS = 44


def leakage(a: Amounts, b: Amounts, *, n: Amounts, size: Amounts) -> Amounts:
    """Return the expected infested units let through, in units.

    a, b: above zero, of the Beta of the infested share. n: units sampled, whole or not. size: N,
    also a fraction. All broadcast; where more is sampled than there is, nothing leaks. A missing
    value gives a missing one.
    """
    passes = np.exp(log_clear(a, b, n=n))
    return np.maximum(0.0, passes * (a / (a + b + n)) * (size - n))


def averted(a: Amounts, b: Amounts, *, n: Amounts, size: Amounts) -> Amounts:
    """Return L(n - 1) - L(n), what the n-th unit of a sample averts, for 1 <= n <= N.

    Written without the difference, which would lose digits in large consignments. It falls in n.
    """
    passes = np.exp(log_clear(a, b, n=n - 1.0))
    rest = (size - n) * ((a + 1.0) / (a + b + n)) + 1.0
    return passes * (a / (a + b + n - 1.0)) * rest


def log_clear(a: Amounts, b: Amounts, *, n: Amounts) -> Amounts:
    """Return the logarithm of B(a, b + n) / B(a, b), the chance that n units are all clean."""
    return log_rise(b, a) - log_rise(b + n, a)


def log_rise(x: Amounts, by: Amounts) -> Amounts:
    """Return log Gamma(x + by) - log Gamma(x) for x, by > 0, exact also where x is very large."""
    x, by = np.broadcast_arrays(np.asarray(x, float), np.asarray(by, float))
    small = x < LARGE
    at = np.where(small, LARGE, x)
    rise = (at - 0.5) * np.log1p(by / at) + by * (np.log(at + by) - 1.0)
    rise = np.array(rise + _series(at + by) - _series(at))
    if small.any():
        rise[small] = gammaln(x[small] + by[small]) - gammaln(x[small])
    return rise


def _series(x: Amounts) -> Amounts:
    """Return what Stirling's formula for log Gamma leaves over; Abramowitz and Stegun, 6.1.41."""
    inverse = 1.0 / x
    square = inverse * inverse
    return inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))


def clustered(likelihood: Amounts, *, units: Amounts, shape: float) -> Amounts:
    """Return b of each line, such that a sample of its units fails with its likelihood.

    For lines of which only that chance is known: 1 - B(a, b + units) / B(a, b), with a = shape. The
    smaller the shape, the more do infested units cluster in few consignments. The chance falls in
    b, which is found by halving in log b. A likelihood nearer than ``NEAREST`` to 0 or 1 is taken
    as that near. ``Invalid`` where one is not within [0, 1] or missing, or units or shape are not
    above zero.
    """
    units = np.broadcast_to(np.asarray(units, float), likelihood.shape)
    _check(likelihood, units, shape=shape)
    wanted = np.log1p(-np.clip(likelihood, NEAREST, 1 - NEAREST))
    a = np.full(likelihood.shape, float(shape))
    low, high = np.full(a.shape, -WIDEST), np.full(a.shape, WIDEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = log_clear(a, np.exp(middle), n=units) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found: Amounts = np.exp((low + high) / 2)
    return found


def _check(likelihood: Amounts, units: Amounts, *, shape: float) -> None:
    if not 0 < shape < np.inf:
        raise Invalid(f"shape is {shape}; give the a of a Beta distribution, above 0")
    for name, values, fits, wanted in (
        ("likelihood", likelihood, (likelihood >= 0) & (likelihood <= 1), "from 0 to 1"),
        ("units", units, (units > 0) & (units < np.inf), "above 0"),
    ):
        if not fits.all():
            i = int(np.argmin(fits))
            raise Invalid(f"{name} {i} is {values.flat[i]}; it must be {wanted}")
