"""Measures: what windows sum over each kind of fact, as integers so that sums are exact.

A measure is a flag (0 or 1), fen, a grade, or a real number in millionths. Those that begin with
``x_``, ``hazard_`` or ``category_`` are computed only where a feature asks for them.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from features.moments import DAY_MS
from features.windows import Integers

MILLION = 1_000_000
CREDIT = {"A": 4, "B": 3, "C": 2, "D": 1}
LISTED = {"red": 1, "black": -1}
WARNING_GRADE = {"I": 4, "II": 3, "III": 2, "IV": 1}
# Channels whose reports come from professionals or from harm already done.
GRAVE_CHANNELS = (
    "laboratory",
    "overseas_notice",
    "injury",
    "food_borne_illness",
    "traffic_accident",
    "fire",
)
HAZARD, CATEGORY, EXTRA = "hazard_", "category_", "x_"
IN_MILLIONTHS = ("credibility_once", "unit_value_log", "kilogram_value_log")


def of(kind: str, frame: pd.DataFrame, *, asked: Sequence[str] = ()) -> dict[str, Integers]:
    """Return the measures of n facts of one kind: those it always has, and those asked for.

    frame: the facts as the store shows them. What is missing counts as zero; where that matters,
    ``present_name`` flags where it is told.
    """
    found = MEASURES[kind](frame)
    for measure in asked:
        found |= _asked(kind, frame, measure=measure)
    return found


def present_name(measure: str) -> str:
    """Return the measure that flags where another is not missing."""
    return f"{measure}_present"


def is_asked(kind: str, measure: str) -> bool:
    """Return whether a kind has a measure only where it is asked for."""
    return measure.startswith(ASKED.get(kind, ()))


def scale(measure: str | None) -> int:
    """Return what one unit of a measure is held as: 1, or a million millionths."""
    real = measure is not None and measure.startswith((EXTRA, *IN_MILLIONTHS))
    return MILLION if real else 1


ASKED = {
    "inspection": (EXTRA,),
    "report": (CATEGORY,),
    "annotation": (HAZARD, CATEGORY),
}


def _flag(condition: pd.Series) -> Integers:
    return condition.fillna(False).to_numpy(bool).astype(np.int64)


def _whole(values: pd.Series, unit: int = 1) -> Integers:
    """Return values as whole units of 1/unit; missing counts as zero."""
    return np.rint(values.astype(float).fillna(0).to_numpy() * unit).astype(np.int64)


def _real(name: str, values: pd.Series) -> dict[str, Integers]:
    """Return real numbers in millionths, with the flag that says where one is told."""
    return {name: _whole(values, MILLION), present_name(name): _flag(values.notna())}


def _declared(frame: pd.DataFrame) -> dict[str, Integers]:
    worth = frame["value_fen"].astype(float)
    return {
        "value_fen": _whole(worth),
        **_real("unit_value_log", _log_ratio(worth, frame["quantity"])),
        **_real("kilogram_value_log", _log_ratio(worth, frame["net_weight_kg"])),
    }


def _log_ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    """Return the logarithm of a ratio, missing unless both are above zero."""
    told = (above > 0) & (below.astype(float) > 0)
    ratio = above.where(told) / below.astype(float).where(told)
    logged: pd.Series = np.log(ratio)
    return logged


def _inspected(frame: pd.DataFrame) -> dict[str, Integers]:
    failed = frame["outcome"] == "fail"
    return {
        "fail": _flag(failed),
        "severe_fail": _flag(failed & (frame["severity"] >= 3)),
        "severity": _whole(frame["severity"].where(failed)),
        "severity_present": _flag(failed & frame["severity"].notna()),
    }


def _reported(frame: pd.DataFrame) -> dict[str, Integers]:
    return {"grave": _flag(frame["channel"].isin(GRAVE_CHANNELS))}


def _annotated(frame: pd.DataFrame) -> dict[str, Integers]:
    """Return what was read, of every report and ``_once``: of the first of each cluster only.

    A copy is no second event, but its cluster's first one was counted when it came; so a flood adds
    what one report adds, whether it was recognised yet or not.
    """
    relevant, first = frame["relevant"].astype(bool), _flag(frame["cluster_size"] == 1)
    flags = {
        "relevant": _flag(relevant),
        "severe": _flag(relevant & (frame["severity"] >= 3)),
        "hazardous": _flag(relevant & (frame["hazards"].map(len) > 0)),
        "negative": _flag(relevant & (frame["sentiment"] < 0)),
        "severity": _whole(frame["severity"].where(relevant)),
        "severity_present": _flag(relevant & frame["severity"].notna()),
    }
    once = {f"{name}_once": flag * first for name, flag in flags.items()}
    present = {
        present_name("severity_once"): once.pop("severity_present_once"),
        present_name("negative_once"): first,
    }
    copies = {
        "repeated": _flag(relevant) * (1 - first),
        "flood": _flag(frame["flood"]) * _flag(relevant),
    }
    credible = _whole(frame["credibility"].where(relevant), MILLION) * first
    return {**flags, **once, **present, **copies, "credibility_once": credible}


def _registered(frame: pd.DataFrame) -> dict[str, Integers]:
    grade = frame["credit_grade"].map(CREDIT)
    day = frame["registered_at"].dt.as_unit("ms").astype("int64") // DAY_MS
    told = frame["registered_at"].notna()
    return {
        "credit_grade": _whole(grade),
        present_name("credit_grade"): _flag(grade.notna()),
        "listed": _whole(frame["listed"].map(LISTED)),
        present_name("listed"): np.ones(len(frame), np.int64),
        "registered_day": _whole(day.where(told)),
        present_name("registered_day"): _flag(told),
    }


def _warned(frame: pd.DataFrame) -> dict[str, Integers]:
    return {"grade": _whole(frame["level"].map(WARNING_GRADE))}


MEASURES: dict[str, Callable[[pd.DataFrame], dict[str, Integers]]] = {
    "declaration": _declared,
    "inspection": _inspected,
    "report": _reported,
    "annotation": _annotated,
    "enterprise": _registered,
    "warning": _warned,
}


def _asked(kind: str, frame: pd.DataFrame, *, measure: str) -> dict[str, Integers]:
    if measure.startswith(EXTRA):
        silent = pd.Series(np.nan, index=frame.index)
        # A text where others have a number is missing.
        return _real(measure, pd.to_numeric(frame.get(measure, silent), errors="coerce"))
    counts = pd.Series(True, index=frame.index)
    if kind == "annotation":
        counts = frame["relevant"].astype(bool) & (frame["cluster_size"] == 1)
    if measure.startswith(HAZARD):
        hazard = measure.removeprefix(HAZARD)
        return {measure: _flag(counts & frame["hazards"].map(lambda named: hazard in named))}
    return {measure: _flag(counts & (frame["category"] == measure.removeprefix(CATEGORY)))}
