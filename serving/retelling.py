"""The retelling: the clusters of reports that say nearly the same, kept up with the store.

Whatever any process stored is taken in the order in which the store has it; so a report that comes
to two processes at the same moment is the first of its cluster in one of them only.
"""

from collections.abc import Sequence
from threading import Lock

from features import retold
from features.judgements import Annotation
from features.store import Store
from models.text.duplicates.clusters import Clusters


class Retelling:
    """The clusters as the store last was; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store, self._seen, self._clusters = store, retold.Seen(), Clusters()
        self._lock = Lock()

    def follow(self) -> None:
        """Learn what was stored since; the first time, all: minutes for a million reports."""
        with self._lock:
            self._follow()

    def marked(self, annotations: Sequence[Annotation]) -> list[Annotation]:
        """Return annotations with their clusters; their reports must be stored already."""
        with self._lock:
            self._follow()
            return self._clusters.marked(annotations)

    def _follow(self) -> None:
        seen, told, marks = retold.since(self._store, self._seen)
        self._clusters.take(told, marks)
        self._seen = seen
