"""Annotating a directory: what is written, what stands, and what a killed run leaves to do."""

import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from features.errors import Conflict, Invalid, NotReady
from features.judgements import Annotation
from features.store import Store
from models.text import recipes
from models.text.annotate import Annotator, lexicon_only, trained
from models.text.linear import LinearClassifier
from models.text.normalize import normalize
from models.text.prepared import Prepared
from models.text.taxonomy import load
from pipelines import annotate_files as steps
from pipelines.annotate import annotate
from pipelines.annotate_files import AnnotatedFiles, annotate_files
from pipelines.ingest import Counts, ingest
from tests.pipelines.conftest import Said

Yujing = Callable[..., Said]
NOW = datetime(2025, 1, 1, tzinfo=UTC)
ANNOTATOR = lexicon_only(load())
NAME = f"annotations-{ANNOTATOR.version}.jsonl"
PHONE = "13812345678"
GOODS = ("电热水壶", "儿童玩具车", "充电宝", "婴儿奶粉")
HARMS = ("起火冒烟", "漏电", "有异味", "断裂划伤手指")


def report(number: int, text: str = "电热水壶漏电，要求退款", **told: Any) -> dict[str, Any]:
    moment = f"2024-03-{1 + number // 500:02d}T{number % 24:02d}:00Z"
    values = {"report_id": f"r{number}", "channel": "12315", "received_at": moment, "text": text}
    return {**values, **told}


