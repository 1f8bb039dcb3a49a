"""A directory becomes frames, checked and read, or one clear error."""

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from features.errors import Invalid
from models.text import taxonomy
from models.text.annotate import lexicon_only
from pipelines.load import load

NOW = datetime(2025, 6, 30, 16, tzinfo=UTC)
LINES = "declaration_id,declared_at,enterprise_id,x_lane\nD1,{day},E1,a\nD2,2024-03-02,E1,b\n"
VISITS = "declaration_id,inspected_at,outcome\nD1,2024-03-05,fail\nD2,2024-03-06,pass\n"
TOLD = "report_id,channel,received_at,text\nR1,12315,2024-03-03,水壶冒烟 电话13812345678\n"


def folder(path: Path, day: str = "2024-03-01", **more: str) -> Path:
    files = {"declarations": LINES.format(day=day), "inspections": VISITS, "reports": TOLD, **more}
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text)
    return path


def test_the_frames_are_checked_masked_and_annotated(tmp_path: Path) -> None:
    loaded = load(folder(tmp_path), now=NOW, zone=ZoneInfo("Asia/Shanghai"))
    tables = loaded.tables
    assert tables["declarations"]["x_lane"].tolist() == ["a", "b"]
    assert tables["declarations"]["declared_at"][0].to_pydatetime() == datetime(
        2024, 2, 29, 16, tzinfo=UTC
    )
    assert "13812345678" not in tables["reports"]["text"][0]
    (version,) = tables["annotations"]["model_version"]
    assert version == lexicon_only(taxonomy.load()).version
    assert tables["annotations"]["hazards"][0] == ("fire",)
    assert loaded.ingested.tables["inspections"].added == 2


def test_an_annotation_is_known_when_its_report_was(tmp_path: Path) -> None:
    tables = load(folder(tmp_path), now=NOW, zone=UTC).tables
    assert tables["annotations"]["known_at"][0] == tables["reports"]["known_at"][0]


def test_a_bad_row_is_rejected_where_it_is_asked_for_and_the_others_load(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    place = folder(tmp_path / "in", day="soon")
    loaded = load(place, now=NOW, zone=UTC, rejected=tmp_path / "bad")
    assert loaded.ingested.tables["declarations"].rejected == 1
    assert len(loaded.tables["declarations"]) == 1
    assert "soon" in (tmp_path / "bad" / "declarations.jsonl").read_text()


@pytest.mark.parametrize("table", ["declarations", "inspections"])
def test_a_table_that_is_needed_and_missing_is_named(tmp_path: Path, table: str) -> None:
    (folder(tmp_path) / f"{table}.csv").unlink()
    with pytest.raises(Invalid, match=f"has no usable {table}"):
        load(tmp_path, now=NOW, zone=UTC)


def test_a_refused_file_tells_why(tmp_path: Path) -> None:
    wrong = "declaration_id,inspected_at,result\nD1,2024-03-05,fail\n"
    with pytest.raises(Invalid, match=r"no usable inspections: .*result"):
        load(folder(tmp_path, inspections=wrong), now=NOW, zone=UTC)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    before = set(folder(tmp_path).iterdir())
    load(tmp_path, now=NOW, zone=UTC)
    assert set(tmp_path.iterdir()) == before


def test_when_every_row_is_rejected_the_first_reason_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        Invalid, match=r"every row was rejected, the first because declared_at .*no time zone"
    ):
        load(folder(tmp_path), now=NOW)


def test_rejected_rows_of_a_folder_that_cannot_be_written_are_kept_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    place = folder(tmp_path / "in", day="soon")
    monkeypatch.chdir(tmp_path)
    access = os.access  # root may write anywhere, so that it may not has to be said
    monkeypatch.setattr("os.access", lambda path, mode: path != place and access(path, mode))
    load(place, now=NOW, zone=UTC)
    assert (tmp_path / "data/rejected/in/declarations.jsonl").exists()
    assert not (place / "rejected").exists()
