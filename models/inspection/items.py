"""Items: which tests to run, chosen by the hazards that the evidence supports, each with its why.

What a rule or a warning demands comes first, then what rises, what was found, what is reported,
and what such goods are usually tested for. A test that they have long passed, with nothing heard
since, is rotated out: it is run on a small share of lines only, drawn by lot, and never forgotten.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from features.reasons import Evidence, Item, Lane
from features.records import Declaration
from models.inspection.causes import Case
from models.inspection.draws import draw
from models.inspection.lanes import INTENSITY
from models.inspection.policy import Choice, Policy


@dataclass(frozen=True)
class Sign:
    """What is known of one hazard of such goods.

    weight: of all signs, nearer and newer ones weighing more. recent, before: reports and failures
    that name it in the recent days and in the days before them. failures, reports: of all these
    days. passes: tests for it that goods of the same source passed since their last failure. quiet:
    days since the last sign of it there, ``None`` where there was none. evidence: newest first.
    """

    weight: float = 0.0
    recent: int = 0
    before: int = 0
    failures: int = 0
    reports: int = 0
    passes: int = 0
    quiet: float | None = None
    evidence: tuple[Evidence, ...] = ()


Signs = Mapping[str, Sign]
NOTHING: Signs = {}
SILENT = Sign()


@dataclass(frozen=True)
class Asked:
    """An inspected line, what bears on it, its lane, its hazards' signs, and the day's secret."""

    declaration: Declaration
    case: Case
    lane: Lane
    signs: Signs
    secret: bytes


@dataclass(frozen=True)
class Chosen:
    """A hazard to test for: how pressing (lowest first), and why in both languages."""

    hazard: str
    rank: int
    weight: float
    zh: str
    en: str
    evidence: tuple[Evidence, ...] = ()


DEMANDED, WARNED, RISING, FOUND, REPORTED, USUAL, ROTATED = range(7)
WHY = {
    RISING: (
        "近 {choice.recent} 天有 {sign.recent} 条不合格或风险信息，"
        "此前 {rest} 天共 {sign.before} 条：上升",
        "{sign.recent} failures or reports in {choice.recent} days, {sign.before} in the {rest} "
        "before: rising",
    ),
    FOUND: (
        "此类商品 {choice.days} 天内有 {sign.failures} 次因此不合格",
        "failures of such goods for it in {choice.days} days: {sign.failures}",
    ),
    REPORTED: (
        "此类商品 {choice.days} 天内有 {sign.reports} 条风险信息提及",
        "reports on such goods that name it in {choice.days} days: {sign.reports}",
    ),
    USUAL: ("此类商品的常规项目", "usual for such goods"),
    ROTATED: (
        "已连续 {sign.passes} 次检出合格且近期无信息，轮换抽检（{choice.floor:.0%}）",
        "passed {sign.passes} times running with nothing heard: on {choice.floor:.0%} of lines, "
        "by lot",
    ),
}


def items(policy: Policy, asked: Asked) -> tuple[Item, ...]:
    """Return the tests for an inspected line, the most pressing first, each with its reason.

    At most as many as the policy says, but all that rules and warnings demand. Others only where
    the lane can run them: a look at papers takes no sample. Where none is left, the usual tests. A
    hazard that the policy has no test for is passed over.
    """
    chosen = sorted(_chosen(policy, asked), key=lambda c: (c.rank, -c.weight, c.hazard))
    able = INTENSITY[asked.lane]
    tests = [
        (hazard, test)
        for hazard in chosen
        for test in policy.items.get(hazard.hazard, ())
        if hazard.rank <= WARNED or INTENSITY[test.lane] <= able
    ]
    most = policy.choice.most
    kept = [pair for place, pair in enumerate(tests) if place < most or pair[0].rank <= WARNED]
    told = [
        Item(
            hazard=c.hazard,
            zh=test.zh,
            en=test.en,
            why_zh=c.zh,
            why_en=c.en,
            evidence=c.evidence,
        )
        for c, test in kept
    ]
    return tuple(told) or tuple(_usual(policy, known=bool(chosen)))


def _usual(policy: Policy, *, known: bool) -> Iterator[Item]:
    zh, en = "该类商品没有已知的危害线索", "no hazard of such goods is known"
    if known:
        zh, en = "单证审核不取样", "a look at papers takes no sample"
    for test in policy.usual_items:
        yield Item(hazard="", zh=test.zh, en=test.en, why_zh=zh, why_en=en)


def _chosen(policy: Policy, asked: Asked) -> list[Chosen]:
    """Return every hazard that is tested for, once, by its most pressing reason."""
    usual = goods(policy, asked.declaration.hs_code)
    found = [
        *_demanded(asked),
        *(
            chosen
            for hazard in dict.fromkeys((*asked.signs, *usual))
            for chosen in _known(policy, hazard, asked=asked)
        ),
    ]
    first: dict[str, Chosen] = {}
    for chosen in sorted(found, key=lambda c: c.rank):
        first.setdefault(chosen.hazard, chosen)
    return list(first.values())


def _demanded(asked: Asked) -> Iterator[Chosen]:
    for hazard in asked.case.items:
        yield Chosen(hazard, DEMANDED, 0.0, "规则要求", "a rule demands it")
    for warning in asked.case.entries.warnings:
        because = (Evidence(kind="warning", id=warning.fact_id),)
        zh = f"{warning.level} 级预警指明此危害"
        en = f"a warning of level {warning.level} names it"
        for hazard in warning.hazards:
            yield Chosen(hazard, WARNED, 0.0, zh, en, because)


def _known(policy: Policy, hazard: str, *, asked: Asked) -> Iterator[Chosen]:
    """Yield the hazard if it is tested for, by what is known of it."""
    choice, sign = policy.choice, asked.signs.get(hazard, SILENT)
    rank, name = _rank(choice, sign), asked.declaration.declaration_id
    if rank < ROTATED or draw.item(asked.secret, name, hazard=hazard) < choice.floor:
        told = {"choice": choice, "sign": sign, "rest": choice.days - choice.recent}
        zh, en = (sentence.format(**told) for sentence in WHY[rank])
        yield Chosen(hazard, rank, sign.weight, zh, en, sign.evidence)


def _rank(choice: Choice, sign: Sign) -> int:
    """Return how pressing a hazard is by its signs.

    It rises when signs come faster in the recent days than in the days before them. It is rotated
    out after so many passes running, when nothing was heard for so long.
    """
    pace = sign.before * choice.recent / max(choice.days - choice.recent, 1)
    if sign.recent >= choice.signals and sign.recent > choice.faster * pace:
        return RISING
    if sign.passes >= choice.passes and (sign.quiet is None or sign.quiet >= choice.quiet):
        return ROTATED
    if sign.failures:
        return FOUND
    return REPORTED if sign.reports else USUAL


def goods(policy: Policy, hs_code: str | None) -> tuple[str, ...]:
    """Return the hazards that goods are usually tested for: the longest beginning that fits."""
    fits = [code for code in policy.goods if (hs_code or "").startswith(code)]
    return policy.goods[max(fits, key=len)] if fits else ()
