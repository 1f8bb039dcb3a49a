"""Load: exchange tables as frames, through a store of their own, for a study or a backtest."""

import os
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pandas as pd

from features.errors import Invalid
from features.store import Store
from models.text import taxonomy
from models.text.annotate import lexicon_only
from pipelines.annotate import annotate
from pipelines.ingest import Ingested, ingest
from pipelines.table import read

REJECTED = Path("data/rejected")


@dataclass(frozen=True)
class Loaded:
    """The frames by table, and what became of the rows."""

    tables: dict[str, pd.DataFrame]
    ingested: Ingested


def load(
    directory: Path, *, now: datetime, zone: tzinfo | None = None, rejected: Path | None = None
) -> Loaded:
    """Return a directory's exchange tables, checked, masked and annotated as everything else is.

    Reports are read by the lexicon, which was never trained and so has no hindsight. Rejected rows
    are written beside the input; where nothing can be written there, below ``data/rejected``.
    """
    if rejected is None and not os.access(directory, os.W_OK):
        rejected = REJECTED / directory.resolve().name
    with TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/tables.db")
        ingested = ingest(directory, store, now=now, zone=zone, rejected=rejected)
        annotate(store, lexicon_only(taxonomy.load()))
        tables = read(store)
        store.close()
    for needed in ("declarations", "inspections"):
        if not len(tables[needed]):
            raise Invalid(f"{directory} has no usable {needed}: {why(ingested)}")
    return Loaded(tables, ingested)


def why(ingested: Ingested) -> str:
    """Return why nothing was usable: what was refused, or the first rejected row's reason."""
    if ingested.refused or not ingested.rejected:
        return "; ".join(ingested.refused) or "there is no such table"
    path = ingested.rejected[0]
    with path.open("rb") as lines:
        first = orjson.loads(next(lines))
    return f"every row was rejected, the first because {first['reason']}; all are in {path}"
