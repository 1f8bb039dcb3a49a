"""Promote: let a version decide, if it passes the gates and a second person approves; say why."""

from dataclasses import dataclass
from datetime import datetime

from features.store import Store
from models import approval, gates
from models.approval import TRAINED_BY, Approval
from models.gates import Check, Gates
from models.registry import CHALLENGER, CHAMPION, Registry
from pipelines import compare as comparing
from pipelines import office
from pipelines.contenders import MODEL as RISK
from pipelines.contenders import Incomparable


@dataclass(frozen=True)
class Asked:
    """Which version (``None``: the newest) of which model, who approves it, when and why."""

    model: str
    version: str | None
    by: str
    at: datetime
    why: str | None = None


@dataclass(frozen=True)
class Promotion:
    """Which version, whether it is the champion now, the sentences that say why, and notes."""

    model: str
    version: str
    promoted: bool
    why: tuple[str, ...]
    notes: tuple[str, ...] = ()


def promote(registry: Registry, asked: Asked, *, store: Store, rules: Gates) -> Promotion:
    """Make a version the champion if it passes the gates; one that fails becomes challenger.

    Text models have no gates but the second person. store: where the lines are on which a risk
    model is compared with the champion.
    """
    chosen = asked.version or registry.newest(asked.model)
    by = approval.person(asked.by, "--approved-by")
    trained_by = registry.tags(asked.model, chosen).get(TRAINED_BY)
    current = registry.version(asked.model, CHAMPION)
    checks, notes = _judged(registry, asked, chosen=chosen, store=store, rules=rules)
    if rules.second_person:
        again = f"yujing promote --model {asked.model} --version {chosen}"
        checks.append(approval.second_person(by, trained_by, promote=again))
    if trained_by is None:
        notes.append("who trained this version is unknown: it was not recorded")
    failed = tuple(check.sentence for check in checks if not check.passed)
    why = failed or (_passed(current, chosen),)
    if not failed:
        told = "; ".join(filter(None, (asked.why, *why)))
        signed = Approval(by, asked.at, told, approval.passed(checks))
        office.enter(registry, asked.model, version=chosen, approval=signed, how="promoted")
    elif chosen != current:
        registry.promote(asked.model, chosen, alias=CHALLENGER, why="; ".join(why))
    return Promotion(asked.model, chosen, not failed, why, tuple(notes))


def _judged(
    registry: Registry, asked: Asked, *, chosen: str, store: Store, rules: Gates
) -> tuple[list[Check], list[str]]:
    """Return the gates that look at numbers, and what could not be looked at."""
    if asked.model != RISK:
        return [], []
    current = registry.version(RISK, CHAMPION)
    metrics = registry.metrics(RISK, chosen)
    if current in (None, chosen):
        return gates.checks(rules, metrics, champion=None), []
    before = registry.metrics(RISK, str(current))
    checks = gates.checks(rules, metrics, champion=before)
    pair = comparing.Asked(current, chosen, asked.at)
    try:
        found = comparing.compare(store, registry, asked=pair, rules=rules)
    except Incomparable as error:
        return checks, [f"not compared with the champion on the same lines: {error}"]
    high = found.found.differences["average_precision"].high
    return [*checks, gates.difference(rules, high)], []


def _passed(current: str | None, chosen: str) -> str:
    if current in (None, chosen):
        return "passed every gate"
    return f"passed every gate, in place of version {current}"
