import json
from collections.abc import Callable
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
from models.inspection.draws import roster
from pipelines.sample import ROSTER, drifting, sample
from pipelines.world import enterprises
from pipelines.world import world as worlds
from pipelines.world.enterprises import KEPT
from pipelines.world.episodes import NEVER
from pipelines.world.world import build
from tests.pipelines.conftest import Said

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


def test_all_tables_are_there_and_nothing_is_overlooked(folder: Path) -> None:
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


def test_nothing_of_a_drift_is_in_a_world_without_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enterprises, "KEPT", -0.5)
    monkeypatch.setattr(worlds, "DRIFT", 0.1)
    monkeypatch.setattr(enterprises, "turned", lambda rng, quality: quality + rng.normal())
    sample(tmp_path, seed=3, declarations=1_500, until=UNTIL, enterprises=60)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(files) > 5
    for path in files:
        name = path.relative_to(folder)
        assert (tmp_path / name).read_bytes() == path.read_bytes(), name


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("turned")
    drifting(path, seed=3, declarations=1_500, until=UNTIL, enterprises=60)
    return path


def drifted_at(folder: Path) -> pd.Timestamp:
    told = json.loads((folder / "truth" / "world.json").read_bytes())
    return pd.Timestamp(told["drifted_ms"], unit="ms", tz="UTC")


def both(folder: Path, turned: Path, table: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    first, second = (pd.read_parquet(path / f"{table}.parquet") for path in (folder, turned))
    return first, second


def test_until_it_drifts_a_world_is_the_one_without(folder: Path, turned: Path) -> None:
    at = drifted_at(turned)
    for table, moment in (
        ("declarations", "declared_at"),
        ("inspections", "known_at"),
        ("enterprises", "known_at"),
        ("warnings", "issued_at"),
    ):
        old, new = (f[f[moment] < at].reset_index(drop=True) for f in both(folder, turned, table))
        assert len(old)
        pd.testing.assert_frame_equal(old, new)
    declared, again = both(folder, turned, "declarations")
    pd.testing.assert_frame_equal(declared, again)
    early = (declared["declared_at"] < at).to_numpy()
    old, new = both(folder, turned, "truth/declarations")
    pd.testing.assert_frame_equal(old[early], new[early])
    lived, moved = both(folder, turned, "truth/episodes")
    begun = (lived["started_at"] < at).to_numpy()
    same = ["episode_id", "hs4", "origin", "brand", "hazard", "severity", "started_at"]
    pd.testing.assert_frame_equal(lived.loc[begun, same], moved.loc[: len(lived) - 1][begun][same])


def test_after_it_drifts_every_line_may_fail_otherwise(folder: Path, turned: Path) -> None:
    at = drifted_at(turned)
    late = (pd.read_parquet(folder / "declarations.parquet")["declared_at"] >= at).to_numpy()
    old, new = (f[late]["fail_probability"] for f in both(folder, turned, "truth/declarations"))
    assert late.mean() > 0.1
    assert (old != new).all()


def test_a_drift_draws_anew_who_is_good_and_who_is_bad() -> None:
    drifts = build(seed=3, until=UNTIL, enterprises=3_000, drift=True)
    makers = drifts.supplies.drop_duplicates("maker")
    for told in (drifts.firms, makers):
        assert told["quality"].corr(told["turned"]) == pytest.approx(KEPT, abs=0.06)
        assert told["turned"].std() == pytest.approx(1, abs=0.06)


def test_what_is_under_way_when_a_world_drifts_ends_there_and_goes_on_elsewhere() -> None:
    at = build(seed=3, until=UNTIL, enterprises=300, drift=True)
    lived, begun = at.episodes, at.episodes["started_ms"] < at.drifted_ms
    assert (lived.loc[begun, "ended_ms"] <= at.drifted_ms).all()
    for heard in ("known_ms", "tipped_ms"):
        told = lived[lived[heard] < NEVER]
        assert ((told[heard] < at.drifted_ms) == begun[told.index]).all()
    moved = lived["started_ms"] == at.drifted_ms
    assert moved.sum() == (lived["ended_ms"] == at.drifted_ms).sum() > 0
    steady = build(seed=3, until=UNTIL, enterprises=300)
    assert len(steady.episodes) == (~moved).sum()


def test_every_row_of_a_drifting_world_is_a_valid_record(turned: Path) -> None:
    for table, paths in exchange.found(turned).items():
        rows = list(chain.from_iterable(exchange.read(paths[0], table, now=UNTIL)))
        assert [row.reason for row in rows if row.fact is None] == []


def test_the_option_makes_a_world_drift(yujing: Callable[..., Said], tmp_path: Path) -> None:
    steady, turned = tmp_path / "steady", tmp_path / "turned"
    for path, flag in ((steady, "--no-drift"), (turned, "--drift")):
        assert yujing("sample", path, "--declarations", "300", flag).code == 0
    told = [json.loads((p / "truth" / "world.json").read_bytes()) for p in (steady, turned)]
    assert "drifted_ms" not in told[0]
    assert told[0]["since_ms"] < told[1]["drifted_ms"] < told[0]["until_ms"]


def test_the_ports_have_inspectors_and_passes_say_what_was_tested(folder: Path) -> None:
    staff = roster.load(folder / ROSTER)
    declared = pd.read_parquet(folder / "declarations.parquet")
    assert set(declared["port"]) <= {inspector.port for inspector in staff.inspectors}
    visits = pd.read_parquet(folder / "inspections.parquet")
    assert visits["items"].notna().all()
    told = pd.read_parquet(folder / "certificates.parquet")
    assert {*told["issuer"]} == {"third_party", "agency"}
    assert {*told["outcome"]} == {"pass", "fail"}
