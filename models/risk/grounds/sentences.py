"""Sentences: what is said of each theme."""

from collections.abc import Callable

from features.measures import CATEGORY, HAZARD
from models.risk.grounds import (
    declarations,
    declared,
    inspections,
    reports,
    standing,
    themes,
)
from models.risk.grounds.case import Case, Said
from models.risk.grounds.ground import Member

SAY: dict[str, Callable[[Case, Member], Said]] = {
    themes.PRICE: declared.price,
    themes.SIZE: declared.size,
    themes.SEASON: declared.season,
    themes.WORDING: declarations.wording,
    themes.FIRST: declarations.first,
    themes.VOLUME: declarations.said,
    themes.INSPECTIONS: inspections.said,
    themes.REPORTS: reports.said,
    themes.HARM: reports.said,
    themes.COPIES: reports.said,
    themes.CREDIT: standing.credit,
    themes.AGE: standing.age,
    themes.WARNINGS: standing.warnings,
}


def say(case: Case, member: Member, *, theme: str) -> Said:
    """Return the sentence about one member of a ground."""
    aggregate = member.aggregate
    if aggregate is None:
        return SAY.get(theme, declared.own)(case, member)
    if case.number(member) is None and (column := case.silent(aggregate.key)) is not None:
        return declared.undeclared(case, column)
    if theme.startswith((HAZARD, CATEGORY)):
        return reports.said(case, member)
    return SAY.get(theme, inspections.said)(case, member)
