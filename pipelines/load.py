"""Load: exchange tables as frames, through a store of their own, for a study or a backtest."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from features.errors import Invalid
from features.store import Store
from models.text import taxonomy
from models.text.annotate import lexicon_only
from pipelines.annotate import annotate
from pipelines.ingest import Ingested, ingest
from pipelines.table import read


@dataclass(frozen=True)
class Loaded:
    """The frames by table, and what became of the rows."""

    tables: dict[str, pd.DataFrame]
    ingested: Ingested


def load(
    directory: Path, *, now: datetime, zone: tzinfo | None = None, rejected: Path | None = None
) -> Loaded:
    """Return a directory's exchange tables, checked, masked and annotated as everything else is.

    Reports are read by the lexicon, which was never trained and so has no hindsight.
    """
    with TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/tables.db")
        ingested = ingest(directory, store, now=now, zone=zone, rejected=rejected)
        annotate(store, lexicon_only(taxonomy.load()))
        tables = read(store)
        store.close()
    for needed in ("declarations", "inspections"):
        if not len(tables[needed]):
            reasons = (
                "; ".join(ingested.refused) or "its rows were rejected, see the reasons beside it"
            )
            raise Invalid(f"{directory} has no usable {needed}: {reasons}")
    return Loaded(tables, ingested)
