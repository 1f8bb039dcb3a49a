"""The clerk: keeps a ledger up with a store, whichever process appends to it."""

from features import moments
from features.ledger import Ledger, Line, Visit
from features.store import Store

SCOPED = ("warnings", "certificates")
LINES, VISITS = "declarations", "inspections"


class Clerk:
    """Writes what a store holds into a ledger, and from then on what is new."""

    def __init__(self, store: Store) -> None:
        self.ledger = Ledger()
        self._store = store
        self._seen = dict.fromkeys((*SCOPED, LINES, VISITS), 0)

    def follow(self) -> Ledger:
        """Learn what was appended since the last time; return the ledger.

        A line may come after its inspection: then what was known of it is looked up.
        """
        begun = self._seen[VISITS] > 0
        for table in SCOPED:
            self._seen[table], new = self._store.after(table, self._seen[table])
            for record in new:
                self.ledger.file(record)
        late = [line.declaration_id for line in self._lines() if self.ledger.tell(line) and begun]
        for visit in (*self._visits(), *self._late(late)):
            self.ledger.visit(visit)
        return self.ledger

    def _lines(self) -> list[Line]:
        self._seen[LINES], new = self._store.values(LINES, Line._fields, after=self._seen[LINES])
        return [Line(*row) for row in new]

    def _visits(self) -> list[Visit]:
        self._seen[VISITS], new = self._store.values(
            VISITS, Visit._fields, after=self._seen[VISITS]
        )
        return [
            Visit(name, moments.moment(at), outcome, moments.moment(known))
            for name, at, outcome, known in new
        ]

    def _late(self, names: list[str]) -> list[Visit]:
        told = self._store.told(VISITS, "declaration_id", values=names)
        return [Visit(*(getattr(visit, name) for name in Visit._fields)) for visit in told]
