"""Characters of many texts at once, as an array of their numbers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
UNMET = 0xFFFFFFFF
HIGHEST = 0x10FFFF


def encode(text: str) -> Codes:
    """Return the number of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def decode(codes: Codes) -> str:
    """Return the text of characters' numbers."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


class Lookup:
    """What characters become, as an array that fills as they are met.

    meet: what one character becomes; asked once for each.
    """

    def __init__(self, meet: Callable[[int], int]) -> None:
        self._meet = meet
        self._becomes = np.full(HIGHEST + 1, UNMET, dtype=np.uint32)

    def of(self, codes: Codes) -> Codes:
        """Return what each character becomes."""
        told: Codes = self._becomes[codes]
        unmet = told == UNMET
        if not unmet.any():
            return told
        for code in np.unique(codes[unmet]).tolist():
            self._becomes[code] = self._meet(code)
        return np.asarray(self._becomes[codes])
