"""What a day has brought a port so far: what its plan is steered by."""

from collections.abc import Sequence
from typing import NamedTuple


class Spent(NamedTuple):
    """Lines decided on a day at a port, and the hours of their decisions.

    hours: of those that were drawn. expected: hours of each line on average over all draws. asked:
    hours that were asked of the curve. The last two may be 0, or the same, where they are not
    known; then the curve is taken as it is.
    """

    lines: int = 0
    hours: float = 0.0
    expected: float = 0.0
    asked: float = 0.0

    def plus(self, row: Sequence[float | None]) -> "Spent":
        """Return what is spent with one more decision: its hours, expected and asked ones."""
        hours, expected, asked = (0.0 if each is None else each for each in row)
        return Spent(
            self.lines + 1, self.hours + hours, self.expected + expected, self.asked + asked
        )
