"""Simulate: exchange tables or simulated worlds under each policy, what they found, and its files.

Two worlds are simulated where no tables are named: one that stays as it is, and the same one with
a drift. In both the past and the first weeks are alike, but for what is reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import altair as alt
import pandas as pd

from features.moments import CIVIL
from models.evaluation import page
from models.inspection import policy as policies
from models.risk import matrix as matrices
from pipelines.bars import bar
from pipelines.load import load
from pipelines.replay import charts, found, learner, offline, play
from pipelines.replay.charts import Course
from pipelines.replay.learner import Agency
from pipelines.replay.play import Asked
from pipelines.replay.shown import shown
from pipelines.replay.stage import stage
from pipelines.sample import drifting, sample

UNTIL = datetime(2026, 6, 30, 16, tzinfo=CIVIL)
STEADY, DRIFT = "steady", "drift"
TITLES = {STEADY: "模拟世界，不变 simulated, steady", DRIFT: "模拟世界，漂移 simulated, with drift"}


@dataclass(frozen=True)
class Wanted:
    """A simulation as asked for at the door; without hours a tenth of the lines fit into a week."""

    weeks: int
    hours: float | None
    retrain: int
    seed: int
    seeds: int


@dataclass(frozen=True)
class Simulated:
    """What the policies found on one set of tables: ``pipelines.replay.found`` and ``offline``.

    name: of the world, or of the folder. is_true: whether all lines were known, not only the
    inspected ones. hours: of each week. estimates: of policies that were never run; ``None`` where
    the chance of an inspection is not told. coverage: how often their intervals hold the truth,
    where it is known.
    """

    name: str
    is_true: bool
    lines: int
    hours: float
    course: Course
    summary: pd.DataFrame
    beside: pd.DataFrame
    estimates: pd.DataFrame | None
    coverage: pd.DataFrame | None
    seconds: float

    def numbers(self) -> dict[str, float]:
        """Return every number that a run keeps, by a name each."""
        told = {
            f"{self.name}_{row['policy']}_{name}": value
            for row in self.summary.to_dict("records")
            for name, value in row.items()
            if name != "policy"
        }
        return {**told, f"{self.name}_hours": self.hours, f"{self.name}_seconds": self.seconds}


def simulate(directory: Path, wanted: Wanted, *, now: datetime, name: str) -> Simulated:
    """Return what each policy finds on the last weeks of a directory's exchange tables."""
    begun = perf_counter()
    tables = load(directory, now=now).tables
    agency = Agency(policies.load(), matrices.load())
    told = shown(directory, tables, weeks=wanted.weeks, seed=wanted.seed)
    on = stage(tables, told, policy=agency.policy)
    hours = play.hours(on.weeks, wanted.hours)
    asked = Asked(hours, wanted.retrain, wanted.seed, wanted.seeds)
    with bar(f"{name}: train") as heard:
        first = learner.begin(on, seed=wanted.seed, progress=heard)
    most = play.hours(on.declared_weeks, wanted.hours)  # of real tables more were declared
    asking = offline.offline(on, agency, begun=first, hours=most)
    with bar(f"{name}: replay") as heard:
        done = play.replay(on, agency, begun=first, asked=asked, progress=heard)
    weeks = found.weekly(on, done)
    return Simulated(
        name=name,
        is_true=told.is_true,
        lines=len(on),
        hours=hours,
        course=Course(TITLES.get(name, name), weeks, told.drifted_at),
        summary=found.summary(on, done, weeks=weeks),
        beside=found.beside(on, done),
        estimates=None if asking is None else offline.estimates(asking),
        coverage=_coverage(asking, seed=wanted.seed) if told.is_true else None,
        seconds=perf_counter() - begun,
    )


def worlds(wanted: Wanted, *, declarations: int) -> list[Simulated]:
    """Return what each policy finds in a world that stays as it is, and in one that drifts."""
    made = []
    for name, write in ((STEADY, sample), (DRIFT, drifting)):
        with TemporaryDirectory() as folder:
            write(Path(folder), seed=wanted.seed, declarations=declarations, until=UNTIL)
            made.append(simulate(Path(folder), wanted, now=UNTIL, name=name))
    return made


def save(folder: Path, made: Sequence[Simulated]) -> None:
    """Write the tables as CSV and the charts as SVG, of all worlds together."""
    tables: dict[str, dict[str, pd.DataFrame | None]] = {
        "weeks": {each.name: each.course.weeks for each in made},
        "summary": {each.name: each.summary for each in made},
        "beside_price": {each.name: each.beside for each in made},
        "off_policy": {each.name: each.estimates for each in made},
        "off_policy_coverage": {each.name: each.coverage for each in made},
    }
    for name, parts in tables.items():
        told = [f.assign(world=world) for world, f in parts.items() if f is not None]
        if told:
            pd.concat(told, ignore_index=True).to_csv(folder / f"{name}.csv", index=False)
    for name, chart in drawn(made).items():
        (folder / f"{name}.svg").write_text(page.svg(chart))


def drawn(made: Sequence[Simulated]) -> dict[str, alt.TopLevelMixin]:
    """Return the charts by file name."""
    weekly = charts.weekly([each.course for each in made])
    estimated = {
        f"off_policy_{each.name}": charts.estimates(each.estimates)
        for each in made
        if each.estimates is not None
    }
    return {**weekly, **estimated}


def _coverage(asking: offline.Offline | None, *, seed: int) -> pd.DataFrame | None:
    return None if asking is None else offline.coverage(asking, draws=offline.DRAWS, seed=seed)
