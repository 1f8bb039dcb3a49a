"""Simulated inspections under a logged, partly random policy."""

from functools import cache

import numpy as np
import pandas as pd

from features.moments import DAY_MS
from pipelines.world.chance import Floats, logistic, logit, stream
from pipelines.world.codes import declaration_ids
from pipelines.world.policy import policy
from pipelines.world.tables import goods, hazards
from pipelines.world.world import World

SELECTIONS = np.array(["mandated", "tip", "risk", "random"])
OPEN_DAYS = 2  # younger declarations still wait for their decision
HOUR_MS = DAY_MS // 24


def inspections(
    world: World, lots: pd.DataFrame, *, truths: pd.DataFrame, part: int
) -> pd.DataFrame:
    """Return one row per inspected line: the lot's row number, times, selection, propensity."""
    rng = stream(world.seed, "inspections", part=part)
    chances = chances_of(world, lots)
    hits = rng.random(chances.shape) < chances
    inspected = lots["declared_ms"].to_numpy() + rng.integers(4 * HOUR_MS, 60 * HOUR_MS, len(lots))
    known = inspected + rng.integers(12 * HOUR_MS, 150 * HOUR_MS, len(lots))
    closed = lots["declared_ms"].to_numpy() < world.until_ms - OPEN_DAYS * DAY_MS
    chosen = np.flatnonzero(hits.any(axis=1) & closed & (known < world.until_ms))
    return pd.DataFrame(
        {
            "lot": chosen,
            "inspected_ms": inspected[chosen],
            "known_ms": known[chosen],
            "selection": SELECTIONS[hits[chosen].argmax(axis=1)],
            "propensity": inclusion(chances)[chosen],
            "fails": truths["would_fail"].to_numpy()[chosen],
        }
    )


def chances_of(world: World, lots: pd.DataFrame) -> Floats:
    """Return the (lots, selections) probabilities of the policy's four independent draws."""
    rules = policy()
    supply, declared = lots["supply"].to_numpy(), lots["declared_ms"].to_numpy()
    by_law = np.array([line.mandated for line in goods()])[lots["goods"]]
    warned = world.warned.at(supply, declared) >= 0
    tipped = world.tipped.at(supply, declared) >= 0
    return np.column_stack(
        [
            np.where(warned, np.maximum(by_law, rules.warned), by_law),
            np.where(tipped, rules.tip, 0.0),
            rules.risk_ceiling * logistic(_score(world, lots)),
            np.full(len(lots), rules.random),
        ]
    )


def inclusion(chances: Floats) -> Floats:
    """Return the probability that at least one of the draws includes the line."""
    result: Floats = 1.0 - np.prod(1.0 - chances, axis=1)
    return result


def exchanged(
    lots: pd.DataFrame, truths: pd.DataFrame, *, inspections: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows of the exchange table ``inspections``, in order of ``known_at``."""
    lot, truth = (frame.iloc[inspections["lot"]] for frame in (lots, truths))
    fails = inspections["fails"].to_numpy()
    told = zip(truth["hazard"], truth["severity"], lot["goods"], strict=True)
    found = [_findings(hazard, severity, goods=code) for hazard, severity, code in told]
    rows = pd.DataFrame(
        {
            "declaration_id": declaration_ids(lot),
            "inspected_at": inspections["inspected_ms"],
            "known_at": inspections["known_ms"],
            "outcome": np.where(fails, "fail", "pass"),
            "hazards": [row[0] for row in found],
            "severity": truth["severity"].to_numpy(),
            "items": [row[1] for row in found],
            "responses": [row[2] for row in found],
            "selection": inspections["selection"],
            "propensity": inspections["propensity"],
        }
    )
    rows = rows.assign(severity=rows["severity"].where(fails).astype("Int64"))
    return rows.sort_values(["known_at", "declaration_id"], ignore_index=True)


def _score(world: World, lots: pd.DataFrame) -> Floats:
    """Return the port's own risk score from what it can see: goods, credit, newness."""
    rules = policy()
    declared, firm = lots["declared_ms"].to_numpy(), lots["enterprise"].to_numpy()
    version = world.graded.at(firm, declared)
    grade = world.credit["credit_grade"].map(rules.grades).to_numpy(dtype=float)[version]
    black = (world.credit["listed"] == "black").to_numpy()[version]
    young = declared - world.firms["since_ms"].to_numpy()[firm] < 90 * DAY_MS
    newcomer = young & (world.firms["since_ms"].to_numpy()[firm] > world.start_ms)
    usual = logit(np.array([line.fail for line in goods()]))[lots["goods"]]
    score: Floats = (
        usual
        + rules.risk_offset
        + np.where(version >= 0, grade + rules.blacklisted * black, rules.newcomer)
        + rules.newcomer * newcomer
    )
    return score


def _findings(
    hazard: int, severity: int, *, goods: int
) -> tuple[str | None, str | None, str | None]:
    """Return hazards, items and responses of a failure, as ``a;b``; of a pass the items only."""
    if severity == 0:
        return None, _usual(goods), None
    responses = ";".join(policy().responses[severity - 1])
    if hazard < 0:
        return None, "标签检查;单证审核", responses
    name, kind = list(hazards().items())[hazard]
    return name, ";".join(kind.items), responses


@cache
def _usual(code: int) -> str:
    """Return the tests that goods are usually put to: for their two commonest hazards."""
    prone = sorted(goods()[code].hazards.items(), key=lambda one: (-one[1], one[0]))[:2]
    return ";".join(hazards()[name].items[0] for name, _ in prone)
