"""Floods: copies that come as if by agreement, by a rule in ``floods.yaml``.

Different complaints about one product are no copies of each other, so an honest wave is no flood,
however high. The first copies are not marked: nobody knew then what would follow.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from features.errors import Invalid
from features.fields import Channel

FILE = Path(__file__).with_name("floods.yaml")
HOUR_MS = 3_600_000
Copies = Annotated[int, Field(ge=2)]


class Floods(BaseModel):
    """So many copies within so many hours are a flood; some channels bear more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: Annotated[int, Field(ge=1)]
    copies: Copies
    by_channel: dict[Channel, Copies]

    def is_flood(self, known: Sequence[int], at: int, *, channel: str) -> bool:
        """Return whether a report that became known ``at`` is part of a flood as of then.

        known: when each report of its cluster did, itself included, in order, in milliseconds.
        Half open: one that came exactly ``hours`` before does not count.
        """
        within = bisect_right(known, at) - bisect_right(known, at - self.hours * HOUR_MS)
        special = (most for name, most in self.by_channel.items() if name == channel)
        return within >= next(special, self.copies)


@cache
def load(path: Path = FILE) -> Floods:
    """Return the rule; ``Invalid`` where the file does not fit."""
    try:
        return Floods.model_validate(yaml.safe_load(path.read_text()))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise Invalid(f"{path} is no rule of floods: {error}") from None