def saved(directory: Path, reports: list[dict[str, Any]]) -> Path:
    directory.mkdir(exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) for row in reports)
    (directory / "reports.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return directory


def read(directory: Path, **told: Any) -> AnnotatedFiles:
    return annotate_files(directory, ANNOTATOR, now=NOW, **told)


def annotations(path: Path) -> list[Annotation]:
    return [Annotation.model_validate_json(line) for line in path.read_bytes().splitlines()]


def test_the_file_says_what_the_store_would(tmp_path: Path, sqlite_url: str) -> None:
    later = report(1, "电热水壶没有漏电", known_at="2024-04-01T00:00Z")
    directory = saved(tmp_path / "in", [report(2), report(0), report(1), later, report(2)])
    done = read(directory)
    assert done.path == directory / NAME
    assert done.ingested.tables == {"reports": Counts(read=5, added=4, unchanged=1)}
    store = Store.open(sqlite_url)
    ingest(directory, store, now=NOW)
    assert vars(annotate(store, ANNOTATOR)) == vars(done.annotated)
    assert annotations(done.path) == store.after("annotations", 0)[1]
    store.close()


def test_near_duplicates_are_in_one_cluster_in_the_order_they_were_known(tmp_path: Path) -> None:
    same = "昨天在超市买的电热水壶使用时突然漏电，要求商家退款并赔偿损失"
    told = [report(n, f"{same}{n}") for n in (2, 0, 1)]
    found = annotations(read(saved(tmp_path / "in", told)).path)
    assert [(a.report_id, a.cluster_id, a.cluster_size) for a in found] == [
        ("r2", "r0", 3),
        ("r0", "r0", 1),
        ("r1", "r0", 2),
    ]


def test_personal_data_is_masked(tmp_path: Path) -> None:
    told = [report(0, f"电热水壶漏电，电话{PHONE}，联系人电话{PHONE}漏电")]
    path = read(saved(tmp_path / "in", told)).path
    assert PHONE not in path.read_text()
    assert annotations(path)[0].hazards == ("electric_shock",)


def test_rejected_rows_are_written_out_with_why(tmp_path: Path) -> None:
    bad = report(1, received_at="2024-03-01 08:00")
    directory = saved(tmp_path / "in", [report(0), bad])
    done = read(directory)
    assert done.ingested.tables == {"reports": Counts(read=2, added=1, rejected=1)}
    (path,) = done.ingested.rejected
    assert path == directory / "rejected" / "reports.jsonl"
    rejected = json.loads(path.read_text())
    assert (rejected["row"], rejected["values"]) == (2, bad)
    assert "no time zone" in rejected["reason"]
    again = read(directory, zone=ZoneInfo("Asia/Shanghai"))
    assert (again.annotated.read, again.annotated.already) == (1, 1)
    assert not path.exists()


def test_other_tables_and_other_rejected_rows_are_left_alone(tmp_path: Path) -> None:
    directory = saved(tmp_path / "in", [report(0)])
    (directory / "declarations.csv").write_text("wrong\n1\n")
    (directory / "report.csv").write_text("misspelt\n1\n")
    (directory / "rejected").mkdir()
    (directory / "rejected" / "declarations.jsonl").write_text("{}\n")
    before = {path: path.read_bytes() for path in directory.rglob("*.*")}
    read(directory)
    assert read(directory).ingested.overlooked == (directory / "report.csv",)
    assert {path: path.read_bytes() for path in before} == before


def test_a_file_whose_columns_are_wrong_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    directory = saved(tmp_path / "in", [report(0)])
    (directory / "reports-2.csv").write_text("report_id\nr9\n")
    done = read(directory)
    assert done.annotated.read == 1
    assert "reports-2.csv is refused" in done.ingested.refused[0]


def test_another_folder_gets_all_that_is_written(tmp_path: Path) -> None:
    directory = saved(tmp_path / "in", [report(0), report(1, channel="nope")])
    before = set(directory.rglob("*"))
    done = read(directory, out=tmp_path / "new" / "out")
    assert done.path == tmp_path / "new" / "out" / NAME
    assert done.ingested.rejected == (tmp_path / "new" / "out" / "rejected" / "reports.jsonl",)
    assert set(directory.rglob("*")) == before


def test_reading_again_changes_nothing(tmp_path: Path) -> None:
    directory = saved(tmp_path / "in", [report(n) for n in range(5)])
    first = read(directory)
    whole = first.path.read_bytes()
    again = read(directory)
    assert (first.annotated.read, again.annotated.read, again.annotated.already) == (5, 0, 5)
    assert again.path.read_bytes() == whole


def test_new_reports_are_appended_and_what_was_written_stands(tmp_path: Path) -> None:
    directory = saved(tmp_path / "in", [report(1)])
    path = read(directory).path
    (line,) = path.read_bytes().splitlines()
    late = report(1, "电热水壶没有漏电", known_at="2024-05-01T00:00Z")
    done = read(saved(directory, [report(0), report(1), late]))
    assert (done.annotated.read, done.annotated.already) == (2, 1)
    assert path.read_bytes().splitlines()[0] == line
    clusters = [(one.report_id, one.cluster_id) for one in annotations(path)]
    assert clusters == [("r1", "r1"), ("r0", "r0"), ("r1", "r1")]


def test_another_version_has_a_file_of_its_own(tmp_path: Path) -> None:
    directory = saved(tmp_path / "in", [report(0)])
    first = read(directory).path
    before = first.read_bytes()
    other = annotate_files(directory, Annotator(ANNOTATOR.taxonomy, "another"), now=NOW)
    assert (other.annotated.read, other.path.name) == (1, "annotations-another.jsonl")
    assert first.read_bytes() == before


@pytest.mark.parametrize("cut", [1, 2, 100, -1])
def test_a_half_written_line_is_cut_off_and_written_again(tmp_path: Path, cut: int) -> None:
    directory = saved(tmp_path / "in", [report(n) for n in range(4)])
    path = read(directory).path
    whole = path.read_bytes()
    start = whole[:-1].rindex(b"\n") + 1 if cut > 0 else 0
    path.write_bytes(whole[: start + cut] if cut > 0 else whole[:-1])
    done = read(directory)
    assert (done.annotated.read, done.annotated.already) == (1, 3)
    assert path.read_bytes() == whole


def test_a_file_with_anything_else_in_it_is_not_touched(tmp_path: Path) -> None:
    directory = saved(tmp_path / "in", [report(0), report(1)])
    path = read(directory).path
    good, other = path.read_bytes().splitlines(keepends=True)
    for bad in (b'{"report_id": "r1"}\n', b"\n", other.replace(b"lexicon-", b"another-")):
        path.write_bytes(good + bad + other[:9])
        with pytest.raises(Invalid, match=rf"{NAME} line 2 is .*no annotation of .*take the file"):
            read(directory)
        assert path.read_bytes() == good + bad + other[:9]


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    directory = saved(tmp_path / "in", [report(0)])
    with (directory / NAME).open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match="is being written by another run"):
            read(directory)
    assert read(directory).annotated.read == 1


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = saved(tmp_path / "in", [report(n) for n in range(4)])
    whole = read(directory, out=tmp_path / "clean").path.read_bytes()
    monkeypatch.setattr(steps, "BATCH", 1)
    calls, sync = iter([None, None, OSError(28, "No space left on device")]), os.fsync

    def full(number: int) -> None:
        sync(number)
        if error := next(calls):
            raise error

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotReady, match=r"No space left on device; .*run this again"):
        read(directory)
    monkeypatch.undo()
    assert 0 < len((directory / NAME).read_bytes()) < len(whole)
    assert read(directory).path.read_bytes() == whole


