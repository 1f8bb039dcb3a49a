"""Shown: what inspecting each line of some weeks would show, from a known truth or from records.

In a simulated world the truth tells it of every declared line. Real tables tell it of the inspected
ones alone, so a replay on them is about those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd

from features import memory, moments
from features.errors import Invalid
from features.facts import Tables
from features.labels import labels, maturity, newest
from features.records import Inspection
from models.risk.severity import USUAL
from models.splits import Period

WEEK = timedelta(days=7)
RIPE = timedelta(days=15)  # before a simulated world ends, every drawn inspection is known
TRUTH = Path("truth") / "declarations.parquet"
WORLD = Path("truth") / "world.json"


@dataclass(frozen=True)
class Shown:
    """Some weeks, and what inspecting a line of them shows, by ``declaration_id``.

    inspections: as the store would show them if each line were inspected, one visit or more.
    severity: of each line that can be replayed, 1 to 4, and 0 where it passes. propensity: the
    chance with which the agency really chose each declared line; missing where nobody knows.
    chosen: whether it did, and the outcome is known. drifted_at: when a simulated world drifts, if
    it does. is_true: whether all lines are known.
    """

    period: Period
    inspections: pd.DataFrame
    severity: "pd.Series[int]"
    propensity: "pd.Series[float]"
    chosen: "pd.Series[bool]"
    drifted_at: datetime | None
    is_true: bool


def shown(directory: Path, tables: Tables, *, weeks: int, seed: int) -> Shown:
    """Return what the last weeks of exchange tables show, from the truth beside them if any.

    seed: of how long the result of an inspection takes that nobody made.
    """
    if (directory / TRUTH).is_file():
        return _simulated(directory, tables, weeks=weeks, seed=seed)
    return _recorded(tables, weeks=weeks)


def declared(tables: Tables, period: Period) -> pd.DataFrame:
    """Return the lines declared in a period, the newest version of each, in order."""
    lines = newest(tables["declarations"])
    return lines[period.holds(lines["declared_at"])].reset_index(drop=True)


def _simulated(directory: Path, tables: Tables, *, weeks: int, seed: int) -> Shown:
    world = orjson.loads((directory / WORLD).read_bytes())
    end = moments.moment(world["until_ms"]) - RIPE
    period = Period(end - weeks * WEEK, end)
    lines = declared(tables, period)
    if not len(lines):
        raise Invalid(f"{directory} declares nothing from {period.start} until {period.end}")
    real = pd.read_parquet(directory / TRUTH).set_index("declaration_id")
    real = real.loc[lines["declaration_id"]]
    lags = _lags(tables, before=period.start)
    drawn = lags[np.random.default_rng(seed).integers(0, len(lags), len(lines))]
    drifted_ms = world.get("drifted_ms")
    made = labels(tables["inspections"]).index
    return Shown(
        period,
        memory.frame("inspections", [*_visits(lines, real, lags=drawn)]),
        severity=real["severity"].fillna(0).astype(int),
        propensity=real["propensity"],
        chosen=pd.Series(real.index.isin(made), real.index),
        drifted_at=None if drifted_ms is None else moments.moment(drifted_ms),
        is_true=True,
    )


def _recorded(tables: Tables, *, weeks: int) -> Shown:
    """Return what the records of the inspected lines tell, as far as nearly all are back."""
    inspections = tables["inspections"]
    until = inspections["known_at"].max().to_pydatetime()
    end = until - maturity(inspections, tables["declarations"], as_of=until)
    period = Period(end - weeks * WEEK, end)
    told = labels(inspections).reindex(declared(tables, period)["declaration_id"])
    known = told.dropna(subset="failed")
    if known.empty:
        raise Invalid(f"no line declared from {period.start} until {period.end} was inspected")
    newest_told = inspections.sort_values("known_at", kind="stable").drop_duplicates(
        "declaration_id", keep="last"
    )
    severity = newest_told.set_index("declaration_id")["severity"].reindex(known.index)
    failed = known["failed"].astype(bool)
    return Shown(
        period,
        inspections[inspections["declaration_id"].isin(known.index)].reset_index(drop=True),
        severity=severity.fillna(USUAL).where(failed, 0).astype(int),
        propensity=told["propensity"],
        chosen=told["failed"].notna(),
        drifted_at=None,
        is_true=False,
    )


def _lags(tables: Tables, *, before: datetime) -> npt.NDArray[np.int64]:
    """Return how many milliseconds after its declaration each past line was visited, and known."""
    lines = newest(tables["declarations"]).set_index("declaration_id")["declared_at"]
    visits = tables["inspections"].join(lines, on="declaration_id")
    past = visits[visits["known_at"] < pd.Timestamp(before)]
    if past.empty:
        raise Invalid(f"nothing was inspected before {before}; replay fewer weeks")
    times = [past[name] - past["declared_at"] for name in ("inspected_at", "known_at")]
    whole = [time.dt.total_seconds().to_numpy() * 1000 for time in times]
    return np.rint(np.column_stack(whole)).astype(np.int64)


def _visits(
    lines: pd.DataFrame, real: pd.DataFrame, *, lags: npt.NDArray[np.int64]
) -> Iterator[Inspection]:
    """Yield the inspection of each line: what the truth says, as late as such results come."""
    told: Any = zip(
        lines["declaration_id"],
        lines["declared_at"].dt.to_pydatetime(),
        lags.tolist(),
        real[["would_fail", "hazard", "severity"]].itertuples(index=False),
        strict=True,
    )
    for name, declared_at, (visited, known), truth in told:
        yield Inspection(
            declaration_id=name,
            inspected_at=declared_at + visited * moments.MILLISECOND,
            known_at=declared_at + known * moments.MILLISECOND,
            outcome="fail" if truth.would_fail else "pass",
            hazards=(truth.hazard,) if isinstance(truth.hazard, str) else (),
            severity=int(truth.severity) if truth.would_fail else None,
        )
