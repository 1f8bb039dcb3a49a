"""Score: decide on every open declaration, by the same functions as the service."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from rich.progress import track

from features.judgements import Decision, Plan
from features.records import Declaration
from features.store import Store
from models.inspection import draw
from models.inspection.decide import Terms, decide
from models.inspection.policy import Policy
from models.judge import judge
from models.risk.matrix import Matrix
from pipelines.champions import RiskChampion

BATCH = 500
RECENT = timedelta(days=3)  # a line declared earlier has left the port, inspected or not
logger = logging.getLogger(__name__)


def score(
    store: Store, champion: RiskChampion, *, terms: Terms, matrix: Matrix, as_of: datetime
) -> list[Decision]:
    """Decide on every open declaration as of a moment; store the decisions and return them."""
    open_lines = open_declarations(store, as_of=as_of)
    index = champion.index(store)
    decided: list[Decision] = []
    for some in track(list(_batches(open_lines)), description="score"):
        beliefs = judge(some, model=champion.model, matrix=matrix, index=index, as_of=as_of)
        decisions = decide(some, beliefs, terms=terms, as_of=as_of)
        store.append(decisions)
        decided += decisions
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


def prices(store: Store, *, as_of: datetime) -> dict[str, float]:
    """Return the price of each port that has a plan for the day of a moment."""
    plans = store.select("plans", "day", values=[draw.day(as_of).isoformat()])
    return {plan.port: plan.price for plan in plans if isinstance(plan, Plan)}


def terms(
    champion: RiskChampion,
    *,
    policy: Policy,
    matrix: Matrix,
    secret: bytes,
    prices: Mapping[str, float],
) -> Terms:
    """Return what holds for the decisions of a moment."""
    return Terms(
        policy=policy,
        secret=secret,
        prices=prices,
        model_version=champion.version,
        matrix_version=matrix.version,
    )


def _batches(lines: list[Declaration]) -> Iterator[list[Declaration]]:
    return (lines[start : start + BATCH] for start in range(0, len(lines), BATCH))