WRONG = {
    "no directory": (None, "is no directory"),
    "no reports": ({}, r"has no reports; name the file one of reports.parquet, reports.csv"),
    "no rows": ({"reports.csv": "report_id,channel,received_at,text\n"}, "empty reports table"),
    "no line": ({"reports.jsonl": ""}, "empty reports table"),
    "wrong columns": (
        {"reports.csv": "text\n漏电\n"},
        r"no usable reports: .*report_id is missing",
    ),
    "bad rows": ({"reports.csv": "report_id,channel,received_at,text\na,x,,b\n"}, "every row was"),
}


@pytest.mark.parametrize("case", WRONG)
def test_without_a_usable_report_there_is_one_error_and_no_file(tmp_path: Path, case: str) -> None:
    told, message = WRONG[case]
    directory = tmp_path / "in"
    for name, text in (told or {}).items():
        directory.mkdir(exist_ok=True)
        (directory / name).write_text(text)
    if told == {}:
        directory.mkdir()
    with pytest.raises(Invalid, match=message):
        read(directory)
    assert not (directory / NAME).exists()
    assert directory.exists() == (told is not None)


def test_where_nothing_can_be_written_another_folder_is_asked_for(tmp_path: Path) -> None:
    directory = saved(tmp_path / "in", [report(0)])
    (tmp_path / "letter").write_text("no folder")
    for out in (tmp_path / "letter", Path("/proc/none")):
        with pytest.raises(NotReady, match=r"annotations cannot be written .*with --out"):
            read(directory, out=out)


def test_the_folder_of_the_reports_parts_is_no_place_for_annotations(tmp_path: Path) -> None:
    saved(tmp_path / "in", [])
    parts = saved(tmp_path / "in" / "reports", [report(0)])
    for out in (parts, parts / "deep"):
        with pytest.raises(Invalid, match="would be read as reports; name another folder"):
            read(tmp_path / "in", out=out)
    assert read(tmp_path / "in", out=tmp_path / "in" / "out").annotated.read == 1


RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipelines import annotate_files
from tests.pipelines.test_annotate_files import annotator

