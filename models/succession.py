"""Succession: which versions decided, one after the other, and which one to go back to.

Each change of the champion is a turn that is kept for good. A rollback takes back what came after
the version it returns to, so that a second rollback goes further back instead of to and fro.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal, Self

How = Literal["promoted", "rolled back", "found"]


@dataclass(frozen=True)
class Turn:
    """One change of the champion: to which version, when (ISO), by whom, why and how.

    gates: those that were passed, each with its number.
    ``found`` is a champion that was there before anybody kept the succession.
    """

    version: str
    at: str
    by: str
    why: str
    how: How
    gates: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the turn as JSON, for the registry."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a turn that the registry kept."""
        return cls(**json.loads(text))


def line(turns: Sequence[Turn], *, current: str | None) -> list[str]:
    """Return the versions that a rollback can walk back along; the last is the current champion.

    >>> turn = lambda version, how: Turn(version, "", "", "", how)
    >>> line([turn("1", "promoted"), turn("2", "promoted"), turn("1", "rolled back")], current="1")
    ['1']
    """
    walked: list[str] = []
    for turn in turns:
        if turn.how == "rolled back" and turn.version in walked:
            walked = walked[: len(walked) - walked[::-1].index(turn.version)]
        elif walked[-1:] != [turn.version]:
            walked.append(turn.version)
    moved = current is not None and walked[-1:] != [current]  # by another hand than ours
    return [*walked, str(current)] if moved else walked
