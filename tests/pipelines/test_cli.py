"""Every command, and wrong input at every door: one line, and never a traceback."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import arguments
from pipelines.cli import app
from tests.pipelines.conftest import Place, Said, copied

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning"
)
Yujing = Callable[..., Said]
SECRET = "a secret for tests only, long enough"
ROOT = Path(__file__).parents[2]


def refused(said: Said) -> str:
    """The one line that says what was wrong."""
    assert said.code == 1, said
    lines = [line for line in said.err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, said.err
    assert "Traceback" not in said.err + said.out
    return lines[0]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with a few wrong things in it."""
    monkeypatch.chdir(tmp_path)
    for name in ("YUJING_TRACKING_URI", "MLFLOW_TRACKING_URI"):  # MLflow sets it for its process
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "empty").mkdir()
    (tmp_path / "letter.db").write_text("not a database, only a letter")
    return tmp_path


STORE = ("--store", "sqlite:///facts.db")
RUNS = ("--tracking-uri", "sqlite:///mlflow.db")
DRAW = ("--draw-secret", SECRET)
WRONG: dict[str, tuple[str, tuple[str, ...]]] = {
    "missing directory": ("is no directory", ("ingest", "nowhere", *STORE)),
    "empty directory": ("has no exchange table", ("ingest", "empty", *STORE)),
    "backtest of nothing": ("has no exchange table", ("backtest", "empty")),
    "unknown zone": ("is unknown", ("backtest", "empty", "--time-zone", "Mars/Base")),
    "bad last day": ("is not a moment", ("sample", "out", "--until", "never")),
    "last day of all": ("no day after it", ("sample", "out", "--until", "9999-12-31")),
    "no lines": ("give 1 to", ("sample", "out", "--declarations", "0")),
    "a file as folder": ("letter.db", ("sample", "letter.db", "--declarations", "5")),
    "unknown key": ("unknown key 'nope'", ("features", *STORE, "--keys", "nope")),
    "half a key": ("unknown key", ("features", *STORE, "--keys", "origin+")),
    "markup in a key": ("unknown key '[/b]'", ("features", *STORE, "--keys", "[/b]")),
    "no store": ("no URL", ("features", "--store", "nonsense")),
    "another kind of store": ("give sqlite", ("features", "--store", "mongodb://x")),
    "no database": ("not a database", ("features", "--store", "sqlite:///letter.db")),
    "no folder": ("cannot be made", ("features", "--store", "sqlite:////proc/no/facts.db")),
    "folder as file": ("empty", ("table", "empty", *STORE)),
    "bad cut": ("is not a moment", ("table", "out.parquet", *STORE, "--until", "soon")),
    "no tracking": ("no tracking server", ("promote", "--tracking-uri", "nonsense")),
    "a letter as tracking": ("no SQLite", ("promote", "--tracking-uri", "sqlite:///letter.db")),
    "nobody trains": ("names nobody", ("train-risk", *STORE, *RUNS, "--by", " ")),
    "nobody approves": ("names nobody", ("promote", *RUNS, "--approved-by", "—")),
    "nothing to compare": ("no champion of 'risk'", ("compare", *STORE, *RUNS)),
    "a bad moment to compare": ("is not a moment", ("compare", *STORE, *RUNS, "--as-of", "x")),
    "nothing to go back from": ("no champion", ("rollback", *RUNS, "--by", "a", "--why", "b")),
    "no version": ("no version of 'text'", ("versions", "text", *RUNS)),
    "study without data": ("does not exist", ("study", "chicago", "--data", "empty")),
    "customs without data": ("no CSV files", ("study", "customs", "--data", "empty")),
    "complaints without data": ("does not exist", ("study", "complaints", "--data", "empty")),
    "study nowhere": ("point at the study's files", ("study", "chicago")),
    "demo with a short secret": ("has 5 characters", ("demo", "--draw-secret", "short")),
    "bad moment": ("is not a moment", ("score", *DRAW, *STORE, *RUNS, "--as-of", "noon")),
}


@pytest.mark.parametrize("door", WRONG)
def test_wrong_input_is_one_line(place: Path, yujing: Yujing, door: str) -> None:
    assert place.is_dir()
    told, words = WRONG[door]
    assert told in refused(yujing(*words))


USAGE = [
    ("nope",),
    ("study", "nope"),
    ("promote", "--model", "nope"),
    ("rollback", "nope", "--by", "a", "--why", "b"),
    ("rollback", "--by", "a"),
    ("versions", "nope"),
    ("compare", "1", "2", "3"),
    ("score", *STORE),
    ("sample",),
    ("sample", "out", "--seed", "-1"),
    ("sample", "out", "--seed", "many"),
    ("backtest", "empty", "--what"),
]


