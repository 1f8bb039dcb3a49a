import gzip
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import encodings, files
from features.errors import Invalid
from features.lines import Line

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


def rows(path: Path, size: int = 10) -> list[Line]:
    return [line for batch in files.batches(path, size) for line in batch]


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_csv_is_read_in_both_encodings(tmp_path: Path, codec: str, suffix: str) -> None:
    path = saved(
        tmp_path / f"a{suffix}", 'id,text\n1,"电热水壶，""漏电""\n冒烟"\n2,\n'.encode(codec)
    )
    assert files.columns(path) == ["id", "text"]
    assert rows(path) == [
        (1, {"id": "1", "text": '电热水壶，"漏电"\n冒烟'}, ""),
        (2, {"id": "2"}, ""),
    ]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_json_lines_are_read_in_both_encodings(tmp_path: Path, codec: str) -> None:
    text = '{"id": 1, "text": "漏电\u2028冒烟"}\n\n{"id": null, "x_a": ""}\n'
    path = saved(tmp_path / "a.jsonl", text.encode(codec))
    assert files.columns(path) == ["id", "text"]
    assert rows(path) == [(1, {"id": 1, "text": "漏电\u2028冒烟"}, ""), (3, {}, "")]


@given(st.integers(0, 70_000), st.integers(0, 3))
def test_the_first_byte_that_is_no_text_is_named(
    tmp_path_factory: pytest.TempPathFactory, before: int, han: int
) -> None:
    good = b"id\n" + b"a" * before + "汉".encode() * han
    path = saved(tmp_path_factory.mktemp("files") / "a.csv", good + b"\xff\n")
    with pytest.raises(Invalid, match=rf"a.csv is neither UTF-8 \(byte {len(good)} does not fit\)"):
        encodings.encoding(path)


def test_bytes_across_a_block_are_one_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "BLOCK", 4)
    path = saved(tmp_path / "a.csv", "汉字汉字汉字".encode() + b"\xff")
    with pytest.raises(Invalid, match=r"UTF-8 \(byte 18 "):
        encodings.encoding(path)
    assert encodings.encoding(saved(path, "汉字汉字汉".encode())) == "utf-8-sig"
    assert encodings.encoding(saved(path, "漢字漢字汉".encode("gb18030"))) == "gb18030"


def test_a_row_with_another_number_of_values_is_wrong(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", b"a,b\n1\n\n1,2,3\n4,5\n")
    wrong = "the row has {} values for 2 columns"
    assert rows(path) == [
        (1, {"values": ["1"]}, wrong.format(1)),
        (3, {"values": ["1", "2", "3"]}, wrong.format(3)),
        (4, {"a": "4", "b": "5"}, ""),
    ]


def test_a_quotation_mark_in_the_wrong_place_is_wrong_for_its_row_only(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", b'a,b\n1,"2"3\n4,5\n')
    first, second = rows(path)
    assert first.wrong.startswith("lines 2 to 2 are not CSV: ")
    assert second == (2, {"a": "4", "b": "5"}, "")


def test_a_quotation_mark_that_is_not_closed_is_told_with_its_lines(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", b'a,b\n1,"2\n4,5\n')
    (only,) = rows(path)
    assert only.wrong.startswith("lines 2 to 3 are not CSV: ")


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "", "-20"], [1, None, -20]),
        (["1", "2.5"], [1.0, 2.5]),
        (["1e3", "2.50"], [1000.0, 2.5]),
        (["True", "false"], [True, False]),
        (["1", "007"], ["1", "007"]),
        (["1", "a"], ["1", "a"]),
        (["1", "true"], ["1", "true"]),
        (["1" * 19], ["1" * 19]),
        (["+1", "1."], ["+1", "1."]),
        (["", ""], [None, None]),
    ],
)
def test_an_extra_csv_column_of_numbers_holds_numbers(
    tmp_path: Path, cells: list[str], values: list[Any]
) -> None:
    path = saved(tmp_path / "a.csv", "\n".join(["id,x_a", *(f"i,{c}" for c in cells)]).encode())
    read = [line.told.get("x_a") for line in rows(path)]
    assert [(type(value), value) for value in read] == [(type(value), value) for value in values]