annotate_files.BATCH = 40
reader = annotator(*map(Path, sys.argv[2:]))
annotate_files.annotate_files(Path(sys.argv[1]), reader, now=datetime.now(UTC))
"""


def annotator(classifier: Path | None = None) -> Annotator:
    """Return what reads by the lexicon, and by a classifier of the category where one was saved."""
    if classifier is None:
        return ANNOTATOR
    return trained(load(), {"category": recipes.load(classifier, "linear")})


@pytest.fixture(params=["lexicon", "linear"])
def saved_models(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """The folder of a trained classifier, or none."""
    if request.param == "lexicon":
        return []
    texts = Prepared.of(normalize(good + harm) for good in GOODS for harm in HARMS)
    labels = ["safety", "safety", "quality", "quality"] * len(GOODS)
    recipes.save(LinearClassifier().fit(texts, labels), tmp_path / "category")
    return [tmp_path / "category"]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A directory that takes seconds to read: copies, corrections and bad rows among the others."""
    chance = random.Random(7)
    told = []
    for number in range(2000):
        words = f"{chance.choice(GOODS)}用了{chance.randrange(9)}天后{chance.choice(HARMS)}"
        channel = "12315" if number % 97 else "nope"
        told.append(report(number, f"{words}，要求退款，电话{PHONE}。" * 3, channel=channel))
    told += [{**row, "text": "更正：没有起火", "known_at": NOW.isoformat()} for row in told[::50]]
    chance.shuffle(told)
    return saved(tmp_path / "large", told)


@pytest.mark.parametrize("kills", [1, pytest.param(4, marks=pytest.mark.slow)])
def test_a_run_that_is_killed_and_run_again_ends_like_a_clean_one(
    tmp_path: Path, large: Path, kills: int, saved_models: list[Path]
) -> None:
    reader = annotator(*saved_models)
    clean = annotate_files(large, reader, now=NOW, out=tmp_path / "clean")
    whole = clean.path.read_bytes()
    chance = random.Random()
    places = sorted(chance.randrange(1, len(whole) * 9 // 10) for _ in range(kills))
    begun = large / clean.path.name
    assert sum(killed(large, begun, after=size, models=saved_models) for size in places)
    left = begun.read_bytes()
    assert whole.startswith(left)
    again = annotate_files(large, reader, now=NOW)
    assert 0 < again.annotated.already == left.count(b"\n") < whole.count(b"\n")
    assert again.path.read_bytes() == whole
    rejected = large / "rejected" / "reports.jsonl"
    assert rejected.read_bytes() == (tmp_path / "clean" / "rejected" / rejected.name).read_bytes()


def killed(directory: Path, path: Path, *, after: int, models: list[Path]) -> bool:
    """Run in another process and kill it when so many bytes are written; say if it still ran."""
    root = Path(steps.__file__).parents[1]
    run = subprocess.Popen([sys.executable, "-c", RUN, directory, *models], cwd=root)
    while run.poll() is None:
        if path.exists() and path.stat().st_size >= after:
            run.send_signal(signal.SIGKILL)
            break
        time.sleep(0.002)
    return run.wait() == -signal.SIGKILL


RUNS = ("--tracking-uri", "sqlite:///mlflow.db")


@pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy:DeprecationWarning")
def test_the_command_takes_a_directory_or_the_store(
    tmp_path: Path, yujing: Yujing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "in", [report(0), report(1, received_at="2024-03-01")])
    said = yujing("annotate", "in", *RUNS, "--out", "", "--time-zone", "")
    assert (said.code, said.err.count("error: ")) == (0, 0)
    assert "in/rejected/reports.jsonl" in said.out
    assert len(annotations(tmp_path / "in" / NAME)) == 1
    assert not (tmp_path / "data").exists()  # no store was made
    zoned = yujing("annotate", "in", *RUNS, "--out", "out", "--time-zone", "Asia/Shanghai")
    assert (zoned.code, len(annotations(tmp_path / "out" / NAME))) == (0, 2)
    empty = ("annotate", "", *RUNS, "--store", "sqlite:///facts.db", "--out", "")
    assert yujing(*empty, "--time-zone", "").code == 0
    assert (tmp_path / "facts.db").exists()
    for words in (("--out", "x"), ("--time-zone", "UTC"), ("nowhere",)):
        refused = yujing("annotate", *words, *RUNS)
        assert (refused.code, refused.err.count("error: ")) == (1, 1)
    (tmp_path / "in" / "reports-2.csv").write_text("report_id\nr9\n")
    assert yujing("annotate", "in", *RUNS).code == 1
