"""Compare: champion and challenger on the same past lines, none of which either has learned from.

Each version can honestly speak of the lines on which its recipe was judged, as a model of that
recipe did that had not seen them, and of every line declared when it had learned or later, with
features as of its declaration. What both can speak of, and has ripened, is compared.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from features.errors import Conflict
from features.facts import Tables
from features.labels import maturity, outcomes
from features.moments import CIVIL
from features.store import Store
from models import comparison, comparison_charts
from models.comparison import Comparison
from models.gates import Gates
from models.registry import CHALLENGER, CHAMPION, Registry
from models.resampling import Lines
from models.risk import training
from pipelines import contenders
from pipelines.contenders import Contender, Incomparable
from pipelines.table import read

Pair = tuple[Contender, Contender]


@dataclass(frozen=True)
class Asked:
    """Which versions, by number or alias (``None``: as usual), as of when, with which chance."""

    champion: str | None
    challenger: str | None
    as_of: datetime
    seed: int = 0


@dataclass(frozen=True)
class Compared:
    """Two versions, the days of the lines that both were judged on, and what was found."""

    champion: str
    challenger: str
    asked: Asked
    days: tuple[str, str]
    found: Comparison

    @property
    def title(self) -> str:
        """Which versions were compared, and on which lines."""
        return f"risk/{self.champion} · risk/{self.challenger} · {' – '.join(self.days)}"

    def plain(self) -> dict[str, object]:
        """Return everything as plain values."""
        zh, en = comparison.conclusion(self.found)
        return {
            "champion": self.champion,
            "challenger": self.challenger,
            "as_of": self.asked.as_of.isoformat(),
            "first_day": self.days[0],
            "last_day": self.days[1],
            **self.found.plain(),
            "zh": zh,
            "en": en,
        }

    def metrics(self) -> dict[str, float]:
        """Return the numbers that a run keeps."""
        found = self.found
        counts = {"lines": len(found.lines), "failures": found.failures}
        numbers = {
            f"{name}_{part}": getattr(difference, part)
            for name, difference in found.differences.items()
            for part in ("champion", "challenger", "difference", "low", "high")
        }
        return {**counts, "enterprises": found.enterprises, **numbers}

    def save(self, directory: Path) -> None:
        """Write compare.json and the chart."""
        told = json.dumps(self.plain(), ensure_ascii=False, indent=1)
        (directory / "compare.json").write_text(told)
        names = (f"现役 champion {self.champion}", f"候选 challenger {self.challenger}")
        comparison_charts.chart(self.found, names).save(directory / "compare.svg")


def compare(store: Store, registry: Registry, *, asked: Asked, rules: Gates) -> Compared:
    """Return how two versions differ; ``Incomparable`` where too little is common."""
    first = contenders.chosen(registry, asked.champion, alias=CHAMPION)
    second = contenders.chosen(registry, asked.challenger, alias=CHALLENGER)
    if first == second:
        raise Conflict(f"version {first} would be compared with itself; name another, or train one")
    pair = contenders.contender(registry, first), contenders.contender(registry, second)
    tables = read(store, known_before=asked.as_of)
    lines = _common(tables, pair, as_of=asked.as_of)
    _check(lines, pair, least=rules.least_positives)
    champion, challenger = (one.likelihood(tables, lines) for one in pair)
    found = comparison.compare(drawable(lines), champion, challenger=challenger, seed=asked.seed)
    return Compared(first, second, asked, _days(lines), found)


def log(found: Compared, registry: Registry) -> str:
    """Log a comparison as one run with its chart; return the run's id."""
    asked = found.asked
    versions = {"champion": found.champion, "challenger": found.challenger}
    with TemporaryDirectory() as folder:
        found.save(Path(folder))
        return registry.log(
            "compare",
            params={**versions, "as_of": asked.as_of.isoformat(), "seed": asked.seed},
            metrics=found.metrics(),
            directory=Path(folder),
        )


def _common(tables: Tables, pair: Pair, *, as_of: datetime) -> pd.DataFrame:
    """Return the ripe lines, with outcomes, that both can honestly speak of."""
    lines = outcomes(tables["declarations"], tables["inspections"])
    lines = lines[lines["failed"].notna()]
    age = maturity(tables["inspections"], tables["declarations"], as_of=as_of)
    ripe = (lines["declared_at"] < pd.Timestamp(as_of - age)).to_numpy(bool)
    both = ripe & pair[0].covers(lines) & pair[1].covers(lines)
    return lines[both].reset_index(drop=True)


def _check(lines: pd.DataFrame, pair: Pair, *, least: int) -> None:
    failures = int(lines["failed"].sum())
    if failures >= least and failures < len(lines):
        return
    raise Incomparable(
        f"{len(lines)} lines with {failures} failures can be judged by both, {least} failures and "
        f"one pass are needed: {pair[0].told}, {pair[1].told}; load the outcomes of later lines, "
        "ask again when more have ripened, or train versions on moments nearer to each other"
    )


def drawable(lines: pd.DataFrame) -> Lines:
    """Return lines as comparisons draw them: ``failed``, ``enterprise_id`` and ``propensity``."""
    return Lines(
        failed=lines["failed"].to_numpy(bool),
        group=pd.factorize(lines["enterprise_id"])[0],
        weight=training.weights(lines["propensity"]),
    )


def _days(lines: pd.DataFrame) -> tuple[str, str]:
    """Return the first and the last day of declaration, in Asia/Shanghai."""
    local = lines["declared_at"].dt.tz_convert(CIVIL)
    return f"{local.min():%Y-%m-%d}", f"{local.max():%Y-%m-%d}"
