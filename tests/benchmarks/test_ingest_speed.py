"""How many rows a second are checked and stored, on one core, and read back into a frame."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from features import exchange
from features.store import Store
from pipelines.ingest import ingest

pytestmark = pytest.mark.benchmark
ROWS = 100_000
NOW = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    numbers = pd.RangeIndex(ROWS)
    frame = pd.DataFrame(
        {
            "declaration_id": "D" + numbers.astype(str),
            "declared_at": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(numbers, "min"),
            "enterprise_id": "E" + (numbers % 5000).astype(str),
            "hs_code": "8516101000",
            "goods_name": "电热水壶",
            "brand": "某牌",
            "origin": "VN",
            "departure": "VN",
            "port": "5301",
            "trade_mode": "0110",
            "quantity": 3.0,
            "unit": "件",
            "net_weight_kg": 2.5,
            "value_cny": 1234.5,
            "x_lane": "B7",
        }
    )
    directory = tmp_path_factory.mktemp("ingest")
    exchange.write(directory / "declarations.parquet", frame)
    return directory


def timed(step: Callable[[], Any]) -> tuple[str, Any]:
    """Rows a second by the clock, and by the time that this process had of a core."""
    clock, cpu = time.perf_counter(), time.process_time()
    result = step()
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    return f"{ROWS / clock:,.0f} ({ROWS / cpu:,.0f} by CPU time)", result


def test_rows_a_second(
    directory: Path,
    store: Store,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, ingested = timed(lambda: ingest(directory, store, now=NOW))
    assert ingested.tables["declarations"].added == ROWS
    again, ingested = timed(lambda: ingest(directory, store, now=NOW))
    assert ingested.tables["declarations"].unchanged == ROWS
    read, frame = timed(lambda: store.frame("declarations"))
    assert len(frame) == ROWS
    database = request.node.callspec.params["store_url"]
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{database:<10} {ROWS} rows: ingest {first} a second, again {again}, "
            f"into a frame {read}"
        )
