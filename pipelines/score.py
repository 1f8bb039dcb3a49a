"""Score: decide on every open declaration, by the same functions as the service."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from rich.progress import track

from features.clerk import Clerk
from features.judgements import Decision
from features.records import Declaration
from features.spending import Spending, plans
from features.store import Store
from models.decisions import Known, Learned, decisions
from models.inspection.agency import Agency
from models.inspection.allocation.meter import Meter
from models.inspection.decide import Terms
from pipelines.champions import RiskChampion

BATCH = 500
RECENT = timedelta(days=3)  # a line declared earlier has left the port, inspected or not
logger = logging.getLogger(__name__)


def score(
    store: Store, champion: RiskChampion, *, agency: Agency, as_of: datetime
) -> list[Decision]:
    """Decide on every open declaration as of a moment; store the decisions and return them.

    The day's plans offer what the decisions of the day have not spent, to all open lines alike.
    """
    open_lines = open_declarations(store, as_of=as_of)
    spending = Spending(store)
    learned = Learned(champion.model, champion.index(store))
    known = Known(Clerk(store).follow(), champion.ruled(store, agency.rules), learned)
    decided: list[Decision] = []
    for some in track(list(_batches(open_lines)), description="score"):
        waiting = open_lines[len(decided) :]
        meter = Meter.of(plans(store, as_of), spending.of(as_of), waiting=waiting)
        terms = Terms(agency, champion.version, meter)
        made = decisions(some, known=known, terms=terms, as_of=as_of)
        store.append(made)
        decided += made
    logger.info("score: %d decisions as of %s", len(decided), as_of.isoformat())
    return decided


def open_declarations(store: Store, *, as_of: datetime) -> list[Declaration]:
    """Return recent declarations without inspection or decision, newest versions, oldest first."""
    declared = store.frame("declarations", known_before=as_of)
    fresh = declared[declared["declared_at"] >= as_of - RECENT]
    done = {
        str(i)
        for table in ("inspections", "decisions")
        for i in store.frame(table, known_before=as_of)["declaration_id"]
    }
    ids = [str(i) for i in fresh["declaration_id"] if i not in done]
    found = store.select("declarations", "declaration_id", values=ids)
    return [record for record in found if isinstance(record, Declaration)]


def lines(store: Store, decided: Sequence[Decision]) -> dict[str, Declaration]:
    """Return the declarations that decisions are about, by id."""
    found = store.select(
        "declarations", "declaration_id", values=[d.declaration_id for d in decided]
    )
    return {d.declaration_id: d for d in found if isinstance(d, Declaration)}


def _batches(lines: list[Declaration]) -> Iterator[list[Declaration]]:
    return (lines[start : start + BATCH] for start in range(0, len(lines), BATCH))