@pytest.mark.parametrize("words", USAGE, ids=" ".join)
def test_wrong_usage_exits_with_two(
    place: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.delenv("YUJING_DRAW_SECRET", raising=False)
    said = CliRunner().invoke(app, [*words])
    assert said.exit_code == 2
    assert isinstance(said.exception, SystemExit)
    assert {path.name for path in place.iterdir()} == {"empty", "letter.db"}


def test_doors_that_need_a_model_say_so(place: Path, yujing: Yujing) -> None:
    assert place.is_dir()
    assert "train one first" in refused(yujing("promote", *RUNS))
    assert "no version '7'" in refused(yujing("promote", "--version", "7", *RUNS))
    for step in ("score", "plan"):
        assert "train and promote one" in refused(yujing(step, *DRAW, *STORE, *RUNS))
    assert "failures are known" in refused(yujing("train-risk", *STORE, *RUNS))
    assert "no task has two classes" in refused(yujing("train-text", *STORE, *RUNS))


@pytest.fixture
def doors(world: Place, tracking: Path, place: Path) -> tuple[str, ...]:
    """Options that name a store with the small world, and its runs."""
    runs = place / "mlflow.db"
    runs.write_bytes(tracking.read_bytes())
    return ("--store", copied(world, place), "--tracking-uri", f"sqlite:///{runs}")


def test_the_way_from_a_model_to_decisions(doors: tuple[str, ...], yujing: Yujing) -> None:
    runs, at = doors[2:], ("--as-of", "2025-06-30")
    done = yujing("promote", *runs)
    assert ("promoted" in done.out, done.code in (0, 1)) == (True, True)
    if done.code:
        arguments.registry(runs[1]).promote("risk", "1", alias="champion", why="a test")
    planned = yujing("plan", *DRAW, *doors, *at, "--hours", "4")
    assert planned.code == 0
    assert "commitment to the draw" in planned.out
    scored = yujing("score", *DRAW, *doors, *at)
    assert scored.code == 0
    assert "项 lines" in scored.out
    again = yujing("score", *DRAW, *doors, "--as-of", "2025-07-01T00:30")
    assert "共 0 项" in again.out
    assert SECRET not in planned.out + scored.out + planned.err + scored.err
    for words in (("--matrix", "nope"), ("--draw-secret", "short")):
        refused(yujing("score", *DRAW, *doors, *at, *words))
    assert "hours '-3' is no number" in refused(yujing("plan", *DRAW, *doors, "--hours", "-3"))
    assert "is not a date" in refused(yujing("plan", *DRAW, *doors, "--day", "2026-13-01"))


def test_features_tables_and_annotations(
    doors: tuple[str, ...], yujing: Yujing, tmp_path: Path
) -> None:
    store = doors[:2]
    assert "enterprise" in yujing("features", *store, "--keys", "departure+hs2").out
    assert yujing("table", tmp_path / "risk.parquet", *store).code == 0
    assert (tmp_path / "risk.parquet").stat().st_size > 0
    assert yujing("annotate", *doors).code == 0


def test_a_backtest_prints_its_json_on_the_last_line_and_keeps_a_run(
    world: Place, yujing: Yujing, place: Path, quick: None
) -> None:
    """In an empty folder runs and pictures are kept below ``data``, as those of other steps."""
    assert quick is None
    words = ("--test-from", "2025-01-01", "--test-until", "2025-06-30", "--freeze", "--json")
    said = yujing("backtest", world.directory, *words, "--without", "report,annotation")
    assert said.code == 0
    found = json.loads(said.out.splitlines()[-1])
    assert found["n"] > found["positives"] > 0
    assert {"auc", "ece", "days_earlier", "seconds", "peak_memory_mb"} <= found.keys()
    where = Path(said.err.splitlines()[-1].partition("charts: ")[2])
    assert (where / "reliability.svg").is_file()
    assert where.is_relative_to(place / "data")
    wrong = yujing("backtest", world.directory, "--without", "reports")
    assert "no features are of 'reports'" in refused(wrong)
    late = yujing("backtest", world.directory, "--test-from", "2030-01-01", "--test-until", "2031")
    refused(late)


def test_loading_twice_from_the_command_line_adds_nothing(
    world: Place, place: Path, yujing: Yujing
) -> None:
    assert place.is_dir()
    (place / "one").mkdir()
    (place / "one" / "warnings.parquet").write_bytes(
        (world.directory / "warnings.parquet").read_bytes()
    )
    assert yujing("ingest", "one", *STORE).code == 0
    assert yujing("ingest", "one", *STORE).code == 0
    (place / "one" / "reports.parquet").write_text("not a table")
    said = yujing("ingest", "one", *STORE)
    assert said.code == 1
    assert "refused" in said.out
    assert "Traceback" not in said.out + said.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code"), [(("--help",), 0), (("features", "--store", "nonsense"), 1), (("nope",), 2)]
)
def test_a_real_process_ends_as_it_should(
    tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", *words],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "MLFLOW_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert code != 1 or done.stderr.startswith("error: ")
