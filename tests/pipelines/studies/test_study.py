"""A study is a protocol and a conversion; what is asked for goes before what was published."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from pipelines.backtest import Asked
from pipelines.studies.study import Study

NOW = datetime(2025, 6, 30, 16, tzinfo=UTC)


def tables(_: Path) -> dict[str, pd.DataFrame]:
    days = pd.to_datetime(pd.Series(["2024-03-01", "2024-03-02"])).dt.tz_localize("Asia/Seoul")
    ids = ["D1", "D2"]
    return {
        "declarations": pd.DataFrame(
            {"declaration_id": ids, "declared_at": days, "enterprise_id": ["E1", "E 2"]}
        ),
        "inspections": pd.DataFrame(
            {"declaration_id": ids, "inspected_at": days, "outcome": ["pass", "fail"]}
        ),
    }


STUDY = Study(
    name="tiny",
    doc="A study of two lines.",
    folder="risk/tiny",
    tables=tables,
    zone="Asia/Seoul",
    test_from="2024-03-02",
    test_until="2024-03-31",
    keys=("port", "x_a+hs4"),
    published=[],
    shown=("auc",),
    caveat="none",
)


def test_nothing_asked_is_the_published_protocol() -> None:
    asked = STUDY.protocol(Asked(freeze=True, seed=3))
    assert (asked.test_from, asked.test_until) == ("2024-03-02", "2024-03-31")
    assert (asked.keys, asked.freeze, asked.seed) == ("port,x_a+hs4", True, 3)


def test_what_is_asked_goes_first() -> None:
    asked = STUDY.protocol(Asked(test_from="2024-05-01", keys="brand", train_from="2024-01-01"))
    assert (asked.test_from, asked.test_until) == ("2024-05-01", None)
    assert (asked.keys, asked.train_from) == ("brand", "2024-01-01")
    assert STUDY.protocol(Asked(test_until="2024-03-15")).test_until == "2024-03-15"


def test_its_tables_are_loaded_like_anyone_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = STUDY.load(tmp_path, now=NOW)
    first = loaded.tables["declarations"]["declared_at"][0]
    assert first == datetime(2024, 3, 1, tzinfo=ZoneInfo("Asia/Seoul"))
    assert loaded.ingested.tables["declarations"].rejected == 1
    kept = {path.name: path for path in loaded.ingested.rejected}
    assert kept["declarations.jsonl"].is_relative_to("data/rejected/tiny")
    assert "E 2" in kept["declarations.jsonl"].read_text()
