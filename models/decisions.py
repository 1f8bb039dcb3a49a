"""Decisions: declared lines in, decisions out. The one function that both doors share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from features import build, moments
from features.index import Index
from features.judgements import Decision
from features.ledger import Ledger
from features.records import Declaration
from models import judge
from models.inspection import signs
from models.inspection.causes import Case
from models.inspection.decide import Belief, Line, Terms, decide
from models.inspection.items import NOTHING, Signs
from models.inspection.rules import rules as fixed
from models.inspection.rules.rules import Rules
from models.risk.model import RiskModel


@dataclass(frozen=True)
class Learned:
    """A risk model with the index that its features are asked of."""

    model: RiskModel
    index: Index


@dataclass(frozen=True)
class Known:
    """What is known when lines are decided.

    ledger: warnings, certificates and lots. ruled: the index of what rules ask of the facts.
    learned: the champion, or ``None`` where the policy's base rates answer, marked degraded.
    """

    ledger: Ledger
    ruled: Index
    learned: Learned | None


def decisions(
    declarations: Sequence[Declaration], *, known: Known, terms: Terms, as_of: datetime
) -> list[Decision]:
    """Return the decision on each line as of a moment, in order."""
    beliefs = _beliefs(declarations, known, terms=terms, as_of=as_of)
    bearing = cases(declarations, known, rules=terms.agency.rules, as_of=as_of)
    lines = [Line(*told) for told in zip(declarations, beliefs, bearing, strict=True)]

    def look(position: int) -> Signs:
        if known.learned is None:
            return NOTHING
        return signs.signs(
            declarations[position],
            index=known.learned.index,
            features=known.learned.model.features,
            policy=terms.policy,
            as_of=as_of,
        )

    return decide(lines, terms=terms, as_of=as_of, look=look)


def _beliefs(
    declarations: Sequence[Declaration], known: Known, *, terms: Terms, as_of: datetime
) -> list[Belief]:
    if known.learned is None:
        return [judge.base(terms.policy, terms.agency.matrix)] * len(declarations)
    model, index = known.learned.model, known.learned.index
    return judge.judge(
        declarations, model=model, matrix=terms.agency.matrix, index=index, as_of=as_of
    )


def cases(
    declarations: Sequence[Declaration], known: Known, *, rules: Rules, as_of: datetime
) -> list[Case]:
    """Return what bears on each line besides what is believed: what is on record, and rules."""
    asked = build.asking(declarations, rules.features, as_of=as_of)
    rows = build.answer(asked, rules.features, facts=known.ruled)
    columns = fixed.columns(rules, asked, rows=rows)
    moment = [moments.milliseconds(as_of)] * len(declarations)
    found = fixed.fired(rules, columns, as_of=moment)
    return [
        Case(
            known.ledger.of(line, as_of=as_of),
            tuple(rule.effect for rule in fired),
            tuple(hazard for rule in fired for hazard in rule.items),
        )
        for line, fired in zip(declarations, found, strict=True)
    ]
