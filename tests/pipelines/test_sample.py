import json
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import pipelines.sample as step
from features import exchange
from features.errors import Invalid
from features.records import EXCHANGED
from pipelines.sample import sample

UNTIL = datetime(2025, 6, 30, 16, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("world")
    sample(path, seed=3, declarations=1_500, until=UNTIL, enterprises=60)
    return path


def test_every_row_is_a_valid_record(folder: Path) -> None:
    for table, paths in exchange.found(folder).items():
        rows = list(chain.from_iterable(exchange.read(paths[0], table, now=UNTIL)))
        assert rows
        assert [row.reason for row in rows if row.fact is None] == []
        known = [row.fact.known_at for row in rows if row.fact is not None]
        assert max(known) < UNTIL
        ids = {(row.fact.fact_id, row.fact.known_at) for row in rows if row.fact is not None}
        assert len(ids) == len(rows)


def test_all_five_tables_are_there_and_nothing_is_overlooked(folder: Path) -> None:
    assert set(exchange.found(folder)) == set(EXCHANGED)
    assert exchange.overlooked(folder) == []


def test_what_is_reported_as_written_is_in_the_files(tmp_path: Path) -> None:
    sampled = sample(tmp_path, seed=1, declarations=200, until=UNTIL, enterprises=20)
    written = {
        name: pq.read_metadata(tmp_path / f"{name}.parquet").num_rows for name in sampled.rows
    }
    assert sampled.rows == written
    assert sampled.rows["declarations"] == 200
    assert json.loads((tmp_path / "truth" / "world.json").read_bytes())["rows"] == written


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    folder: Path, tmp_path: Path
) -> None:
    sample(tmp_path / "same", seed=3, declarations=1_500, until=UNTIL, enterprises=60)
    sample(tmp_path / "other", seed=4, declarations=1_500, until=UNTIL, enterprises=60)
    for path in sorted(folder.rglob("*.parquet")):
        name = path.relative_to(folder)
        assert (tmp_path / "same" / name).read_bytes() == path.read_bytes(), name
        assert (tmp_path / "other" / name).read_bytes() != path.read_bytes(), name


def test_parts_are_written_as_row_groups_with_unique_ids_and_rising_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "PART", 300)
    sample(tmp_path, seed=2, declarations=1_000, until=UNTIL, enterprises=30)
    assert pq.read_metadata(tmp_path / "declarations.parquet").num_row_groups == 4
    declared = pd.read_parquet(tmp_path / "declarations.parquet")
    reports = pd.read_parquet(tmp_path / "reports.parquet")
    assert declared["declaration_id"].is_unique
    assert reports["report_id"].is_unique
    days = declared["declared_at"].dt.floor("D")
    assert days.is_monotonic_increasing


def test_no_truth_in_the_exchange_tables(folder: Path) -> None:
    for table, paths in exchange.found(folder).items():
        extra = set(pq.read_schema(paths[0]).names) - set(exchange.columns(table))
        assert extra <= {"x_emotion"}


@pytest.mark.parametrize(("declarations", "enterprises"), [(0, 300), (-1, 300), (100, 0)])
def test_impossible_sizes_are_refused(tmp_path: Path, declarations: int, enterprises: int) -> None:
    with pytest.raises(Invalid, match=r"is (0|-1);"):
        sample(tmp_path, seed=1, declarations=declarations, until=UNTIL, enterprises=enterprises)
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_moment_without_a_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no time zone"):
        sample(tmp_path, seed=1, declarations=10, until=datetime(2025, 6, 30))


def test_the_smallest_worlds_work(tmp_path: Path) -> None:
    for declarations in (1, 2, 10):
        place = tmp_path / str(declarations)
        sampled = sample(place, seed=5, declarations=declarations, until=UNTIL, enterprises=1)
        assert sampled.rows["declarations"] == declarations


def test_the_newest_declarations_are_still_open(folder: Path) -> None:
    declared = pd.read_parquet(folder / "declarations.parquet")
    seen = pd.read_parquet(folder / "inspections.parquet")["declaration_id"]
    young = declared["declared_at"] >= UNTIL - timedelta(days=2)
    assert young.any()
    assert not declared.loc[young, "declaration_id"].isin(seen).any()
