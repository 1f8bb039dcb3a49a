"""Small worlds of facts: by chance for properties, and one with a pattern to learn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from features import memory
from features.judgements import Annotation
from features.records import Declaration, Enterprise, Inspection, Record, Report, Warning

START = datetime(2022, 1, 1, tzinfo=UTC)
STEP = timedelta(hours=12)  # every window's edge falls on a step, so edges are hit often
STEPS = 900
VERSION = "reader-1"
TABLES = ("enterprises", "declarations", "inspections", "reports", "annotations", "warnings")


@dataclass(frozen=True)
class World:
    """Records by table, in any order."""

    records: dict[str, list[Record]] = field(default_factory=dict)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table as the store would show it."""
        return {name: memory.frame(name, self.records.get(name, [])) for name in TABLES}

    def known_before(self, moment: datetime) -> "World":
        """The world as far as it was known."""
        return World({n: [r for r in rs if r.known_at < moment] for n, rs in self.records.items()})

    def of(self, table: str) -> Sequence[Record]:
        """The records of one table."""
        return self.records.get(table, [])


def at(step: int) -> datetime:
    """The moment of a step."""
    return START + step * STEP


MOMENT = st.integers(0, STEPS)
LAG = st.sampled_from([0, 0, 1, 2, 60, 180])
HS = st.sampled_from(["8516101000", "85166050", "850440", "9503", None])
BRAND = st.sampled_from(["山鹰", "Nova", None])
PLACE = st.sampled_from(["VN", "DE", None])
FIRM = st.sampled_from(["E1", "E2", "E3"])
MAYBE_FIRM = st.none() | FIRM
SEVERITY = st.none() | st.integers(1, 4)
HAZARDS = st.lists(st.sampled_from(["fire", "burn", "choking"]), max_size=2).map(tuple)
NUMBER = st.sampled_from(["1", "2", "3", "4", "5"])


@st.composite
def declarations(draw: st.DrawFn) -> Declaration:
    """One version of a declaration; another may share its id."""
    step = draw(MOMENT)
    return Declaration(
        declaration_id="D" + draw(NUMBER),
        declared_at=at(step),
        known_at=at(step + draw(LAG)),
        enterprise_id=draw(FIRM),
        hs_code=draw(HS),
        brand=draw(BRAND),
        manufacturer_id=draw(st.sampled_from(["M1", "M2", None])),
        origin=draw(PLACE),
        port=draw(st.sampled_from(["上海", "深圳", None])),
        value_fen=draw(st.none() | st.integers(1, 10**9)),
        quantity=draw(st.none() | st.integers(1, 50).map(float)),
        net_weight_kg=draw(st.none() | st.just(2.5)),
        goods_name=draw(st.sampled_from(["电饭煲", "小电饭煲", "积木", None])),
        x=draw(st.sampled_from([{}, {"x_line": "a"}, {"x_line": "b", "x_score": 2.5}])),
    )


