"""Rollback: the version that was champion before decides again, and why is kept."""

from dataclasses import dataclass
from datetime import datetime

from features.errors import Conflict, Invalid, NotReady
from models import approval, succession
from models.approval import Approval
from models.registry import CHAMPION, Registry
from models.succession import Turn
from pipelines import office


@dataclass(frozen=True)
class Asked:
    """Which model, to which version (``None``: the one before), who wants it, when and why."""

    model: str
    to: str | None
    by: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Returned:
    """Which version left, and which one decides again."""

    model: str
    left: str
    version: str


def rollback(registry: Registry, asked: Asked) -> Returned:
    """Let an earlier champion decide again; ``Conflict`` where the version never was champion.

    Nobody else needs to approve: the version was approved before, and haste may be needed.
    """
    by = approval.person(asked.by, "--by")
    if not asked.why.strip():
        raise Invalid(f"--why {asked.why!r} gives no reason; say why the champion must go")
    left = registry.version(asked.model, CHAMPION)
    if left is None:
        raise NotReady(f"{asked.model!r} has no champion to go back from; promote a version first")
    turns = [Turn.from_json(text) for text in registry.history(asked.model)]
    version = _target(turns, asked, left=left)
    registry.tags(asked.model, version)  # it is still there, or an error names it
    signed = Approval(by, asked.at, f"in place of version {left}: {asked.why.strip()}", {})
    office.enter(registry, asked.model, version=version, approval=signed, how="rolled back")
    return Returned(asked.model, left, version)


def _target(turns: list[Turn], asked: Asked, *, left: str) -> str:
    walked = succession.line(turns, current=left)
    if asked.to is None and len(walked) < 2:
        raise NotReady(
            f"no version of {asked.model!r} was champion before version {left}; "
            "promote another one instead"
        )
    if asked.to is None:
        return walked[-2]
    if asked.to == left:
        raise Conflict(f"version {left} of {asked.model!r} is the champion; nothing to go back to")
    if asked.to not in {turn.version for turn in turns}:
        raise Conflict(
            f"version {asked.to!r} of {asked.model!r} never was champion; promote it instead: "
            f"yujing promote --model {asked.model} --version {asked.to}"
        )
    return asked.to
