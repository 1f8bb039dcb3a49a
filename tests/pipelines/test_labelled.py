"""Labelled files of every format say the same, and wrong ones say what is wrong."""

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from features.errors import Invalid, NotFound
from pipelines.labelled import Columns, Labelled, read

FRAME = pd.DataFrame(
    {
        "title": ["插座冒烟", "", "电饭煲"],
        "text": ["昨天起火，\n电话13812345678", "“很好”，她说", 'he said "fine"'],
        "label": [1, 0, 1],
        "channel": ["12315", "", "12345"],
    }
)
BOTH = Columns(("title", "text"), ("label",))
Write = Callable[[Path], object]


def tsv(path: Path) -> None:
    FRAME.to_csv(path, sep="\t", index=False)


def jsonl(path: Path) -> None:
    rows = FRAME.to_dict("records")
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))


WRITTEN: dict[str, Write] = {
    "rows.csv": lambda path: FRAME.to_csv(path, index=False),
    "rows.csv.gz": lambda path: FRAME.to_csv(path, index=False),
    "bom.csv": lambda path: FRAME.to_csv(path, index=False, encoding="utf-8-sig"),
    "gb.csv": lambda path: FRAME.to_csv(path, index=False, encoding="gb18030"),
    "rows.tsv": tsv,
    "rows.jsonl": jsonl,
    "rows.parquet": lambda path: FRAME.to_parquet(path, index=False),
    "floats.parquet": lambda path: FRAME.astype({"label": float}).to_parquet(path, index=False),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_says_the_same(tmp_path: Path, name: str) -> None:
    WRITTEN[name](tmp_path / name)
    assert read(tmp_path / name, BOTH) == Labelled(
        ["插座冒烟\n昨天起火，\n电话〔电话〕", "“很好”，她说", '电饭煲\nhe said "fine"'],
        ["插座冒烟\n昨天起火,\n电话〔电话〕", "“很好”,她说", '电饭煲\nhe said "fine"'],
        [("1",), ("0",), ("1",)],
        ["12315", "", "12345"],
    )


def test_a_tsv_without_quoting_keeps_every_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text('label\ttext\n1\t"好 说话没完\n0\t"quoted ""well"""\n1\tplain\n')
    found = read(path, Columns())
    assert found.texts == ['"好 说话没完', 'quoted "well"', "plain"]
    assert found.channels is None


def test_words_that_pandas_takes_for_missing_are_labels(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("text,label\nNA,None\nnull,nan\n,\n a , b \n")
    found = read(path, Columns())
    assert found.labels == [("None",), ("nan",), (), ("b",)]
    assert found.texts == ["NA", "null", "", "a"]


def test_a_huge_cell_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"text,label\n{'烟' * (csv.field_size_limit() * 2)},1\n")
    assert len(read(path, Columns()).texts[0]) == csv.field_size_limit() * 2


def test_several_columns_make_one_label_and_groups_one_text(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("id,text,of,mood\n7,好车,价格,1\n8,差车,动力,-1\n7,好车,动力,0\n,好车,,1\n")
    found = read(path, Columns(labels=("of", "mood"), group="id"))
    assert [set(own) for own in found.labels] == [{"价格|1", "动力|0"}, {"动力|-1"}, set()]
    assert found.texts == ["好车", "差车", "好车"]


def test_labels_of_one_cell_are_parted(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('text,label\n好车,"B84, E111,"\n差车,","\n')
    found = read(path, Columns(separator=","))
    assert found.labels == [("B84", "E111"), ()]
    assert Columns(separator=",").many
    assert not Columns().many


def gzipped(path: Path) -> None:
    path.write_bytes(gzip.compress(b"text,label\na,1\n" * 99)[:-20])


WRONG: dict[str, tuple[str, str, Write]] = {
    "no column": (
        "a.csv",
        "no column 'label'; its columns are text",
        lambda p: p.write_text("text\n"),
    ),
    "only a header": ("a.csv", "no row below", lambda p: p.write_text("text,label\n")),
    "empty": ("a.csv", "its columns are none", lambda p: p.write_bytes(b"")),
    "empty lines": ("a.jsonl", "its columns are none", lambda p: p.write_bytes(b"")),
    "junk": ("a.csv", "neither UTF-8", lambda p: p.write_bytes(bytes(range(256)) * 9)),
    "junk as Parquet": ("a.parquet", "cannot be read", lambda p: p.write_bytes(b"PAR1 no")),
    "junk as gzip": ("a.csv.gz", "cannot be read", lambda p: p.write_bytes(b"no gzip")),
    "cut short": ("a.csv.gz", "cannot be read", gzipped),
    "another format": ("a.xlsx", "ends in '.xlsx'", lambda p: p.write_bytes(b"PK")),
    "ragged": ("a.csv", "line 3", lambda p: p.write_text("text,label\na,1\nb,c,1\n")),
    "all too long": ("a.csv", "more values than", lambda p: p.write_text("text,label\nb,c,1\n")),
    "open quotation": ("a.csv", "cannot be read", lambda p: p.write_text('text,label\n"b,1\n')),
    "not JSON": ("a.jsonl", "line 2", lambda p: p.write_text('{"text":"a","label":1}\nb\n')),
    "no object": ("a.jsonl", "line 1", lambda p: p.write_text("[1]\n")),
    "a list": ("a.jsonl", "no single value", lambda p: p.write_text('{"text":["a"],"label":1}')),
    "one name twice": ("a.csv", "two columns", lambda p: p.write_text("text,text ,label\na,b,1\n")),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, case: str) -> None:
    name, told, write = WRONG[case]
    write(tmp_path / name)
    with pytest.raises(Invalid, match=told) as refused:
        read(tmp_path / name, Columns())
    assert name in str(refused.value)


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_what_is_no_file_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound, match="is no file"):
        read(tmp_path / name, Columns())