@st.composite
def inspections(draw: st.DrawFn) -> Inspection:
    """One version of an inspection: few ids and visits, so that corrections are common."""
    visited = draw(st.sampled_from([100, 400, 600]))
    return Inspection(
        declaration_id="D" + draw(NUMBER),
        inspected_at=at(visited),
        known_at=at(visited + draw(st.sampled_from([0, 1, 2, 60, 180, 250]))),
        outcome=draw(st.sampled_from(["pass", "fail"])),
        severity=draw(SEVERITY),
        hazards=draw(HAZARDS),
        x=draw(st.sampled_from([{}, {"x_score": 0.25}, {"x_score": -3}])),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """One version of a report."""
    step = draw(MOMENT)
    return Report(
        report_id="R" + draw(NUMBER),
        channel=draw(st.sampled_from(["12315", "media", "injury", "fire"])),
        received_at=at(step),
        known_at=at(step + draw(LAG)),
        text="用了一周就冒烟",
        enterprise_id=draw(MAYBE_FIRM),
        hs_code=draw(HS),
        brand=draw(BRAND),
        origin=draw(PLACE),
    )


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    """What one of two versions of the text models read."""
    step = draw(MOMENT)
    return Annotation(
        report_id="R" + draw(NUMBER),
        model_version=draw(st.sampled_from([VERSION, VERSION, "reader-2"])),
        annotated_at=at(step),
        known_at=at(step),
        relevant=draw(st.booleans()),
        category=draw(st.sampled_from(["quality", "label"])),
        credibility=draw(st.sampled_from([None, 0.25, 0.9])),
        severity=draw(SEVERITY),
        hazards=draw(HAZARDS),
        sentiment=draw(st.sampled_from([-0.5, 0.0, 0.5])),
        enterprise_id=draw(MAYBE_FIRM),
        hs_code=draw(HS),
        brand=draw(BRAND),
        origin=draw(PLACE),
        cluster_size=draw(st.sampled_from([1, 1, 2, 7])),
        flood=draw(st.booleans()),
    )


@st.composite
def enterprises(draw: st.DrawFn) -> Enterprise:
    """One state of the register."""
    return Enterprise(
        enterprise_id=draw(FIRM),
        known_at=at(draw(MOMENT)),
        credit_grade=draw(st.sampled_from(["A", "B", "C", "D", None])),
        listed=draw(st.sampled_from(["red", "black", None])),
        registered_at=draw(st.sampled_from([None, at(-900), at(-1)])),
    )


@st.composite
def warnings(draw: st.DrawFn) -> Warning:
    """One version of a warning, scoped by one part or by several."""
    issued = draw(st.integers(0, STEPS))
    return Warning(
        warning_id="W" + draw(NUMBER),
        level=draw(st.sampled_from(["I", "II", "III", "IV"])),
        issued_at=at(issued),
        known_at=at(issued),
        ends_at=draw(st.sampled_from([None, at(issued), at(issued + 90), at(issued + 300)])),
        scope=draw(
            st.sampled_from(
                [
                    {"hs4": "8516"},
                    {"hs6": "851610"},
                    {"origin": "VN"},
                    {"hs4": "8516", "origin": "VN"},
                    {"hs2": "85", "hs4": "8504"},
                    {"brand": "Nova", "hazard": "fire"},
                ]
            )
        ),
    )


def _distinct(records: list[Record]) -> list[Record]:
    """Two versions of one fact are never learned at the same moment."""
    return list({(r.fact_id, r.known_at): r for r in records}.values())


@st.composite
def worlds(draw: st.DrawFn, most: int = 12) -> World:
    """A world of a few facts of every kind, with late facts and corrections."""
    made = {
        "enterprises": enterprises(),
        "declarations": declarations(),
        "inspections": inspections(),
        "reports": reports(),
        "annotations": annotations(),
        "warnings": warnings(),
    }
    return World({n: draw(st.lists(s, max_size=most).map(_distinct)) for n, s in made.items()})


QUESTION = st.tuples(declarations(), st.integers(0, STEPS + 200).map(at))


def patterned(count: int, seed: int = 7) -> World:
    """A world in which some enterprises and headings fail often, and complaints tell of it."""
    rng = np.random.default_rng(seed)
    firms = [f"E{i:02d}" for i in range(30)]
    bad = {firm: rng.random() for firm in firms}
    goods = ["8516101000", "8516605000", "9503008900", "6110200000", "8504401900"]
    made: dict[str, list[Record]] = {name: [] for name in TABLES}
    for i in range(count):
        known = START + timedelta(minutes=int(i * 600_000 / count))
        firm, hs = str(rng.choice(firms)), str(rng.choice(goods))
        origin = str(rng.choice(["VN", "DE", "TH"]))
        line = Declaration(
            declaration_id=f"D{i:05d}",
            declared_at=known,
            known_at=known,
            enterprise_id=firm,
            hs_code=hs,
            origin=origin,
            brand=str(rng.choice(["Nova", "山鹰", "Rill"])),
            port=str(rng.choice(["上海", "深圳"])),
            value_fen=int(rng.integers(10_000, 10**8)),
            quantity=float(rng.integers(1, 500)),
        )
        made["declarations"].append(line)
        fails = rng.random() < 0.05 + 0.5 * bad[firm] ** 3 + 0.15 * (hs == goods[0])
        if rng.random() < 0.6:
            visited = known + timedelta(days=2)
            made["inspections"].append(
                Inspection(
                    declaration_id=line.declaration_id,
                    inspected_at=visited,
                    known_at=visited,
                    outcome="fail" if fails else "pass",
                    severity=int(rng.integers(1, 5)) if fails else None,
                    hazards=("fire",) if fails else (),
                    propensity=float(rng.choice([0.1, 0.5, 1.0])),
                )
            )
        if rng.random() < (0.5 if fails else 0.05):
            heard = known + timedelta(days=float(rng.integers(3, 20)))
            made["reports"].append(
                Report(
                    report_id=f"R{i:05d}",
                    channel="12315",
                    received_at=heard,
                    known_at=heard,
                    text="插座冒烟",
                    enterprise_id=firm,
                    hs_code=hs,
                )
            )
            made["annotations"].append(
                Annotation(
                    report_id=f"R{i:05d}",
                    model_version=VERSION,
                    annotated_at=heard,
                    known_at=heard,
                    relevant=True,
                    category="质量",
                    severity=3,
                    hazards=("fire",),
                    sentiment=-0.5,
                )
            )
    made["enterprises"] = [
        Enterprise(enterprise_id=f, known_at=START, credit_grade="D" if bad[f] > 0.8 else "B")
        for f in firms
    ]
    return World(made)
