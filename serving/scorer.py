"""The scorer: a declaration in, its decision out, written down before it is answered.

A line is decided once. Asked again with the same content it gets that same decision; with other
content it is a conflict. Without a champion the policy's base rates answer, marked degraded: trade
never waits for us.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Condition

from features.errors import Conflict
from features.judgements import Decision
from features.records import Declaration
from features.rows import content
from features.spending import Spending, plans
from features.store import Store
from models.decisions import decisions
from models.inspection.agency import Agency
from models.inspection.allocation.meter import Meter
from models.inspection.decide import Terms
from serving.watch import Watch

BASE = "base"  # the model version of decisions by the policy's base rates
logger = logging.getLogger(__name__)


class Scorer:
    """Decides declared lines. Safe to share between threads."""

    def __init__(self, store: Store, watch: Watch, agency: Agency) -> None:
        self.store, self.watch, self.agency = store, watch, agency
        self._spending = Spending(store)
        self._turns = Turns()

    def score(self, declarations: Sequence[Declaration], *, as_of: datetime) -> list[Decision]:
        """Return the decision on each line, in order; all of them are stored, or none.

        ``Conflict`` where a declaration_id is known with other content.
        """
        different = _different(declarations)
        with self._turns.of(set(different)):
            self._check_same(different)
            decided = self._decided(list(different))
            undecided = [d for name, d in different.items() if name not in decided]
            made = self._decide(undecided, as_of=as_of) if undecided else []
            self.store.append([*undecided, *made])
        degraded = sum(decision.degraded for decision in made)
        logger.info("scored %d lines, %d new, %d degraded", len(declarations), len(made), degraded)
        decided |= {decision.declaration_id: decision for decision in made}
        return [decided[declaration.declaration_id] for declaration in declarations]

    def _decide(self, declarations: Sequence[Declaration], *, as_of: datetime) -> list[Decision]:
        known, version = self.watch.known
        meter = Meter.of(plans(self.store, as_of), self._spending.of(as_of), waiting=declarations)
        terms = Terms(self.agency, version or BASE, meter)
        return decisions(declarations, known=known, terms=terms, as_of=as_of)

    def _check_same(self, declarations: dict[str, Declaration]) -> None:
        for kept in self.store.select("declarations", "declaration_id", values=list(declarations)):
            told = declarations[kept.fact_id]
            if content(told) != content(kept):
                raise _conflict(kept.fact_id)

    def _decided(self, declaration_ids: list[str]) -> dict[str, Decision]:
        found = self.store.select("decisions", "declaration_id", values=declaration_ids)
        return {d.declaration_id: d for d in found if isinstance(d, Decision)}


class Turns:
    """Lets calls about the same lines come one after the other, and all others at once."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._changed = Condition()

    @contextmanager
    def of(self, names: set[str]) -> Iterator[None]:
        """Wait until nobody is busy with any of the names, then be."""
        with self._changed:
            self._changed.wait_for(lambda: self._busy.isdisjoint(names))
            self._busy |= names
        try:
            yield
        finally:
            with self._changed:
                self._busy -= names
                self._changed.notify_all()


def _different(declarations: Sequence[Declaration]) -> dict[str, Declaration]:
    """Return declarations by id; ``Conflict`` where one id is told twice with other content."""
    different: dict[str, Declaration] = {}
    for declaration in declarations:
        first = different.setdefault(declaration.declaration_id, declaration)
        if first is not declaration and content(first) != content(declaration):
            raise _conflict(declaration.declaration_id)
    return different


def _conflict(declaration_id: str) -> Conflict:
    return Conflict(
        f"declaration_id {declaration_id!r} is already declared with other content; "
        "send what was sent first, or give the changed line an id of its own"
    )
