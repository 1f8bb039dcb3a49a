"""A small simulated world, loaded and annotated once, and a champion trained on it once."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from features.store import Store
from models.registry import Registry
from models.risk import booster, search, training
from models.text import taxonomy
from models.text.annotate import lexicon_only
from pipelines import arguments, champions
from pipelines.__main__ import main
from pipelines.annotate import annotate
from pipelines.ingest import ingest
from pipelines.sample import sample
from pipelines.table import read
from pipelines.train_risk import TrainedRisk, log, train_risk

UNTIL = datetime(2025, 6, 30, 16, tzinfo=UTC)
ROUNDS = 40  # so that a model is there within seconds; how good it is belongs to other tests


@dataclass(frozen=True)
class Place:
    """A world's exchange tables and the store that holds them, read by the lexicon."""

    directory: Path
    store: Path


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit status."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A world of three years before ``UNTIL``."""
    folder: Path = tmp_path_factory.mktemp("small")
    sample(folder / "tables", seed=5, declarations=4_000, until=UNTIL, enterprises=40)
    store = Store.open(f"sqlite:///{folder / 'facts.db'}")
    ingest(folder / "tables", store, now=UNTIL)
    annotate(store, lexicon_only(taxonomy.load()))
    store.close()
    return Place(folder / "tables", folder / "facts.db")


@pytest.fixture(scope="session")
def tables(world: Place) -> dict[str, pd.DataFrame]:
    """The small world's frames; a test that changes them makes new ones."""
    store = Store.open(f"sqlite:///{world.store}")
    frames = read(store)
    store.close()
    return frames


@pytest.fixture
def small(world: Place, tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own with the small world in it."""
    store = Store.open(copied(world, tmp_path))
    yield store
    store.close()


def copied(world: Place, folder: Path) -> str:
    """Copy the small world's store; return its address."""
    shutil.copy(world.store, folder / "facts.db")
    return f"sqlite:///{folder / 'facts.db'}"


@pytest.fixture(scope="session")
def quick() -> Iterator[None]:
    """Boosters of few rounds and one seed."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(search, "MOST_STEPS", ROUNDS // booster.STEP)
        changed.setattr(training, "SEEDS", 1)
        yield


@pytest.fixture(scope="session")
def trained(world: Place, quick: None) -> TrainedRisk:
    """A risk model of everything that the small world knew."""
    assert quick is None
    store = Store.open(f"sqlite:///{world.store}")
    made = train_risk(store, until=UNTIL, reader=lexicon_reader())
    store.close()
    return made


def lexicon_reader() -> champions.Reader:
    """The reader that no training has gone into."""
    return champions.Reader(lexicon_only(taxonomy.load()), None)


@pytest.fixture(scope="session")
def tracking(tmp_path_factory: pytest.TempPathFactory, trained: TrainedRisk) -> Path:
    """A tracking file with one version of the risk model, not promoted."""
    path: Path = tmp_path_factory.mktemp("tracking") / "mlflow.db"
    log(trained, arguments.registry(f"sqlite:///{path}"), params={"seed": 0})
    return path


@pytest.fixture
def registry(tracking: Path, tmp_path: Path) -> Registry:
    """A registry of the test's own with that version in it."""
    shutil.copy(tracking, tmp_path / "mlflow.db")
    return arguments.registry(f"sqlite:///{tmp_path / 'mlflow.db'}")


@pytest.fixture
def champion(registry: Registry) -> champions.RiskChampion:
    """The risk model, promoted."""
    registry.promote("risk", "1", alias="champion", why="the tests need one")
    return champions.risk(registry)


@pytest.fixture
def yujing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """The command, as a shell would run it."""

    def run(*words: str | Path) -> Said:
        monkeypatch.setattr("sys.argv", ["yujing", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    return run
