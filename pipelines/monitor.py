"""Monitor: watch the champion in use. What drifted, does it keep its word, are the feeds alive?"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import pandas as pd

from features import memory, moments
from features.build import Rows
from features.errors import NotReady
from features.facts import Tables
from features.labels import maturity_of, outcomes
from features.plans import Numbers
from features.store import Store
from models import splits
from models.monitoring import (
    calibration,
    drift,
    expected,
    findings,
    freshness,
    periods,
    report,
)
from models.monitoring.answers import Answers, Outcomes
from models.monitoring.drift import Drift
from models.monitoring.finding import Finding
from models.monitoring.freshness import Thinning
from models.monitoring.periods import Sampled
from models.monitoring.residuals import Matured
from models.registry import Registry
from models.risk import training
from models.risk.matrix import Matrix
from models.risk.severity import severity
from pipelines import champions
from pipelines.bars import bar
from pipelines.champions import RiskChampion
from pipelines.table import read, rows_of

MOST = 20_000  # matured lines that are looked at, the newest
Positions = npt.NDArray[np.intp]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watched:
    """The champion, and the matrix of its levels."""

    champion: RiskChampion
    matrix: Matrix


@dataclass(frozen=True)
class Asked:
    """The moment of the question, how many days before it are watched, the seed of samples."""

    as_of: datetime
    days: int = 30
    seed: int = 0


@dataclass(frozen=True)
class Monitored:
    """What was found of a model version, and what it means in words."""

    version: str
    asked: Asked
    answers: Answers
    findings: list[Finding]

    @property
    def title(self) -> str:
        """Which version was watched, and until when."""
        return f"{self.version} · {self.asked.as_of.astimezone(moments.CIVIL):%Y-%m-%d %H:%M}"

    def plain(self) -> dict[str, object]:
        """Return everything as plain values; what is not a number is ``None``."""
        asked = {"as_of": self.asked.as_of.isoformat(), "days": self.asked.days}
        return {"model": self.version, **asked, **report.plain(self.answers, self.findings)}

    def save(self, directory: Path) -> None:
        """Write monitor.json, report.md and the charts that have something to show."""
        told = json.dumps(self.plain(), ensure_ascii=False, indent=1)
        (directory / "monitor.json").write_text(told)
        words = report.markdown(self.answers, self.findings, title=self.title)
        (directory / "report.md").write_text(words)
        for name, chart in report.drawn(self.answers).items():
            chart.save(directory / f"{name}.svg")


def watched(registry: Registry, matrix: Matrix) -> Watched:
    """Return the promoted risk model with what it knew; ``NotReady`` when there is none."""
    return Watched(champions.risk(registry), matrix)


def monitor(store: Store, watch: Watched, *, asked: Asked) -> Monitored:
    """Return what changed for a model until a moment, seeing only what was known before it.

    ``NotReady`` where no declaration was known.
    """
    champion = watch.champion
    with bar("monitor") as heard:
        tables = memory.pinned(read(store, known_before=asked.as_of), champion.text_version)
        heard(0.25)
        look = _look(tables, watch, asked=asked)
        heard(0.5)
        made = _made(tables, champion, look=look)
        heard(0.75)
        answers = _answers(tables, watch, look=look, made=made, asked=asked)
        heard(1)
    told = findings.findings(answers)
    logger.info("monitor: %d lines, %d findings", len(look.lines), len(told))
    return Monitored(champion.version, asked, answers, told)


def log(found: Monitored, registry: Registry) -> str:
    """Log what was found as one run with its report and charts; return the run's id."""
    with TemporaryDirectory() as folder:
        found.save(Path(folder))
        return registry.log(
            "monitor",
            params={
                "as_of": found.asked.as_of.isoformat(),
                "days": found.asked.days,
                "seed": found.asked.seed,
                "model": found.version,
            },
            metrics=report.metrics(found.answers, found.findings),
            directory=Path(folder),
        )


@dataclass(frozen=True)
class Look:
    """The lines that are looked at, and which of them are watched, and which have ripe outcomes.

    lines: declarations with ``failed`` and ``propensity`` where inspected. watched: positions among
    them, period by period. ripe: positions of matured lines, whose outcomes take ``age``.
    """

    lines: pd.DataFrame
    sampled: Sampled
    watched: Positions
    ripe: Positions
    age: timedelta


