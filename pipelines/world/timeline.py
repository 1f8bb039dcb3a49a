"""What was in force for a code at a moment: one binary search in packed (code, time) keys."""

from dataclasses import dataclass

import numpy as np

from pipelines.world.chance import Ints

SPAN = 1 << 42  # milliseconds; 139 years


@dataclass(frozen=True)
class Timeline:
    """Spells of codes, sorted by code and start; ``order`` leads back to the rows given."""

    keys: Ints
    codes: Ints
    ends: Ints
    order: Ints

    @classmethod
    def of(cls, codes: Ints, starts: Ints, *, ends: Ints) -> "Timeline":
        """Return the timeline of spells [start, end) in milliseconds since 1970."""
        order = np.lexsort((starts, codes))
        keys = codes[order] * SPAN + starts[order]
        return cls(keys, codes[order], ends[order], order)

    def at(self, codes: Ints, moments: Ints) -> Ints:
        """Return the row of the last spell begun at or before each moment and not over; else -1."""
        if not len(self.keys):
            return np.full(len(codes), -1)
        place = np.searchsorted(self.keys, codes * SPAN + moments, side="right") - 1
        safe = np.maximum(place, 0)
        holds = (place >= 0) & (self.codes[safe] == codes) & (moments < self.ends[safe])
        return np.where(holds, self.order[safe], -1)
