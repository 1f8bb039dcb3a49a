"""Judged: the lines on which a version's recipe was judged before it was trained, kept with it.

Their likelihoods are of a model that had seen none of them, so that versions can be compared later
on lines that both can be judged on.
"""

from pathlib import Path

import pandas as pd

from pipelines.backtest import Backtest

FILE = "judged.parquet"
COLUMNS = ("declaration_id", "declared_at", "known_at", "failed", "likelihood", "propensity")


def frame(found: Backtest) -> pd.DataFrame:
    """Return a row for each judged line."""
    lines = found.tested.declarations[["declaration_id", "declared_at"]]
    whole = pd.concat([lines, found.tested.labels], axis=1).assign(likelihood=found.likelihood)
    return whole[list(COLUMNS)]


def write(found: Backtest, folder: Path) -> None:
    """Write the judged lines into a version's folder."""
    frame(found).to_parquet(folder / FILE, index=False)


def read(folder: Path) -> pd.DataFrame:
    """Return the judged lines of a version; none where it was trained before they were kept."""
    path = folder / FILE
    return pd.read_parquet(path) if path.is_file() else pd.DataFrame(columns=list(COLUMNS))
