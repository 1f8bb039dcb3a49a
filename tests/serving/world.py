"""A small world of a port, made by hand: kettles of one origin fail more often than all else."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from features import build, catalog, memory
from features.build import Rows
from features.judgements import Annotation
from features.labels import labels
from features.records import Declaration, Inspection, Record, Report
from features.store import Store
from models.risk import booster, calibrate, monotone, training
from models.risk.booster import Order, Sample
from models.risk.calibrate import Held
from models.risk.interval import Doubt
from models.risk.model import RiskModel
from models.text import taxonomy
from models.text.annotate import lexicon_only

NOW = datetime(2024, 3, 1, 2, tzinfo=UTC)
SECRET = "a secret for tests only, long enough"
GOODS = (
    ("电热水壶", "8516101000", "台"),
    ("毛绒玩具", "9503002100", "个"),
    ("充电宝", "8507600000", "个"),
    ("儿童书包", "4202120000", "个"),
)
ROUNDS = 80
ORIGINS = ("VN", "DE", "JP", "TH")
PORTS = ("深圳蛇口", "上海洋山", "宁波北仑")
FIRMS = tuple(f"FIRM-{number:02d}" for number in range(12))
COMPLAINTS = (
    "新买的进口电热水壶烧水时漏电，手被麻了一下，底座还有焦味。",
    "电热水壶用了两次就起火，幸好没有伤到人。",
    "水壶漏水，客服态度还可以。",
)


def facts(count: int = 400, *, seed: int = 0) -> list[Record]:
    """Declarations of the last 300 days, most of them inspected, and complaints about kettles."""
    random = np.random.default_rng(seed)
    lines = [_declaration(random, number, count) for number in range(count)]
    visits = [_inspection(random, line) for line in lines if random.random() < 0.9]
    told = reports(60)
    return [*lines, *visits, *told, *annotations(told)]


def _declaration(random: np.random.Generator, number: int, count: int) -> Declaration:
    goods, hs_code, unit = GOODS[random.integers(len(GOODS))]
    declared_at = NOW - timedelta(days=300) * (1 - number / (count + 1))
    return Declaration.model_validate(
        {
            "declaration_id": f"D{number:05d}",
            "declared_at": declared_at,
            "enterprise_id": FIRMS[random.integers(len(FIRMS))],
            "hs_code": hs_code,
            "goods_name": goods,
            "origin": ORIGINS[random.integers(len(ORIGINS))],
            "port": PORTS[random.integers(len(PORTS))],
            "quantity": float(random.integers(100, 2000)),
            "unit": unit,
            "value_cny": float(random.integers(1000, 90000)),
        }
    )


def _inspection(random: np.random.Generator, line: Declaration) -> Inspection:
    risky = (line.goods_name, line.origin) == ("电热水壶", "VN")
    failed = bool(random.random() < (0.8 if risky else 0.1))
    return Inspection(
        declaration_id=line.declaration_id,
        inspected_at=line.declared_at + timedelta(hours=20),
        known_at=line.declared_at + timedelta(hours=20),
        outcome="fail" if failed else "pass",
        hazards=("electric_shock",) if failed else (),
        severity=3 if failed else None,
        selection="random",
        propensity=0.9,
    )


def reports(count: int) -> list[Report]:
    """Complaints about kettles over the last weeks."""
    return [
        Report.model_validate(
            {
                "report_id": f"R{number:03d}",
                "channel": "12315",
                "received_at": NOW - timedelta(days=1 + number),
                "title": "电热水壶投诉",
                "text": COMPLAINTS[number % len(COMPLAINTS)],
                "goods_name": "电热水壶",
                "hs_code": "8516",
                "origin": "VN",
            }
        )
        for number in range(count)
    ]


def annotations(told: Sequence[Report]) -> list[Annotation]:
    """What the lexicon reads in reports."""
    return lexicon_only(taxonomy.load()).annotate(told)


def train(store: Store, directory: Path, *, seed: int = 0) -> Path:
    """Fit a risk model on a store and write its artifact, as the training step does."""
    version = lexicon_only(taxonomy.load()).version
    names = ("declarations", "inspections", "reports", "annotations")
    tables = {name: store.frame(name) for name in names}
    features = catalog.standard(tables)
    declared = tables["declarations"]
    outcome = labels(tables["inspections"])
    known = declared[declared["declaration_id"].isin(outcome.index)].reset_index(drop=True)
    rows = build.build(
        build.asked(known, features),
        features,
        kinds=memory.kinds(tables, features, text_version=version),
    )
    fitted = _fitted(rows, outcome.loc[known["declaration_id"]], seed=seed)
    directory.mkdir(parents=True, exist_ok=True)
    fitted.save(directory)
    manifest = {"features": list(features.names), "text_version": version}
    (directory / "manifest.json").write_text(json.dumps(manifest))
    return directory


def _fitted(rows: Rows, outcome: pd.DataFrame, *, seed: int) -> RiskModel:
    """A model of a fixed number of rounds: no trial decides it, so that tests are quick."""
    failed, weight = outcome["failed"].to_numpy(bool), training.weights(outcome["propensity"])
    sample = Sample(rows.numbers, failed, weight, monotone.directions(rows.features))
    trained = [booster.train(sample, Order({}, seed), rounds=ROUNDS)]
    raw = booster.scores(trained, sample.matrix)
    calibration = calibrate.fit("logistic", Held(raw, failed.astype(float), weight))
    return RiskModel(rows.features, trained, calibration, training.typical(rows), Doubt(1.0, 0.5))


def line(name: str = "N-1", **told: object) -> dict[str, object]:
    """One declared line as the single window posts it."""
    return {
        "declaration_id": name,
        "declared_at": "2024-03-01T09:30:00+08:00",
        "enterprise_id": "FIRM-03",
        "hs_code": "8516101000",
        "goods_name": "电热水壶",
        "origin": "VN",
        "port": "深圳蛇口",
        "quantity": 1200,
        "unit": "台",
        "value_cny": 84000.5,
        **told,
    }