@dataclass(frozen=True)
class Made:
    """What the model makes of the lines: their feature rows, and how likely each is to fail."""

    rows: Rows
    likelihood: Numbers


def _look(tables: Tables, watch: Watched, *, asked: Asked) -> Look:
    """Return which lines to look at: a sample of each period, and those with ripe outcomes."""
    if tables["declarations"].empty:
        raise NotReady(f"no declaration was known before {asked.as_of}; load some, or ask later")
    declared = outcomes(tables["declarations"], tables["inspections"])
    moment = declared["declared_at"]
    sampled = periods.sample(moment, as_of=asked.as_of, days=asked.days, seed=asked.seed)
    inspected = declared["outcome_known_at"].notna().to_numpy(bool)
    some = declared[inspected]
    age = maturity_of(some["declared_at"], some["outcome_known_at"], as_of=asked.as_of)
    inside = splits.between(moment, since=watch.champion.as_of, until=asked.as_of - age)
    ripe = np.flatnonzero(inside & inspected)[-MOST:]
    wanted = np.unique(np.concatenate([sampled.lines.ravel(), ripe]))
    return Look(
        lines=declared.iloc[wanted].reset_index(drop=True),
        sampled=sampled,
        watched=np.searchsorted(wanted, sampled.lines),
        ripe=np.searchsorted(wanted, ripe),
        age=age,
    )


def _made(tables: Tables, champion: RiskChampion, *, look: Look) -> Made:
    rows = rows_of(look.lines, champion.model.features, tables=tables)
    return Made(rows, champion.model.likelihood(rows) if len(look.lines) else np.empty(0))


def _answers(tables: Tables, watch: Watched, *, look: Look, made: Made, asked: Asked) -> Answers:
    newest = made.likelihood[look.watched[-1]] if len(look.watched) else np.empty(0)
    arrived = arrivals(tables)
    return Answers(
        features=watch.champion.model.features,
        drift=_drift(look, made),
        outcomes=_outcomes(watch, look, made=made, as_of=asked.as_of),
        promised=expected.promised(newest),
        confusion=expected.confusion(newest) if len(newest) else {},
        feeds=freshness.feeds(arrived, as_of=asked.as_of),
        thinning=_thinning(arrived, asked=asked),
    )


def _drift(look: Look, made: Made) -> Drift:
    places = look.watched.ravel()
    rows = made.rows.take(places)
    return drift.drift(look.sampled, rows, likelihood=made.likelihood[places])


def _outcomes(watch: Watched, look: Look, *, made: Made, as_of: datetime) -> Outcomes:
    lines, rows = look.lines.iloc[look.ripe], made.rows.take(look.ripe)
    likelihood = made.likelihood[look.ripe]
    matured = Matured(
        failed=lines["failed"].to_numpy(bool),
        likelihood=likelihood,
        weight=training.weights(lines["propensity"]) if len(lines) else np.empty(0),
        group=pd.factorize(lines["enterprise_id"])[0],
        level=np.array(watch.matrix.level(likelihood, severity(rows)), dtype=str),
    )
    tests = calibration.tests(matured)
    return Outcomes(
        learned=watch.champion.as_of,
        as_of=as_of,
        ripe=look.age,
        lines=len(matured),
        failures=int(matured.failed.sum()),
        tests=tests,
        kept=expected.kept(matured) if tests else [],
        months=calibration.months(matured, lines["declared_at"]),
    )


def arrivals(tables: Tables) -> dict[str, pd.Series]:
    """Return when each feed's facts were first known: declarations, inspections, each channel.

    A corrected fact arrived once.
    """
    first = {
        name: tables[name].drop_duplicates("fact_id", keep="first")
        for name in ("declarations", "inspections", "reports")
    }
    reports = first.pop("reports")
    channels = {str(c): some["known_at"] for c, some in reports.groupby("channel")}
    return {**{name: frame["known_at"] for name, frame in first.items()}, **channels}


def _thinning(arrived: dict[str, pd.Series], *, asked: Asked) -> Thinning:
    since = min((at.min() for at in arrived.values() if len(at)), default=asked.as_of)
    _, made = periods.layout(asked.as_of, since=since, days=asked.days)
    return freshness.thinning(arrived, periods=made)
