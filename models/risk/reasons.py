"""Reasons: the few sentences that say why a line's likelihood is what it is.

What the features of one thing add to the likelihood is added up, and the thing is said once
(``grounds``), beside what is usual for such goods (``grounds/usual.py``).
"""

from features import evidence
from features.build import Questions, Rows
from features.index import Index
from features.judgements import Reason
from features.plans import Numbers
from models.risk.assess import Assessment
from models.risk.grounds import declared
from models.risk.grounds.case import Case
from models.risk.grounds.ground import Ground
from models.risk.grounds.sentences import say
from models.risk.model import RiskModel

SHOWN = 4
WORTH_SAYING = 0.05  # log-odds: what moves the likelihood less is not a reason


def reasons(
    model: RiskModel, rows: Rows, *, assessment: Assessment, questions: Questions, index: Index
) -> list[tuple[Reason, ...]]:
    """Return for each line the grounds that raised its likelihood most, strongest first.

    A ground's strength is what all of its features add; its feature and value are of the member
    that is told. What a line does not declare is a ground too: all that its absence adds.
    """
    sums = model.grounds.sums(assessment.contributions)
    cases = (Case(model.typical, rows, questions, index, row) for row in range(len(sums)))
    return [
        tuple(
            _undeclared(case, ground, strength=strength)
            if isinstance(ground, str)
            else _reason(case, ground, strength=strength, pushes=pushes)
            for strength, ground in model.grounds.strongest(
                added, lacking=case.lacking(model.grounds.by_column), most=SHOWN
            )
            if strength >= WORTH_SAYING
        )
        for case, added, pushes in zip(cases, sums, assessment.contributions, strict=True)
    ]


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
