"""What stands: facts told from outside are kept as they were first told, never changed by an id."""

from collections.abc import Sequence

from features.errors import Conflict
from features.records import Record
from features.rows import TABLE_OF, content
from features.store import Store
from features.tables import OWN_ID


def standing(store: Store, told: Sequence[Record]) -> dict[str, Record]:
    """Return records of one kind by id, as they were first told; ``Conflict`` for other content."""
    table = TABLE_OF[type(told[0])]
    column = OWN_ID[table]
    names = [record.fact_id for record in told]
    kept = {record.fact_id: record for record in store.select(table, column, values=names)}
    for record in told:
        if content(kept.setdefault(record.fact_id, record)) != content(record):
            raise Conflict(
                f"{column} {record.fact_id!r} is already known with other content; "
                f"give the new {column.removesuffix('_id')} an id of its own"
            )
    return kept
