"""Demo: every step of the work on a simulated world that ends now, one after the other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console

from features import catalog, memory
from features.store import Store
from models import gates
from models.inspection import agency as agencies
from models.inspection.draws import draw, roster
from models.inspection.draws.inspectors import Duty
from models.registry import Registry
from models.risk.training import Recipe
from models.splits import Period
from models.text import taxonomy
from pipelines import arguments, champions, show, show_draw, text_material
from pipelines import score as scoring
from pipelines.annotate import annotate
from pipelines.assign import assign
from pipelines.backtest import Window, rolling
from pipelines.ingest import ingest
from pipelines.plan import Capacity, Day, plan
from pipelines.promote import Asked as Approved
from pipelines.promote import promote
from pipelines.sample import ROSTER, sample
from pipelines.table import read, table
from pipelines.train_risk import log as log_risk
from pipelines.train_risk import train_risk
from pipelines.train_text import log as log_text
from pipelines.train_text import train_text

TESTED, FOLDS = timedelta(days=182), 2
WITH, WITHOUT = "有风险信息 with reports", "无 without"
REPORTS = ("report", "annotation")
SHOWN = (
    "period",
    "model",
    "n",
    "positives",
    "auc",
    "average_precision",
    "precision_at_10pct",
    "ece",
)
LEARNED = timedelta(days=900)  # before now: what was known then trains the text models
FEWEST_FIRMS, LINES_PER_FIRM = 30, 66  # firms and lines grow together, as at a real port
TRAINER, APPROVER = "数据科学家", "复核人"  # two roles of the invented world
HOURS, UNITS = 14.0, 150  # that each port has on the day, of inspection and in its laboratory


@dataclass(frozen=True)
class Place:
    """Where a demo keeps its world, its facts and its runs."""

    directory: Path
    store: str
    tracking_uri: str


@dataclass(frozen=True)
class Scene:
    """What the acts of a demo share."""

    console: Console
    store: Store
    registry: Registry
    now: datetime
    seed: int


def demo(place: Place, *, secret: bytes, now: datetime, declarations: int, seed: int) -> None:
    """Make a world, read its reports, train, promote, backtest, plan the day, decide, and print.

    The text models learn from the first months only, before the risk table begins, so that they
    have no hindsight.
    """
    scene = Scene(
        show.console(),
        arguments.opened(place.store),
        arguments.registry(place.tracking_uri),
        now,
        seed,
    )
    _load_world(scene, place.directory, declarations=declarations)
    _read_reports(scene)
    _train(scene)
    _backtest(scene)
    _decide(scene, place.directory, secret=secret)


def _load_world(scene: Scene, directory: Path, *, declarations: int) -> None:
    scene.console.rule("1 模拟数据 a simulated world")
    sample(
        directory,
        seed=scene.seed,
        declarations=declarations,
        until=scene.now,
        enterprises=max(FEWEST_FIRMS, declarations // LINES_PER_FIRM),
    )
    show.ingested(scene.console, ingest(directory, scene.store, now=scene.now))


def _read_reports(scene: Scene) -> None:
    scene.console.rule("2 阅读风险信息 reading the reports")
    words, until = taxonomy.load(), scene.now - LEARNED
    material = text_material.read(scene.store, taxonomy=words, until=until)
    trained = train_text(material, taxonomy=words, until=until, seed=scene.seed)
    log_text(trained, scene.registry, params={"seed": scene.seed}, by=TRAINER)
    _promote(scene, "text")
    annotator = champions.text(scene.registry).annotator
    show.mapping(scene.console, "annotate", values=vars(annotate(scene.store, annotator)))


def _train(scene: Scene) -> None:
    scene.console.rule("3 训练与晋级 training and promoting the risk model")
    trained = train_risk(
        scene.store,
        until=scene.now,
        reader=champions.text(scene.registry),
        recipe=Recipe(scene.seed),
    )
    log_risk(trained, scene.registry, params={"seed": scene.seed}, by=TRAINER)
    show.measured(scene.console, "训练前回测 backtest before training", values=trained.metrics)
    _promote(scene, "risk")


def _promote(scene: Scene, model: str) -> None:
    asked = Approved(model, None, by=APPROVER, at=scene.now)
    done = promote(scene.registry, asked, store=scene.store, rules=gates.load())
    show.promotion(scene.console, done)


def _backtest(scene: Scene) -> None:
    scene.console.rule("4 回测 would it have worked")
    reader = champions.text(scene.registry)
    tables = memory.pinned(read(scene.store), reader.version)
    whole = catalog.standard(tables)
    last = Window(Period(scene.now - TESTED, scene.now), train_from=reader.as_of)
    rows = [
        {"period": f"{period.start:%Y-%m} – {period.end:%Y-%m}", "model": name, **found.metrics}
        for name, features in ((WITH, whole), (WITHOUT, whole.without(*REPORTS)))
        for period, found in rolling(
            table(tables, features), last, folds=FOLDS, recipe=Recipe(scene.seed)
        )
    ]
    shown = sorted(rows, key=lambda row: str(row["period"]))
    show.results(scene.console, "各半年 each half year", rows=shown, columns=SHOWN)


def _decide(scene: Scene, directory: Path, *, secret: bytes) -> None:
    scene.console.rule("5 布控 planning the day and deciding")
    champion = champions.risk(scene.registry)
    agency = agencies.load(secret, policy=None, matrix="port", rules=None)
    day = Day(draw.day(scene.now), scene.now, Capacity(HOURS, UNITS), {})
    show.plans(scene.console, plan(scene.store, champion, agency=agency, day=day))
    decided = scoring.score(scene.store, champion, agency=agency, as_of=scene.now)
    show.decisions(scene.console, decided, lines=scoring.lines(scene.store, decided))
    staff, own = roster.load(directory / ROSTER), draw.day_secret(secret, day.date)
    duty = Duty(day.date, staff, agency.policy.effort, own)
    after = scene.now + timedelta(milliseconds=1)  # what was decided now is known then
    show_draw.assigned(scene.console, assign(scene.store, duty=duty, as_of=after), staff=staff)
