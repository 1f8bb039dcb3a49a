"""The board: every decision in a few columns, in memory, so that the queue is sorted at once.

It follows the store by sequence: decisions of other processes and of the batch door come too. All
else that a page shows is read from the store, for that page's rows only.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import pandas as pd

from features.judgements import Decision
from features.records import Declaration, Record
from features.store import Store

FIELDS = ("declaration_id", "decided_at", "likelihood", "level", "lane", "degraded")
LEVELS = ("low", "medium", "high", "serious")
LANES = ("release", "documents", "sampling", "full")


class Board:
    """The decisions, oldest first. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._seen = 0
        self._frame: pd.DataFrame | None = None

    def frame(self) -> pd.DataFrame:
        """Return a row per decision: its id, ``FIELDS`` and the port, up to this moment.

        Nobody may write into it: the next reader gets the same one.
        """
        with self._lock:
            if self._frame is None:
                self._seen = self._store.position("decisions")
                self._frame = _shaped(self._read())
            seen, new = self._store.after("decisions", self._seen)
            if new:
                joined = pd.concat([self._frame, _shaped(self._rows(new))], ignore_index=True)
                self._frame, self._seen = joined, seen
            return self._frame

    def _read(self) -> pd.DataFrame:
        decisions = self._store.frame("decisions", through=self._seen, fields=FIELDS)
        ports = self._store.frame("declarations", fields=("declaration_id", "port"))
        newest = ports.drop_duplicates("declaration_id", keep="last").set_index("declaration_id")
        port = decisions["declaration_id"].map(newest["port"])
        return decisions.assign(port=port).drop(columns="known_at")

    def _rows(self, decisions: Sequence[Record]) -> pd.DataFrame:
        made = [d for d in decisions if isinstance(d, Decision)]
        found = self._store.select(
            "declarations", "declaration_id", values=[d.declaration_id for d in made]
        )
        ports = {d.declaration_id: d.port for d in found if isinstance(d, Declaration)}
        rows: list[dict[str, Any]] = [
            {
                "fact_id": d.fact_id,
                **{name: getattr(d, name) for name in FIELDS},
                "port": ports.get(d.declaration_id),
            }
            for d in made
        ]
        return pd.DataFrame(rows)


def _shaped(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns in the types they are compared and sorted by."""
    return frame.assign(
        decided_at=frame["decided_at"].astype("datetime64[ms, UTC]"),
        level=pd.Categorical(frame["level"], LEVELS, ordered=True),
        lane=pd.Categorical(frame["lane"], LANES, ordered=True),
        port=frame["port"].astype("str"),
    )
