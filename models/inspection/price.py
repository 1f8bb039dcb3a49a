"""The day's price: the expected harm per hour from which a line is certain to be inspected.

Where capacity is scarce, expected harm averted is greatest when every hour goes to the lines that
avert most per hour; so one number per port and day is all that the online door needs.
"""

import numpy as np
import numpy.typing as npt

Amounts = npt.NDArray[np.float64]
LEAST = 1e-9


def price(gains: Amounts, efforts: Amounts, *, floors: Amounts, hours: float) -> float:
    """Return the price at which a day's lines take just the hours there are, in expectation.

    gains: expected harm averted per hour. efforts: hours if inspected. floors: the probability with
    which a line below the price is inspected all the same. Where even the floors take more than
    the hours, the price is above every gain; where everything fits, it is below every gain.
    """
    if not len(gains):
        return LEAST
    order = np.argsort(-gains, kind="stable")
    extra = ((1 - floors) * efforts)[order]
    taken = float(np.dot(floors, efforts)) + np.cumsum(extra)
    certain = int(np.searchsorted(taken, hours, side="right"))
    if certain == len(gains):
        return LEAST
    return float(np.nextafter(gains[order[certain]], np.inf))
