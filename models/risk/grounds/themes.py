"""Themes: what a feature speaks of, whoever it speaks of."""

from features.aggregates import Aggregate
from features.contrasts import Contrast
from features.measures import CATEGORY, EXTRA, HAZARD

PRICE, SIZE, SEASON, WORDING, FIRST = "price", "size", "season", "wording", "first"
CREDIT, AGE, WARNINGS = "credit", "age", "warnings"
VOLUME, INSPECTIONS, REPORTS, HARM, COPIES = "volume", "inspections", "reports", "harm", "copies"
OF_THE_LINE = (PRICE, SIZE, SEASON, WORDING, FIRST, CREDIT, AGE, WARNINGS)  # the line's own alone
DECLARED = {
    "declaration_value_log": SIZE,
    "declaration_quantity_log": SIZE,
    "declaration_weight_log": SIZE,
    "declaration_unit_value_log": PRICE,
    "declaration_kilogram_value_log": PRICE,
    "declaration_day": SEASON,
    "declaration_weekday": SEASON,
    "declaration_year_day": SEASON,
}
FORMULAS = {"deviation": PRICE, "first": FIRST, "share": WORDING, "age": AGE}
HARMFUL = ("severe", "hazardous", "severity", "grave")
COPIED = ("repeated", "flood")
UNTOLD = ("mean", "decayed_sum")  # statistics whose numbers people are not told


def of_declared(name: str) -> str:
    """Return the theme of a declared number; an ``x_*`` column is one by itself."""
    return DECLARED.get(name, name)


def of_facts(aggregate: Aggregate, contrast: Contrast | None) -> str:
    """Return the theme of an aggregate, or of the contrast whose first input it is."""
    if contrast is not None and contrast.formula in FORMULAS:
        return FORMULAS[contrast.formula]
    measure = aggregate.measure or ""
    if measure.startswith((EXTRA, HAZARD, CATEGORY)):
        return measure
    if aggregate.kind in ("report", "annotation"):
        return _of_reports(measure.removesuffix("_once"))
    return OTHERS[aggregate.kind]


OTHERS = {
    "declaration": VOLUME,
    "inspection": INSPECTIONS,
    "enterprise": CREDIT,
    "warning": WARNINGS,
}


def _of_reports(measure: str) -> str:
    if measure in HARMFUL:
        return HARM
    return COPIES if measure in COPIED else REPORTS


def is_plain(aggregate: Aggregate | None, formula: str | None) -> bool:
    """Return whether people can be told a feature's number; if not, a sibling's is told."""
    if formula is not None or aggregate is None:
        return formula != "trend"
    return aggregate.how not in UNTOLD and aggregate.measure != "credibility_once"
