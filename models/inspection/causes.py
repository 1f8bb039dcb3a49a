"""Causes: what speaks for or against inspecting a line, each with its effect and its sentence.

Prohibitions, the line's own lot, rules, warnings, the random floor, recognised results and the risk
each say at least or at most how probable an inspection shall be. In the order of the policy's
precedence each narrows what those before it left open, and no more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Literal

from features import keys, ledger
from features.ledger import Entries
from features.moments import CIVIL
from features.reasons import Cause, Effect, Evidence, RiskLevel
from features.records import Certificate, Warning
from models.inspection.allocation.allocate import LEAST, Allocation
from models.inspection.policy import Policy, Recognition
from models.wording import percent

GRAVE = ("I", "II")  # under a warning of these levels nothing is recognised


@dataclass(frozen=True)
class Case:
    """What bears on a line besides what is believed of it.

    entries: warnings, certificates and inspections of its lot. rules: the effects of the rules that
    fire on it, in their order. items: hazards whose tests a rule demands.
    """

    entries: Entries = ledger.NONE
    rules: tuple[Effect, ...] = ()
    items: tuple[str, ...] = field(default=())


PLAIN = Case()


@dataclass(frozen=True)
class Weight:
    """What inspecting a line averts per hour, its level, and what an hour is worth now."""

    gain: float
    level: RiskLevel
    offer: Allocation


def effects(policy: Policy, case: Case, *, weight: Weight, as_of: datetime) -> tuple[Effect, ...]:
    """Return the effect of every cause that has one, in the order of precedence."""
    row = policy.lanes[weight.level]
    found: dict[Cause, Sequence[Effect]] = {
        "prohibition": [effect for effect in case.rules if effect.cause == "prohibition"],
        "rule": [effect for effect in case.rules if effect.cause == "rule"],
        "lot": _lot(policy, case.entries, as_of=as_of),
        "warning": [_warned(policy, warning) for warning in case.entries.warnings],
        "floor": [_floor(row.floor, weight)],
        "recognition": list(_recognised(policy, case.entries, as_of=as_of)),
        "risk": _risk(policy, weight),
    }
    return tuple(effect for cause in policy.precedence for effect in found[cause])


def least(told: Sequence[Effect]) -> list[float]:
    """Return the probability of inspection after each effect: the last one holds.

    An effect narrows the bounds that it finds and cannot leave them.
    """
    return [low for low, _ in bounds(told)][1:]


def bounds(told: Iterable[Effect]) -> list[tuple[float, float]]:
    """Return the least and the greatest probability before all effects and after each."""
    return list(accumulate(told, _narrowed, initial=(0.0, 1.0)))


def _narrowed(bounds: tuple[float, float], effect: Effect) -> tuple[float, float]:
    low, high = bounds
    raised = min(max(low, effect.least), high)
    return raised, max(raised, min(high, effect.most))


def _lot(policy: Policy, entries: Entries, *, as_of: datetime) -> list[Effect]:
    """Return that the line's lot has passed: by us, or by another agency.

    A warning of level I or II that was issued since speaks of what nobody looked for then.
    """
    warned = max((w.issued_at for w in entries.warnings if w.level in GRAVE), default=None)
    days = timedelta(days=policy.lot.days)
    if any(v.outcome == "fail" for v in entries.visits[:1]):
        return []
    passed: list[tuple[datetime, str, Certificate | None]] = [
        *((v.inspected_at, v.fact_id, None) for v in entries.visits if v.outcome == "pass"),
        *((c.issued_at, c.fact_id, c) for c in entries.certificates if _of_lot(c)),
    ]
    for at, fact_id, certificate in sorted(passed, key=lambda one: one[0], reverse=True):
        ends = at + days
        if certificate is not None and certificate.valid_until is not None:
            ends = certificate.valid_until
        if as_of < ends and (warned is None or warned < at):
            return [_spared(at, fact_id, certificate=certificate)]
    return []


def _of_lot(certificate: Certificate) -> bool:
    passed = certificate.outcome == "pass" and certificate.issuer == "agency"
    return passed and {"lot", "enterprise"} <= keys.named(certificate.scope).keys()


def _spared(at: datetime, fact_id: str, *, certificate: Certificate | None) -> Effect:
    who = ("本口岸", "here") if certificate is None else ("其他部门", "by another agency")
    kind: Literal["inspection", "certificate"] = (
        "inspection" if certificate is None else "certificate"
    )
    day = f"{at.astimezone(CIVIL):%Y-%m-%d}"
    return Effect(
        cause="lot",
        id=fact_id,
        most=0.0,
        zh=f"同一批次已由{who[0]}于 {day} 查验合格，有效期内不重复查验",
        en=f"the same lot passed {who[1]} on {day} and is not inspected twice",
        evidence=(Evidence(kind=kind, id=fact_id),),
    )


def _warned(policy: Policy, warning: Warning) -> Effect:
    asked = policy.warnings[warning.level]
    return Effect(
        cause="warning",
        id=warning.fact_id,
        least=asked.least,
        lane=asked.lane,
        zh=f"{warning.level} 级预警有效期内，查验概率不低于 {percent(asked.least)}",
        en=f"a warning of level {warning.level} is in force: at least {percent(asked.least)}",
        evidence=(Evidence(kind="warning", id=warning.fact_id),),
    )


def _floor(floor: float, weight: Weight) -> Effect:
    cut = floor * weight.offer.floor_share
    return Effect(
        cause="floor",
        id="",
        least=cut,
        zh=f"随机抽查下限 {percent(cut)}",
        en=f"at least {percent(cut)} of such lines by lot",
    )


def _recognised(policy: Policy, entries: Entries, *, as_of: datetime) -> Iterator[Effect]:
    """Yield what certificates do; under a warning of level I or II, results that failed only."""
    grave = any(warning.level in GRAVE for warning in entries.warnings)
    for certificate in entries.certificates:
        row = _row(policy, certificate, as_of=as_of)
        if row is not None and not (grave and row.outcome == "pass"):
            bound = (
                f"不高于 {percent(row.most)}" if row.most < 1 else f"不低于 {percent(row.least)}"
            )
            limit = (
                f"at most {percent(row.most)}" if row.most < 1 else f"at least {percent(row.least)}"
            )
            yield Effect(
                cause="recognition",
                id=certificate.fact_id,
                least=row.least,
                most=row.most,
                zh=f"{row.zh}：查验概率{bound}",
                en=f"{row.en}: {limit}",
                evidence=(Evidence(kind="certificate", id=certificate.fact_id),),
            )


def _row(policy: Policy, certificate: Certificate, *, as_of: datetime) -> Recognition | None:
    """Return the first row that fits a certificate, where it is valid and speaks of somebody."""
    if not ledger.specific(certificate.scope):
        return None
    goods = max(
        (v for p, v in certificate.scope.items() if p.startswith("hs")), key=len, default=""
    )
    for row in policy.recognition:
        fits = (
            row.outcome == certificate.outcome
            and row.issuer in (None, certificate.issuer)
            and (not row.issuers or certificate.issuer_id in row.issuers)
            and (not row.hs or goods.startswith(row.hs))
        )
        if fits:
            lasts = certificate.valid_until or certificate.issued_at + timedelta(days=row.days)
            return row if as_of < lasts else None
    return None


def _risk(policy: Policy, weight: Weight) -> list[Effect]:
    """Return that the harm averted per hour reaches the price; at the price, the plan's share."""
    gain, offer, row = weight.gain, weight.offer, policy.lanes[weight.level]
    if gain < offer.price:
        return []
    floor = row.floor * offer.floor_share
    share = 1.0 if gain > offer.price else offer.share
    price = (f"达到此时价格 {offer.price:.3g}", f"the price now is {offer.price:.3g}")
    if offer.price <= LEAST:
        price = ("此时工时充裕", "and there are hours for all")
    return [
        Effect(
            cause="risk",
            id="",
            least=floor + share * (row.most - floor),
            lane=row.risk,
            zh=f"每工时可避免损害 {gain:.3g}，{price[0]}",
            en=f"an hour averts {gain:.3g} of harm, {price[1]}",
        )
    ]
