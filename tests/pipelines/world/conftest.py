from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from pipelines.sample import sample

UNTIL = datetime(2025, 6, 30, 16, tzinfo=UTC)


class Simulated(NamedTuple):
    """A written world, read back."""

    until: datetime
    declarations: pd.DataFrame
    inspections: pd.DataFrame
    reports: pd.DataFrame
    enterprises: pd.DataFrame
    warnings: pd.DataFrame
    lots: pd.DataFrame  # the truth of declarations
    told: pd.DataFrame  # the truth of reports
    episodes: pd.DataFrame


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    folder: Path = tmp_path_factory.mktemp("simulated")
    sample(folder, seed=11, declarations=20_000, until=UNTIL)
    outside = ("declarations", "inspections", "reports", "enterprises", "warnings")
    truth = ("declarations", "reports", "episodes")
    return Simulated(
        UNTIL,
        *(pd.read_parquet(folder / f"{table}.parquet") for table in outside),
        *(pd.read_parquet(folder / "truth" / f"{table}.parquet") for table in truth),
    )
