"""Reasons: the few sentences that say why a line's likelihood is what it is.

What the features of one thing add to the likelihood is added up, and the thing is said once
(``grounds``), beside what is usual for such goods (``grounds/usual.py``).
"""

from features import evidence
from features.build import Questions, Rows
from features.index import Index
from features.plans import Numbers
from features.reasons import Reason
from models.risk.assess import Assessment
from models.risk.grounds import declared
from models.risk.grounds.case import Case
from models.risk.grounds.ground import Ground, Grounds
from models.risk.grounds.sentences import say
from models.risk.model import RiskModel

SHOWN, WEIGHED = 4, 8  # reasons that are told, grounds that are looked at for them
WORTH_SAYING = 0.05  # log-odds: what moves the likelihood less is not a reason


def reasons(
    model: RiskModel, rows: Rows, *, assessment: Assessment, questions: Questions, index: Index
) -> list[tuple[Reason, ...]]:
    """Return for each line the grounds that raised its likelihood most, strongest first.

    A ground's strength is what all of its features add; its feature and value are of the member
    that is told. What a line does not declare is a ground too: all that its absence adds. Grounds
    of one theme that rest on the same latest facts, as reports about a brand and about its goods
    often do, are one reason: it is told of the strongest and adds what all of them add.
    """
    sums = model.grounds.sums(assessment.contributions)
    cases = (Case(model.typical, rows, questions, index, row) for row in range(len(sums)))
    return [
        _told(model.grounds, case, added=added, pushes=pushes)
        for case, added, pushes in zip(cases, sums, assessment.contributions, strict=True)
    ]


def _told(grounds: Grounds, case: Case, *, added: Numbers, pushes: Numbers) -> tuple[Reason, ...]:
    found: dict[object, Reason] = {}
    lacking = case.lacking(grounds.by_column)
    for strength, ground in grounds.strongest(added, lacking=lacking, most=WEIGHED):
        if strength < WORTH_SAYING or len(found) == SHOWN:
            break
        if isinstance(ground, str):
            found[ground] = _undeclared(case, ground, strength=strength)
            continue
        one = _reason(case, ground, strength=strength, pushes=pushes)
        about = (ground.theme, one.evidence) if one.evidence else one.zh
        first = found.get(about)
        found[about] = one if first is None else _joined(first, one)
    return tuple(sorted(found.values(), key=lambda reason: -reason.contribution))


def _joined(first: Reason, other: Reason) -> Reason:
    both = first.contribution + other.contribution
    return first.model_copy(update={"contribution": both})


def _undeclared(case: Case, column: str, *, strength: float) -> Reason:
    said = declared.undeclared(case, column)
    return Reason(feature=column, value=None, contribution=strength, zh=said.zh, en=said.en)


def _reason(case: Case, ground: Ground, *, strength: float, pushes: Numbers) -> Reason:
    member = ground.leader(case.numbers, pushes)
    said = say(case, member, theme=ground.theme)
    return Reason(
        feature=member.name,
        value=case.number(member),
        contribution=strength,
        zh=said.zh,
        en=said.en,
        evidence=() if said.facts is None else evidence.references(said.facts),
    )
