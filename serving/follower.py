"""The follower: an index of what the store holds, kept up with whatever any process appends."""

from collections.abc import Mapping, Sequence

from features import memory
from features.feature_set import FeatureSet
from features.index import Index
from features.records import Record
from features.store import Store

# A new fact of the first table is read together with the one it speaks of.
BEHIND = {
    "inspections": ("declarations", "declaration_id"),
    "annotations": ("reports", "report_id"),
}


class Follower:
    """The index that one feature set reads. Questions may be asked while it learns."""

    def __init__(self, store: Store, features: FeatureSet, *, text_version: str | None) -> None:
        """Read the whole store: seconds to minutes, so not while somebody waits."""
        self.features, self.text_version = features, text_version
        self._store = store
        self._seen = {table: store.position(table) for table in memory.tables(features)}
        frames = {table: store.frame(table, through=seen) for table, seen in self._seen.items()}
        self.facts = sum(map(len, frames.values()))
        self.index: Index = memory.recall(frames, features, text_version=text_version)

    def follow(self) -> int:
        """Learn what was appended since the last time; return how many facts."""
        new: dict[str, list[Record]] = {}
        seen = dict(self._seen)
        for table in seen:
            seen[table], new[table] = self._store.after(table, seen[table])
        fresh = {table: records for table, records in new.items() if records}
        if fresh:
            memory.learn(
                self.index,
                self.features,
                new=fresh,
                behind=self._behind(fresh),
                text_version=self.text_version,
            )
        self._seen = seen
        count = sum(map(len, fresh.values()))
        self.facts += count
        return count

    def _behind(self, new: Mapping[str, Sequence[Record]]) -> dict[str, list[Record]]:
        return {
            other: self._store.told(other, key, values=[getattr(fact, key) for fact in new[table]])
            for table, (other, key) in BEHIND.items()
            if table in new
        }
