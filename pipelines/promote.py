"""Promote: let a challenger decide, if it passes the gates; say why either way."""

from dataclasses import dataclass

from models import gates
from models.gates import Gates
from models.registry import CHALLENGER, CHAMPION, Registry


@dataclass(frozen=True)
class Promotion:
    """Which version, whether it is the champion now, and the sentences that say why."""

    model: str
    version: str
    promoted: bool
    why: tuple[str, ...]


def promote(registry: Registry, model: str, *, version: str | None, rules: Gates) -> Promotion:
    """Make a version (the newest, when none is named) the champion if it passes the gates.

    Text models have no gates yet but their own metrics; a version that fails becomes challenger.
    """
    chosen = version or registry.newest(model)
    current = registry.version(model, CHAMPION)
    metrics = registry.metrics(model, chosen)
    before = None if current in (None, chosen) else registry.metrics(model, str(current))
    failed = gates.failures(rules, metrics, champion=before) if model == "risk" else []
    why = tuple(failed) or (_passed(current, chosen),)
    alias = CHALLENGER if failed else CHAMPION
    registry.promote(model, chosen, alias=alias, why="; ".join(why))
    return Promotion(model, chosen, not failed, why)


def _passed(current: str | None, chosen: str) -> str:
    if current in (None, chosen):
        return "passed every gate"
    return f"passed every gate, in place of version {current}"
