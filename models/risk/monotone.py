"""Directions: which way a feature may move the likelihood, where the domain knows it.

More failed inspections, more serious reports or a warning in force never lower it; a better credit
grade never raises it; the longer ago the last failure, the lower. What has no row here is free.
Source: 国发〔2017〕43号, which credits the honest and restrains the dishonest.
"""

from features.aggregates import Aggregate
from features.contrasts import Contrast
from features.feature_set import FeatureSet
from features.measures import HAZARD

UP, DOWN, FREE = 1, -1, 0
MORE_IS_WORSE = {
    "inspection": ("fail", "severe_fail"),
    "annotation": (
        *("relevant_once", "severe_once", "hazardous_once", "severity_once", "credibility_once"),
        HAZARD,
    ),
    "warning": ("grade",),
}
MORE_IS_BETTER = {"enterprise": ("credit_grade", "listed")}
SUMMED = ("count", "sum", "decayed_sum", "active", "last")


def directions(features: FeatureSet) -> list[int]:
    """Return 1, -1 or 0 for each feature: the likelihood never falls, never rises, or may do both.

    In the order of the feature set's names.
    """
    return [
        *(FREE for _ in features.numeric),
        *(_of_aggregate(aggregate) for aggregate in features.aggregates),
        *(_of_contrast(contrast) for contrast in features.contrasts),
    ]


def _of_aggregate(aggregate: Aggregate) -> int:
    measure = aggregate.measure or ""
    worse = measure.startswith(MORE_IS_WORSE.get(aggregate.kind, ("\0",)))
    if worse and aggregate.how in SUMMED:
        return UP
    if worse and aggregate.how == "days_since":
        return DOWN
    better = measure in MORE_IS_BETTER.get(aggregate.kind, ())
    return DOWN if better and aggregate.how in SUMMED else FREE


def _of_contrast(contrast: Contrast) -> int:
    rising = contrast.formula in ("shrunk_rate", "per_declaration")
    return _of_aggregate(contrast.inputs[0]) if rising else FREE
