"""One declaration's features against an index of a million facts, and what the index costs."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import psutil
import pytest

from features import build, catalog, memory
from features.feature_set import FeatureSet
from features.index import Index
from features.records import Declaration
from tests.benchmarks.readings import show

pytestmark = pytest.mark.benchmark
FACTS = {
    "declarations": 600_000,
    "inspections": 100_000,
    "reports": 140_000,
    "annotations": 140_000,
    "enterprises": 19_000,
    "warnings": 1_000,
}
VERSION = "reader-1"
START = pd.Timestamp("2021-01-01", tz="UTC").as_unit("ms")
AS_OF = datetime(2025, 1, 1, tzinfo=UTC)
QUESTIONS = 2_000
Rng = np.random.Generator


def moments(rng: Rng, count: int) -> "pd.Series[Any]":
    days = np.sort(rng.integers(0, 4 * 365 * 86_400_000, count))
    return pd.Series(START + pd.to_timedelta(days, unit="ms")).dt.as_unit("ms")


def picked(rng: Rng, prefix: str, most: int, count: int) -> npt.NDArray[np.object_]:
    """Names of which a few are far more common than the rest."""
    numbers = (most * rng.random(count) ** 3).astype(int)
    names = np.array([f"{prefix}{n}" for n in range(most)], dtype=object)
    return names.take(numbers)


def goods(rng: Rng, count: int) -> dict[str, npt.NDArray[np.object_]]:
    return {
        "enterprise_id": picked(rng, "E", 20_000, count),
        "hs_code": picked(rng, "", 3_000, count) + np.array(["8516101000"], dtype=object),
        "brand": picked(rng, "B", 5_000, count),
        "origin": picked(rng, "C", 120, count),
    }


def tables() -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(5)
    made = {name: _ids(name, count, rng) for name, count in FACTS.items()}
    lines = made["declarations"]
    lines["manufacturer_id"] = picked(rng, "M", 30_000, len(lines))
    lines["port"] = picked(rng, "P", 40, len(lines))
    lines["goods_name"] = picked(rng, "电热水壶", 2_000, len(lines))
    for name in ("departure", "trade_mode", "unit"):
        lines[name] = picked(rng, name[0].upper(), 20, len(lines))
    lines["value_fen"] = rng.integers(1, 10**8, len(lines)).astype(float)
    lines["quantity"] = lines["net_weight_kg"] = rng.integers(1, 1000, len(lines)).astype(float)
    seen = made["inspections"]
    chosen = rng.choice(len(lines), len(seen), replace=False)
    seen["declaration_id"] = lines["declaration_id"].to_numpy()[chosen]
    seen["outcome"] = np.where(rng.random(len(seen)) < 0.1, "fail", "pass")
    read = made["annotations"]
    read["report_id"] = made["reports"]["report_id"].to_numpy()
    read["relevant"] = rng.random(len(read)) < 0.7
    read["sentiment"] = rng.uniform(-1, 1, len(read))
    read["credibility"] = rng.random(len(read))
    read["category"] = rng.choice(["safety", "quality", "label", "service"], len(read))
    read["cluster_size"], read["flood"] = rng.choice([1, 1, 2], len(read)), False
    read["model_version"] = VERSION
    for frame in (seen, read):
        frame["severity"] = rng.integers(1, 5, len(frame)).astype(float)
        frame["hazards"] = [("fire",)] * len(frame)
    scopes = [{"hs4": str(1000 + n % 900), "origin": "C1"} for n in range(FACTS["warnings"])]
    made["warnings"]["scope"] = pd.Series(scopes)
    made["warnings"]["level"] = "III"
    made["warnings"]["ends_at"] = made["warnings"]["known_at"] + pd.Timedelta(days=180)
    made["enterprises"]["credit_grade"] = "B"
    made["enterprises"]["listed"] = "red"
    made["enterprises"]["registered_at"] = START
    made["reports"]["channel"] = "12315"
    made["reports"]["category"] = None
    return made


def _ids(name: str, count: int, rng: Rng) -> pd.DataFrame:
    ids = [f"{name[0].upper()}{n}" for n in range(count)]
    frame = pd.DataFrame({"fact_id": ids, "known_at": moments(rng, count)})
    if name in ("declarations", "reports", "annotations"):
        frame = frame.assign(**goods(rng, count))
    return frame.assign(**{f"{name[:-1]}_id": ids})


@pytest.fixture(scope="module")
def world() -> dict[str, pd.DataFrame]:
    return tables()


def line(row: Any) -> Declaration:
    names = ("declaration_id", "enterprise_id", "hs_code", "brand", "origin", "port")
    more = (
        "goods_name",
        "manufacturer_id",
        "departure",
        "trade_mode",
        "unit",
        "quantity",
        "net_weight_kg",
    )
    told = {name: getattr(row, name) for name in (*names, *more)}
    return Declaration.model_construct(
        **told, value_fen=int(row.value_fen), declared_at=AS_OF, known_at=AS_OF, x={}
    )


def spent(index: Index, features: FeatureSet, lines: list[Declaration]) -> npt.NDArray[np.float64]:
    """Microseconds for one row each, asking and the answer: (rows, 2), by CPU and by the clock."""
    took = []
    for declaration in lines:
        start, began = time.thread_time(), time.perf_counter()
        build.answer(build.asking([declaration], features, as_of=AS_OF), features, facts=index)
        took.append((time.thread_time() - start, time.perf_counter() - began))
    return np.array(took) * 1e6


def test_one_row_of_the_full_catalog(world: dict[str, pd.DataFrame]) -> None:
    features = catalog.standard(world)
    kinds = Counter(a.kind for a in features.aggregates)
    assert set(kinds) == set(memory.KINDS)
    assert len(features.keys) >= len(catalog.DEFAULT_KEYS)
    before, start = psutil.Process().memory_info().rss, time.perf_counter()
    index = memory.recall(world, features, text_version=VERSION)
    built = time.perf_counter() - start
    held = (psutil.Process().memory_info().rss - before) / 2**20
    chosen = world["declarations"].sample(QUESTIONS, random_state=3)
    lines = [line(row) for row in chosen.itertuples()]
    spent(index, features, lines[:50])
    micro = spent(index, features, lines)
    learned = _learning(index, features)
    by_cpu, by_clock = (
        {f"p{q} us": float(np.percentile(some, q)) for q in (50, 95, 99)} for some in micro.T
    )
    show(
        f"One row of {len(features.names)} features from {sum(FACTS.values()):,} facts",
        {
            "by CPU": {**by_cpu, "build s": built, "held MiB": held, "learn one ms": learned},
            "by the clock": {
                **by_clock,
                "build s": built,
                "held MiB": held,
                "learn one ms": learned,
            },
        },
    )
    assert by_cpu["p99 us"] < 20_000  # the aim is 2 ms; a busy machine is given ten times that


def _learning(index: Index, features: FeatureSet) -> float:
    """Milliseconds until one new declaration counts, with a few already in the small level."""
    took = []
    for number in range(20):
        known = AS_OF + timedelta(seconds=number)
        new = Declaration(
            declaration_id=f"new {number}", declared_at=known, known_at=known, enterprise_id="E1"
        )
        start = time.perf_counter()
        memory.learn(index, features, new={"declarations": [new]}, behind={}, text_version=VERSION)
        took.append(time.perf_counter() - start)
    return float(np.median(took)) * 1e3
