"""Make a simulated world with a known truth: exchange tables to load, and the truth beside them.

The exchange tables hold only what an agency would know; ``truth/`` holds what is really the matter,
so that a test can ask whether a model finds it. Everything is invented.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import orjson
import pandas as pd

from features.errors import Invalid
from pipelines.bars import bar
from pipelines.world import (
    certificates,
    filing,
    inspections,
    reports,
    reposts,
    sheets,
    staff,
    truth,
    warnings,
    writing,
)
from pipelines.world import declarations as lines
from pipelines.world import enterprises as firm
from pipelines.world.chance import Ints
from pipelines.world.episodes import NEVER
from pipelines.world.sheets import Sheets
from pipelines.world.world import World, build

PART = 50_000  # declarations in memory at once; part of the world's identity
LIMIT = PART * 9_999
ROSTER = "roster.yaml"  # beside the tables: who inspects at the simulated ports

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sampled:
    """What was written: the directory and the rows of each sheet."""

    directory: Path
    rows: dict[str, int]


def sample(
    directory: Path, *, seed: int, declarations: int, until: datetime, enterprises: int = 300
) -> Sampled:
    """Write a simulated world of the three years before ``until`` (exclusive) into a directory.

    The same arguments give the same bytes. Raises ``Invalid`` for impossible sizes or a moment
    without a time zone.
    """
    _check(declarations)
    world = build(seed=seed, until=until, enterprises=enterprises)
    return _written(directory, world, declarations=declarations)


def drifting(
    directory: Path, *, seed: int, declarations: int, until: datetime, enterprises: int = 300
) -> Sampled:
    """Write the world of ``sample``, but late in its time who is good and who is bad changes.

    Until that moment, which ``truth/world.json`` tells, what is declared, inspected and warned of
    is the same; what is reported is told by other chance.
    """
    _check(declarations)
    world = build(seed=seed, until=until, enterprises=enterprises, drift=True)
    return _written(directory, world, declarations=declarations)


def _check(declarations: int) -> None:
    if not 1 <= declarations <= LIMIT:
        raise Invalid(f"declarations is {declarations}; give 1 to {LIMIT}")


def _written(directory: Path, world: World, *, declarations: int) -> Sampled:
    with sheets.opened(directory) as book:
        _add_standing(book, world)
        for part, numbers in _parts(declarations):
            _add_part(book, world, numbers=numbers, total=declarations, part=part)
    (directory / ROSTER).write_text(staff.roster(), encoding="utf-8")
    _describe(directory, world, rows=book.rows)
    logger.info("sampled seed=%d rows=%s", world.seed, book.rows)
    return Sampled(directory, book.rows)


def _parts(total: int) -> Iterator[tuple[int, Ints]]:
    """Yield part numbers from 1 and their serial numbers, with a bar on a terminal."""
    with bar("sample") as heard:
        for part, first in enumerate(range(0, total, PART), start=1):
            last = min(first + PART, total)
            yield part, np.arange(first, last)
            heard(last / total)


def _add_standing(book: Sheets, world: World) -> None:
    """Add what does not hang on single declarations: firms, warnings, certificates, notices."""
    book.add("enterprises", firm.register(world.firms, world.credit))
    book.add("warnings", warnings.warnings(world))
    book.add("certificates", certificates.certificates(world))
    book.add("truth/episodes", warnings.truth(world))
    _add_reports(book, world, told=reports.notices(world), part=0)


def _add_part(book: Sheets, world: World, *, numbers: Ints, total: int, part: int) -> None:
    """Add some declarations and all that follows from them."""
    lots = lines.declarations(world, numbers, total=total, part=part)
    facts = truth.truths(world, lots, part=part)
    visits = inspections.inspections(world, lots, truths=facts, part=part)
    book.add("declarations", lines.exchanged(world, lots))
    book.add("truth/declarations", truth.exchanged(world, lots, truths=facts))
    book.add("inspections", inspections.exchanged(lots, facts, inspections=visits))
    stopped = visits.loc[visits["fails"], "lot"].to_numpy()
    told = reports.events(world, lots, truths=facts, stopped=stopped, part=part)
    _add_reports(book, world, told=told, part=part)


def _add_reports(book: Sheets, world: World, *, told: pd.DataFrame, part: int) -> None:
    whole = reposts.with_reposts(world, told, part=part)
    words = writing.written(world, whole, part=part)
    book.add("reports", filing.exchanged(world, whole, words=words, part=part))
    book.add("truth/reports", filing.truth(world, whole, words=words, part=part))


def _describe(directory: Path, world: World, *, rows: dict[str, int]) -> None:
    """Write which world this is beside its truth, and when it drifts if it does."""
    description = {
        "simulated": True,
        "seed": world.seed,
        "since_ms": world.start_ms,
        "until_ms": world.until_ms,
        "enterprises": len(world.firms),
        "rows": rows,
    }
    if world.drifted_ms < NEVER:
        description["drifted_ms"] = world.drifted_ms
    path = directory / "truth" / "world.json"
    path.write_bytes(orjson.dumps(description, option=orjson.OPT_INDENT_2))
