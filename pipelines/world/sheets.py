"""Parquet sheets of the simulated world, written a row group at a time in bounded memory."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from features import files

TEXT, NUMBER, WHOLE, FLAG = pa.string(), pa.float64(), pa.int64(), pa.bool_()
MOMENT = pa.timestamp("ms", tz="UTC")
SHEETS: Mapping[str, Mapping[str, pa.DataType]] = {
    "enterprises": {
        "enterprise_id": TEXT,
        "name": TEXT,
        "aliases": TEXT,
        "region": TEXT,
        "credit_grade": TEXT,
        "registered_at": MOMENT,
        "listed": TEXT,
        "known_at": MOMENT,
    },
    "declarations": {
        "declaration_id": TEXT,
        "declared_at": MOMENT,
        "enterprise_id": TEXT,
        "hs_code": TEXT,
        "goods_name": TEXT,
        "brand": TEXT,
        "manufacturer_id": TEXT,
        "origin": TEXT,
        "departure": TEXT,
        "port": TEXT,
        "trade_mode": TEXT,
        "quantity": NUMBER,
        "unit": TEXT,
        "net_weight_kg": NUMBER,
        "value_cny": NUMBER,
    },
    "inspections": {
        "declaration_id": TEXT,
        "inspected_at": MOMENT,
        "known_at": MOMENT,
        "outcome": TEXT,
        "hazards": TEXT,
        "severity": WHOLE,
        "items": TEXT,
        "responses": TEXT,
        "selection": TEXT,
        "propensity": NUMBER,
    },
    "reports": {
        "report_id": TEXT,
        "channel": TEXT,
        "received_at": MOMENT,
        "occurred_at": MOMENT,
        "title": TEXT,
        "text": TEXT,
        "enterprise_id": TEXT,
        "goods_name": TEXT,
        "hs_code": TEXT,
        "brand": TEXT,
        "origin": TEXT,
        "region": TEXT,
        "category": TEXT,
        "url": TEXT,
        "x_emotion": TEXT,
    },
    "warnings": {
        "warning_id": TEXT,
        "level": TEXT,
        "issued_at": MOMENT,
        "scope": TEXT,
        "ends_at": MOMENT,
        "hazards": TEXT,
        "responses": TEXT,
    },
    "certificates": {
        "certificate_id": TEXT,
        "issuer_id": TEXT,
        "issuer": TEXT,
        "issued_at": MOMENT,
        "outcome": TEXT,
        "scope": TEXT,
        "valid_until": MOMENT,
        "known_at": MOMENT,
    },
    "truth/declarations": {
        "declaration_id": TEXT,
        "fail_probability": NUMBER,
        "would_fail": FLAG,
        "hazard": TEXT,
        "severity": WHOLE,
        "episode_id": TEXT,
        "propensity": NUMBER,
    },
    "truth/reports": {
        "report_id": TEXT,
        "category": TEXT,
        "hazards": TEXT,
        "severity": WHOLE,
        "sentiment": TEXT,
        "relevant": FLAG,
        "enterprise_id": TEXT,
        "episode_id": TEXT,
        "duplicate_of": TEXT,
    },
    "truth/episodes": {
        "episode_id": TEXT,
        "scope": TEXT,
        "enterprise_id": TEXT,
        "manufacturer_id": TEXT,
        "brand": TEXT,
        "hs4": TEXT,
        "origin": TEXT,
        "hazard": TEXT,
        "severity": WHOLE,
        "fail_probability": NUMBER,
        "started_at": MOMENT,
        "ended_at": MOMENT,
        "known_at": MOMENT,
        "tipped_at": MOMENT,
    },
}


@dataclass
class Sheets:
    """Open sheets and how many rows each has so far."""

    writers: dict[str, pq.ParquetWriter]
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SHEETS, 0))

    def add(self, sheet: str, frame: pd.DataFrame) -> None:
        """Append the frame's rows; whole numbers in ``_at`` columns are ms since 1970."""
        schema = pa.schema(SHEETS[sheet])
        columns = [_column(frame[name], kind) for name, kind in SHEETS[sheet].items()]
        self.writers[sheet].write_table(pa.Table.from_arrays(columns, schema=schema))
        self.rows[sheet] += len(frame)


@contextmanager
def opened(directory: Path) -> Iterator[Sheets]:
    """Open all sheets under a directory; each file appears whole, or not at all."""
    (directory / "truth").mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers = {}
        for sheet, kinds in SHEETS.items():
            stream = stack.enter_context(files.replacing(directory / f"{sheet}.parquet"))
            writer = pq.ParquetWriter(stream, pa.schema(kinds), compression="zstd")
            writers[sheet] = stack.enter_context(writer)
        yield Sheets(writers)


def _column(values: pd.Series, kind: pa.DataType) -> pa.Array:
    """Return the values as an Arrow column in one chunk."""
    column = pa.array(values, from_pandas=True)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(kind)