@pytest.mark.parametrize("line", ["{", "[1]", "7", '{"a": NaN}', '{"a": "\\ud800"}'])
def test_a_line_that_is_no_object_is_wrong(tmp_path: Path, line: str) -> None:
    path = saved(tmp_path / "a.jsonl", f'{line}\n{{"a": 1}}\n'.encode())
    first, second = rows(path)
    assert first.wrong.startswith(("the line is not JSON: ", "the line is no object; write"))
    assert second == (2, {"a": 1}, "")


def table(path: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "+08:00"])
def test_parquet_moments_of_any_unit_and_zone_are_the_same(
    tmp_path: Path, unit: str, zone: str
) -> None:
    moments = pa.array([NOON, None], pa.timestamp(unit, zone))
    path = table(tmp_path / "a.parquet", at=moments)
    assert rows(path) == [(1, {"at": NOON}, ""), (2, {}, "")]
    assert rows(path)[0].told["at"].tzinfo is UTC


def test_parquet_moments_without_zone_stay_so(tmp_path: Path) -> None:
    naive = NOON.replace(tzinfo=None)
    path = table(
        tmp_path / "a.parquet",
        at=pa.array([naive], pa.timestamp("ns")),
        day=pa.array([date(2024, 3, 1)]),
    )
    assert rows(path)[0].told == {"at": naive, "day": datetime(2024, 3, 1)}


def test_a_moment_beyond_all_calendars_is_no_moment(tmp_path: Path) -> None:
    path = table(tmp_path / "a.parquet", at=pa.array([2**61], pa.int64()).cast(pa.timestamp("us")))
    assert rows(path)[0].told == {"at": f"{2**61} microseconds after 1970"}


def test_missing_parquet_values_are_left_out(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.parquet",
        a=pa.array([None, 1]),
        b=pa.array([float("nan"), 2.5]),
        c=pa.array([" ", "c"]),
        d=pa.array([None, ["x", "y"]]),
        e=pa.array(["", "e"]).dictionary_encode(),
        f=pa.array([None, Decimal("1.50")]),
        g=pa.nulls(2),
    )
    full = {"a": 1, "b": 2.5, "c": "c", "d": ["x", "y"], "e": "e", "f": Decimal("1.50")}
    assert rows(path) == [(1, {}, ""), (2, full, "")]


def test_the_index_that_pandas_leaves_in_a_file_is_no_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"a": [1, 2]}).iloc[::-1].to_parquet(path)
    assert files.columns(path) == ["a"]
    assert [line.told for line in rows(path)] == [{"a": 2}, {"a": 1}]


def test_rows_come_in_batches(tmp_path: Path) -> None:
    path = table(tmp_path / "a.parquet", a=pa.array(range(25)))
    assert [len(batch) for batch in files.batches(path, 10)] == [10, 10, 5]
    assert files.length(path) == 25
    assert [line.number for line in rows(path)] == list(range(1, 26))


@pytest.mark.parametrize("name", ["a.parquet", "a.csv.gz", "a.jsonl.gz"])
def test_a_broken_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PAR1 this is not what its name says")
    for read in (files.columns, rows):
        with pytest.raises(Invalid, match=f"{name} cannot be read: "):
            read(tmp_path / name)


def test_a_half_copied_file_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv.gz", b"a\n" + b"1\n" * 9999)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Invalid, match=r"a\.csv\.gz cannot be read: Compressed file ended"):
        rows(path)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with files.replacing(path) as stream:
        stream.write(b"first")
        assert not path.exists()
    with pytest.raises(TypeError), files.replacing(path) as stream:
        stream.write("no bytes")  # type: ignore[call-overload]
    assert path.read_bytes() == b"first"
    assert list(path.parent.iterdir()) == [path]
