"""Facts as windows see them: one kind, its keys' columns, two times, and integer measures.

``inspection`` facts take their keys from the declaration that was inspected; ``annotation`` facts
fall back to the report's own fields where the text models linked nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from features import keys, links, measures
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


@dataclass(frozen=True)
class Kind:
    """n facts of one kind.

    columns: what keys are read from, ``None`` for missing. known: milliseconds from which each
    counts. told: when its version was told. superseded: when the next version counts instead.
    lapses: when it says that it ends (a warning's end), or ``NEVER``. measures: name to n integers.
    ids: what a reason refers to. fact_ids: what a correction keeps. hazards: the hazards each fact
    names, a tuple of codes. items: the tests that each says were run, a tuple of words. complaints:
    whether each came as a complaint.
    """

    columns: dict[str, list[object]]
    known: Integers
    told: Integers
    superseded: Integers
    lapses: Integers
    measures: dict[str, Integers]
    ids: npt.NDArray[np.object_]
    fact_ids: npt.NDArray[np.object_]
    hazards: npt.NDArray[np.object_]
    items: npt.NDArray[np.object_]
    complaints: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.known)

    @cached_property
    def named(self) -> tuple[list[str], npt.NDArray[np.bool_]]:
        """Every hazard that is named, and a matrix of who names which: (n, hazards)."""
        names = list(dict.fromkeys(name for words in self.hazards for name in words))
        place = {name: column for column, name in enumerate(names)}
        flags = np.zeros((len(self), len(names)), bool)
        for row, words in enumerate(self.hazards):
            flags[row, [place[name] for name in words]] = True
        return names, flags


def of(
    tables: Tables,
    key_columns: list[str],
    *,
    asked: Mapping[str, Sequence[str]] | None = None,
    behind: Tables | None = None,
) -> dict[str, Kind]:
    """Return every kind of fact that the tables hold.

    tables: store frames by name. key_columns: what keys are read from. asked: by kind, the measures
    that are computed only where a feature asks. behind: where the declarations behind inspections
    and the reports behind annotations are looked up, when that is not in ``tables`` themselves.
    """
    behind = tables if behind is None else behind
    return {
        kind: _kind(
            kind,
            tables[table],
            grouped=_grouped(kind, tables[table], behind=behind),
            key_columns=key_columns,
            asked=(asked or {}).get(kind, ()),
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
    asked: Sequence[str],
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
        lapses=_lapses(own),
        measures=measures.of(kind, own, asked=asked),
        ids=own[_SHOWN.get(kind, "fact_id")].to_numpy(object),
        fact_ids=ids,
        hazards=_words(own, "hazards"),
        items=_words(own, "items"),
        complaints=_complaints(grouped),
    )


_BEHIND = {"inspection": ("declarations", "declaration_id"), "annotation": ("reports", "report_id")}
_SHOWN = {"annotation": "report_id"}
COMPLAINING = ("12315", "12345", "12365")  # channels by which people complain


def _words(frame: pd.DataFrame, column: str) -> npt.NDArray[np.object_]:
    """Return a list of words for each fact, an empty one where the table has none."""
    named = np.empty(len(frame), object)
    named[:] = list(frame[column]) if column in frame else [()] * len(frame)
    return named


def _complaints(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return whether each fact, or the report it was read in, came as a complaint."""
    if "channel" not in frame:
        return np.zeros(len(frame), bool)
    return frame["channel"].isin(COMPLAINING).to_numpy(bool)


def _lapses(frame: pd.DataFrame) -> Integers:
    """Return when each fact says that it ends, or ``NEVER``."""
    if "ends_at" not in frame:
        return np.full(len(frame), NEVER)
    ends = frame["ends_at"]
    return np.where(ends.notna(), ends.dt.as_unit("ms").astype("int64"), NEVER)


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
        lapses=np.concatenate([old.lapses, new.lapses]),
        measures={m: np.concatenate([old.measures[m], new.measures[m]]) for m in old.measures},
        ids=np.concatenate([old.ids, new.ids]),
        fact_ids=ids,
        hazards=np.concatenate([old.hazards, new.hazards]),
        items=np.concatenate([old.items, new.items]),
        complaints=np.concatenate([old.complaints, new.complaints]),
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
