"""Backtest: train on what was known, judge on what came next, exactly as it would have been.

The model sees labels known before the test begins and features known before each declaration; with
``freeze`` the test lines see nothing later than its beginning, as a plan made that day would. Lines
that were too young then to have nearly all of their outcomes back are not trained on.
"""

import resource
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from time import perf_counter

import numpy as np
import pandas as pd

from features import catalog, memory, moments
from features.errors import Invalid
from features.facts import Tables
from features.feature_set import DECLARED
from features.keys import Key
from features.labels import maturity_of
from features.moments import CIVIL
from features.plans import Numbers
from models import metrics
from models.risk import training
from models.risk.model import RiskModel
from models.risk.search import TRIALS
from models.risk.training import SHIPPED, Recipe
from models.splits import Mask, Period, rolling_origins
from pipelines.bars import bar
from pipelines.table import Table, table

USUAL = timedelta(days=60)
FEWEST = 20  # failures known before the test, below which nothing can be learned


@dataclass(frozen=True)
class Asked:
    """A backtest as asked for at the door; ``None`` leaves it to the data."""

    test_from: str | None = None
    test_until: str | None = None
    train_from: str | None = None
    freeze: bool = False
    keys: str | None = None
    without: str | None = None
    seed: int = 0
    folds: int = 1
    trials: int = TRIALS
    ablate: bool = False


@dataclass(frozen=True)
class Window:
    """What is tested, from when on the past is used, and whether the test sees its own days."""

    test: Period
    train_from: datetime | None = None
    freeze: bool = False


@dataclass(frozen=True)
class Backtest:
    """The model of the past, the test lines with its likelihoods, and the metrics."""

    model: RiskModel
    tested: Table
    likelihood: Numbers
    metrics: dict[str, float]


def window(asked: Asked, tables: Tables, *, zone: tzinfo) -> Window:
    """Return the window that is asked for; without dates, the last 60 days that were inspected.

    ``Invalid`` where a day cannot be read, the ends are swapped or nothing was inspected so late.
    """
    last = tables["inspections"]["inspected_at"].max().to_pydatetime()
    until = last + timedelta(milliseconds=1)
    if asked.test_until is not None:
        until = moments.end(asked.test_until, "test-until", zone=zone)
    start = until - USUAL
    if asked.test_from is not None:
        start = moments.start(asked.test_from, "test-from", zone=zone)
    if asked.test_until is None and start > last:
        raise Invalid(
            f"nothing is known to be inspected from {asked.test_from} on; the last inspection "
            f"is of {last.astimezone(zone):%Y-%m-%d}: test an earlier period or load more"
        )
    past = asked.train_from
    return Window(
        Period(start, until),
        train_from=None if past is None else moments.start(past, "train-from", zone=zone),
        freeze=asked.freeze,
    )


def backtest(
    tables: Tables,
    window: Window,
    *,
    custom: Sequence[Key] = (),
    without: Sequence[str] = (),
    recipe: Recipe = SHIPPED,
) -> Backtest:
    """Return how a model of the past would have done in a window.

    tables: store frames by name. custom: further keys to group facts by. without: families of
    features that are left out, for an ablation. ``Invalid`` when there is nothing to learn or test.
    """
    begun = perf_counter()
    features = catalog.standard(tables, custom=custom).without(*_families(without))
    made = table(tables, features, freeze=window.test.start if window.freeze else None)
    found = judge(made, window, recipe=recipe)
    spent = {"seconds": perf_counter() - begun, "peak_memory_mb": peak_memory_mb()}
    return Backtest(found.model, found.tested, found.likelihood, found.metrics | spent)


def _families(names: Sequence[str]) -> Sequence[str]:
    """Return families of features; leaving out one that there is not would change nothing."""
    families = (DECLARED, *memory.KINDS)
    for name in names:
        if name not in families:
            raise Invalid(f"no features are of {name!r}; use one of {', '.join(families)}")
    return names


def judge(made: Table, window: Window, *, recipe: Recipe = SHIPPED) -> Backtest:
    """Train on a table's rows known before the window and test on those within it."""
    known, tested = _split(made, window)
    past, now = made.take(known), made.take(tested)
    with bar("train, to be judged") as heard:
        trained = training.fit(past, recipe=recipe, progress=heard).model
    likelihood = trained.likelihood(now.rows)
    failed = now.labels["failed"].to_numpy(bool)
    weight = training.weights(now.labels["propensity"])
    found = metrics.summary(failed, likelihood, days=days(now), weight=weight)
    return Backtest(trained, now, likelihood, found)


def rolling(
    made: Table, last: Window, *, folds: int, recipe: Recipe = SHIPPED
) -> list[tuple[Period, Backtest]]:
    """Return backtests of consecutive windows on features built once, oldest first.

    For windows that are not frozen: a frozen one needs features of its own.
    """
    return [(each.test, judge(made, each, recipe=recipe)) for each in origins(last, folds=folds)]


def origins(last: Window, *, folds: int) -> list[Window]:
    """Return consecutive windows of one length, oldest first; the last is the one given."""
    length = last.test.end - last.test.start
    periods = rolling_origins(last.test.end, folds=folds, length=length)
    return [replace(last, test=period) for period in periods]


def days(made: Table) -> metrics.Days:
    """Return the civil day of each declaration, in Asia/Shanghai."""
    local = made.declared_at.dt.tz_convert(CIVIL).dt.tz_localize(None)
    civil: metrics.Days = local.to_numpy().astype("datetime64[D]")
    return civil


def peak_memory_mb() -> float:
    """Return the largest memory this process has held, in MiB (Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _split(made: Table, window: Window) -> tuple[Mask, Mask]:
    start = pd.Timestamp(window.test.start)
    known = (made.declared_at < start) & (made.labels["known_at"] < start)
    back = made.labels["known_at"][known]
    ripe = start - maturity_of(made.declared_at[known], back, as_of=window.test.start)
    known &= made.declared_at < ripe
    if window.train_from is not None:
        known &= made.declared_at >= pd.Timestamp(window.train_from)
    tested = window.test.holds(made.declared_at)
    failures = int(made.labels["failed"][known].sum())
    if failures < FEWEST or failures == known.sum():
        raise Invalid(
            f"{known.sum()} outcomes with {failures} failures are known before "
            f"{window.test.start:%Y-%m-%d} of lines declared before {ripe:%Y-%m-%d}, as younger "
            f"ones have not ripened; at least {FEWEST} failures and one pass are needed: "
            "test a later period or load more"
        )
    if not tested.any():
        first, last = made.declared_at.min(), made.declared_at.max()
        raise Invalid(
            f"no inspected declaration from {window.test.start:%Y-%m-%d} "
            f"until {window.test.end:%Y-%m-%d}; there are some "
            f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        )
    return known.to_numpy(bool), np.asarray(tested)
