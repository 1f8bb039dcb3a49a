"""A study: published data as exchange tables, a protocol, and the published rows to stand beside.

There is no model code here: a study is backtested by the same step as anyone's tables.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pandas as pd

from features import exchange
from features.facts import Tables
from pipelines.backtest import Asked
from pipelines.load import REJECTED, Loaded, load


@dataclass(frozen=True)
class Study:
    """One published benchmark.

    folder: where its files lie below the data directory. tables: converts that folder. zone: where
    bare dates are read. shown: the metrics that were published. Frozen at the test's start.
    unplanned: columns of declarations that a plan cannot know, such as who will inspect. The study
    leaves them out, and tells beside it what they would add.
    """

    name: str
    doc: str
    folder: str
    tables: Callable[[Path], dict[str, pd.DataFrame]]
    zone: str
    test_from: str
    test_until: str
    keys: tuple[str, ...]
    published: list[dict[str, object]]
    shown: tuple[str, ...]
    caveat: str
    unplanned: tuple[str, ...] = ()

    def protocol(self, asked: Asked) -> Asked:
        """Return what is asked, with the published protocol where nothing is."""
        return replace(
            asked,
            test_from=asked.test_from or self.test_from,
            test_until=asked.test_until or (None if asked.test_from else self.test_until),
            keys=asked.keys or ",".join(self.keys),
        )

    def planned(self, tables: Tables) -> Tables:
        """Return the tables without the columns that a plan cannot know."""
        declarations = tables["declarations"]
        return {**tables, "declarations": declarations.drop(columns=list(self._told(declarations)))}

    def tells_more(self, tables: Tables) -> bool:
        """Return whether the tables tell anything that a plan cannot know."""
        declarations = tables["declarations"]
        return any(declarations[c].notna().any() for c in self._told(declarations))

    def _told(self, declarations: pd.DataFrame) -> tuple[str, ...]:
        return tuple(c for c in self.unplanned if c in declarations)

    def load(self, directory: Path, *, now: datetime) -> Loaded:
        """Return the study's tables, written as exchange tables and loaded like anyone's."""
        with TemporaryDirectory() as folder:
            for name, frame in self.tables(directory).items():
                exchange.write(Path(folder) / f"{name}.parquet", frame)
            return load(
                Path(folder), now=now, zone=ZoneInfo(self.zone), rejected=REJECTED / self.name
            )
