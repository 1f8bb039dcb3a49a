"""The study of samples: the published optimum on the real rows, and clear errors for wrong ones."""

import gzip
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import Invalid, NotFound
from pipelines.studies import biosecurity
from pipelines.studies.biosecurity import RULES, read, spread
from tests.pipelines.conftest import Said

SHARED = Path(os.environ.get("YUJING_DATA", "../shared/data")) / biosecurity.FOLDER
HERE = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")
ROWS = """group_id,k,n,N,a,b
P1,0,60,900.5,0.1,20
P1,1,80,40,0.1,20
P2,0,20,5000,0.3,90

P2,0,0,2.5,0.3,90
"""
Yujing = Callable[..., Said]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return path


@HERE
def test_our_sizes_leak_as_little_as_the_published_optimum() -> None:
    found = biosecurity.biosecurity(SHARED)
    assert found.numbers["baseline_leakage"] == pytest.approx(60_685.9, abs=0.05)
    assert found.numbers["leakage_ratio"] <= 0.6165
    assert found.numbers["budget_used"] == found.numbers["budget"] == 600 * 4_950
    assert found.numbers["leakage"] < min(
        found.numbers[f"leakage_{rule}"] for rule in RULES if rule != "ours"
    )


@HERE
def test_the_file_without_a_and_b_says_so() -> None:
    with pytest.raises(Invalid, match="lacks the columns a, b"):
        read(SHARED / "all_pathways.csv")


def test_every_policy_uses_just_the_units(file: Path) -> None:
    found = biosecurity.biosecurity(file)
    assert found.numbers["budget"] == 160
    for rule in RULES:
        sizes = found.sizes[rule]
        assert sizes.sum() == 160
        assert (sizes <= [900, 40, 5000, 2]).all()  # whole units, however many were drawn


def test_more_drawn_than_there_is_leaks_nothing(file: Path) -> None:
    whole = biosecurity.biosecurity(file).numbers["baseline_leakage"]
    file.write_text("".join(line for line in ROWS.splitlines(True) if ",80,40," not in line))
    assert biosecurity.biosecurity(file).numbers["baseline_leakage"] == whole > 0


def test_another_budget_is_used_up_or_all_there_is(file: Path) -> None:
    few = biosecurity.biosecurity(file, budget=7)
    assert few.numbers["budget_used"] == 7
    assert few.numbers["leakage_ratio"] > 1
    everything = biosecurity.biosecurity(file, budget=10_000)
    assert everything.numbers["budget_used"] == 900 + 40 + 5_000 + 2
    nothing = biosecurity.biosecurity(file, budget=0)
    assert nothing.numbers["budget_used"] == 0


def test_a_folder_gives_all_files_with_the_columns(file: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv.gz").write_bytes(gzip.compress(b"b,a,N,n,group_id\n1,2,30,4,P3\n"))
    (tmp_path / "other.csv").write_text("x,y\n1,2\n")
    rows = read(file.parent)
    assert rows["group_id"].tolist() == ["P3", "P1", "P1", "P2", "P2"]
    assert rows.iloc[0][["n", "N", "a", "b"]].tolist() == [4, 30, 2, 1]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("P1,0,60,900.5", "P1,0,,900.5", "row 2: n is missing"),
        ("P1,0,60,900.5", "P1,0,60.5,900.5", "row 2: n is '60.5'"),
        ("P1,0,60,900.5", "P1,0,-1,900.5", "row 2: n is '-1'"),
        ("P1,0,60,900.5", "P1,0,60,NA", "row 2: N is missing"),
        ("80,40,0.1", "80,0,0.1", "row 3: N is '0'"),
        ("5000,0.3,90", "5000,inf,90", "row 4: a is 'inf'"),
        ("2.5,0.3,90", "2.5,0.3,x", "row 6: b is 'x'"),
        ("P2,0,20", ",0,20", "row 4: group_id is missing"),
        ("group_id,k,n", "group_id,k,m", "lacks the columns n; it has"),
    ],
)
def test_a_wrong_value_is_named_by_row_and_column(
    file: Path, before: str, after: str, message: str
) -> None:
    file.write_text(ROWS.replace(before, after))
    with pytest.raises(Invalid, match=re.escape(f"{file}")) as refused:
        read(file)
    assert message in str(refused.value)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not there"):
        read(tmp_path / "no.csv")
    with pytest.raises(NotFound, match="has the columns group_id, n, N, a, b"):
        read(tmp_path)
    for name, content in (("none.csv", b""), ("torn.csv.gz", gzip.compress(b"a,b\n1,2")[:-9])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Invalid, match="cannot be read as a table"):
            read(tmp_path / name)
    (tmp_path / "bare.csv").write_text("group_id,n,N,a,b\n")
    with pytest.raises(Invalid, match="no consignments"):
        read(tmp_path / "bare.csv")


@given(
    st.lists(st.tuples(st.integers(0, 500), st.floats(0.1, 1e6)), min_size=1, max_size=20),
    st.integers(0, 4_000),
)
def test_units_are_spread_in_proportion_up_to_the_limits(
    rows: list[tuple[int, float]], units: int
) -> None:
    limit, weight = (np.array(part) for part in zip(*rows, strict=True))
    sizes = spread(weight, limit, units=units)
    assert sizes.sum() == min(units, limit.sum())
    assert ((sizes >= 0) & (sizes <= limit)).all()
    open_rows = sizes < limit  # the others would have more if they could
    if open_rows.any():
        level = ((sizes[open_rows] + 1) / weight[open_rows]).min()
        assert (sizes <= level * weight + 1).all()


def test_the_command_prints_and_keeps_what_it_found(
    yujing: Yujing, file: Path, tmp_path: Path
) -> None:
    kept = f"sqlite:///{tmp_path / 'runs' / 'mlflow.db'}"
    said = yujing("study", "biosecurity", "--data", file, "--tracking-uri", kept, "--json")
    assert said.code == 0
    found = json.loads(said.out.splitlines()[-1])
    assert found["budget_used"] == found["budget"] == 160
    assert 0 < found["leakage_ratio"] <= 1
    assert {"seconds", "baseline_leakage", "leakage"} <= found.keys()
    assert "published optimum" in said.out
    run = re.search(r"run (\w+)", said.err)
    assert run is not None
    artifacts = sorted(path.name for path in tmp_path.rglob(f"{run[1]}/**/*.*"))
    assert {"leakage.csv", "leakage.svg", "sizes.csv"} <= set(artifacts)
    sizes = pd.read_csv(next(tmp_path.rglob("sizes.csv")))
    assert sizes["size_ours"].sum() == 160


def test_the_command_refuses_what_is_not_there(yujing: Yujing, tmp_path: Path) -> None:
    said = yujing("study", "biosecurity", "--data", tmp_path / "no.csv", "--tracking-uri", "")
    assert said.code == 1
    assert "is not there" in said.err
