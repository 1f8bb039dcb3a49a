"""Facts as windows see them: one kind, its keys' columns, two times, and integer measures.

``inspection`` facts take their keys from the declaration that was inspected; ``annotation`` facts
fall back to the report's own fields where the text models linked nothing. Measures are integers
(flags 0 or 1, fen, or millionths), so that sums are exact in any order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features import keys, links
from features.windows import NEVER, Integers

Tables = Mapping[str, pd.DataFrame]
TABLES = {
    "declaration": "declarations",
    "inspection": "inspections",
    "report": "reports",
    "annotation": "annotations",
    "enterprise": "enterprises",
    "warning": "warnings",
}
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


@dataclass(frozen=True)
class Kind:
    """n facts of one kind.

    columns: what keys are read from, ``None`` for missing. known: milliseconds from which each
    counts. told: when its version was told. superseded: when it ends.
    measures: name to n integers. ids: what a reason refers to. fact_ids: what a correction keeps.
    hazards: the hazards each fact names, a tuple of codes.
    """

    columns: dict[str, list[object]]
    known: Integers
    told: Integers
    superseded: Integers
    measures: dict[str, Integers]
    ids: npt.NDArray[np.object_]
    fact_ids: npt.NDArray[np.object_]
    hazards: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.known)


def of(
    tables: Tables,
    key_columns: list[str],
    *,
    extras: tuple[str, ...] = (),
    behind: Tables | None = None,
) -> dict[str, Kind]:
    """Return every kind of fact that the tables hold.

    tables: store frames by name. key_columns: what keys are read from. extras: numeric ``x_*``
    columns of inspections to measure. behind: where the declarations behind inspections and the
    reports behind annotations are looked up, when that is not in ``tables`` themselves.
    """
    behind = tables if behind is None else behind
    return {
        kind: _kind(
            kind,
            tables[table],
            grouped=_grouped(kind, tables[table], behind=behind),
            key_columns=key_columns,
            extras=extras if kind == "inspection" else (),
        )
        for kind, table in TABLES.items()
        if table in tables
    }


def _grouped(kind: str, frame: pd.DataFrame, *, behind: Tables) -> pd.DataFrame:
    """Return a table with the columns that its keys are read from."""
    if kind in _BEHIND:
        other, on = _BEHIND[kind]
        return links.linked(frame, behind[other], on=on)
    return links.scoped(frame) if kind == "warning" else frame


def _kind(
    kind: str,
    frame: pd.DataFrame,
    *,
    grouped: pd.DataFrame,
    key_columns: list[str],
    extras: tuple[str, ...],
) -> Kind:
    # What is measured is the fact's own; what it speaks of only groups it.
    own = frame.loc[grouped.index]
    known, told = _milliseconds(grouped["known_at"]), _milliseconds(own["known_at"])
    ids = own["fact_id"].to_numpy(object)
    return Kind(
        columns=keys.columns(grouped, key_columns),
        known=known,
        told=told,
        superseded=_ends(kind, ids, known=known, told=told),
        measures=MEASURES[kind](own) | _extra(own, extras),
        ids=own[_SHOWN.get(kind, "fact_id")].to_numpy(object),
        fact_ids=ids,
        hazards=_hazards(own),
    )


_BEHIND = {"inspection": ("declarations", "declaration_id"), "annotation": ("reports", "report_id")}
_SHOWN = {"annotation": "report_id"}


def _hazards(frame: pd.DataFrame) -> npt.NDArray[np.object_]:
    named = np.empty(len(frame), object)
    named[:] = list(frame["hazards"]) if "hazards" in frame else [()] * len(frame)
    return named


def _milliseconds(moments: pd.Series) -> Integers:
    whole: Integers = moments.dt.as_unit("ms").astype("int64").to_numpy()
    return whole


def joined(kind: str, old: Kind, *, new: Kind) -> Kind:
    """Return the facts of both; where a new one corrects an old one, the old one ends with it."""
    ids = np.concatenate([old.fact_ids, new.fact_ids])
    known = np.concatenate([old.known, new.known])
    told = np.concatenate([old.told, new.told])
    return Kind(
        columns={name: [*old.columns[name], *new.columns[name]] for name in old.columns},
        known=known,
        told=told,
        superseded=_ends(kind, ids, known=known, told=told),
        measures={m: np.concatenate([old.measures[m], new.measures[m]]) for m in old.measures},
        ids=np.concatenate([old.ids, new.ids]),
        fact_ids=ids,
        hazards=np.concatenate([old.hazards, new.hazards]),
    )


def _ends(kind: str, ids: npt.NDArray[np.object_], *, known: Integers, told: Integers) -> Integers:
    """Return when each fact ends. A register entry is a state: the latest is read, none ends."""
    return np.full(len(ids), NEVER) if kind == "enterprise" else _superseded(ids, known, told=told)


def _superseded(fact_ids: npt.NDArray[np.object_], known: Integers, *, told: Integers) -> Integers:
    """Return when the next version of the same fact counts, or ``NEVER``."""
    ids = pd.factorize(fact_ids)[0]
    order = np.lexsort((told, known, ids))
    follows = np.append(ids[order][1:] == ids[order][:-1], False)[: len(order)]
    superseded = np.full(len(ids), NEVER)
    superseded[order] = np.where(follows, np.append(known[order][1:], NEVER)[: len(order)], NEVER)
    return superseded


def _flag(condition: pd.Series) -> Integers:
    return condition.fillna(False).to_numpy(bool).astype(np.int64)


def _whole(values: pd.Series, scale: int = 1) -> Integers:
    """Return values as whole units of 1/scale; missing counts as zero."""
    return np.rint(values.astype(float).fillna(0).to_numpy() * scale).astype(np.int64)


def _declared(frame: pd.DataFrame) -> dict[str, Integers]:
    return {"value_fen": _whole(frame["value_fen"])}


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
    return {**flags, **once, **present, **copies}


def _registered(frame: pd.DataFrame) -> dict[str, Integers]:
    return {
        "credit": _whole(frame["credit_grade"].map(CREDIT)),
        "listed": _whole(frame["listed"].map(LISTED)),
    }


def _warned(frame: pd.DataFrame) -> dict[str, Integers]:
    return {"grade": _whole(frame["level"].map(WARNING_GRADE))}


MEASURES = {
    "declaration": _declared,
    "inspection": _inspected,
    "report": _reported,
    "annotation": _annotated,
    "enterprise": _registered,
    "warning": _warned,
}


def _extra(frame: pd.DataFrame, names: tuple[str, ...]) -> dict[str, Integers]:
    """Return ``x_*`` columns in millionths, each with a flag that says where it is present.

    A text where others have a number is missing.
    """
    silent = pd.Series(np.nan, index=frame.index)
    columns = {n: pd.to_numeric(frame.get(n, silent), errors="coerce") for n in names}
    present = {present_name(name): _flag(column.notna()) for name, column in columns.items()}
    return {name: _whole(column, MILLION) for name, column in columns.items()} | present


def present_name(measure: str) -> str:
    """Return the measure that flags where another is not missing."""
    return f"{measure}_present"
