"""Simulated certificates: what third parties and other agencies found of a supply's goods."""

import numpy as np
import pandas as pd

from features.moments import DAY_MS
from pipelines.world.chance import Floats, Ints, logistic, stream
from pipelines.world.tables import goods
from pipelines.world.world import World

YEAR_MS = 365 * DAY_MS
SOUGHT = -1.2  # log-odds that a supply of usual quality has its goods tested in a year
WILLING = 0.6  # less for each unit that firm and maker are worse: who is good likes to show it
FAILING = 0.04  # share of results that fail at usual quality
BY_AGENCY = 0.15
LAG_DAYS = 5  # until a result is known here, at most
ISSUERS = {"third_party": ("T01", "T02", "T03"), "agency": ("A01",)}


def certificates(world: World) -> pd.DataFrame:
    """Return the rows of the exchange table ``certificates``, in order of issue.

    Each supply may have its goods tested once a year; valid for a year by a third party, for half
    of one by another agency.
    """
    rng = stream(world.seed, "certificates")
    years = max(1, (world.until_ms - world.start_ms) // YEAR_MS)
    supply = np.repeat(np.arange(len(world.supplies)), years)
    trade = world.supplies.iloc[supply].reset_index(drop=True)
    year = np.tile(np.arange(years), len(world.supplies))
    issued = world.start_ms + ((year + rng.random(len(trade))) * YEAR_MS).astype(np.int64)
    known = issued + rng.integers(DAY_MS, LAG_DAYS * DAY_MS, len(trade))
    worse = _worse(world, trade, issued=issued)
    agency = rng.random(len(trade)) < BY_AGENCY
    fails = rng.random(len(trade)) < np.clip(FAILING * np.exp(0.5 * worse), 0, 0.5)
    sought = rng.random(len(trade)) < logistic(SOUGHT - WILLING * worse)
    pick = rng.integers(0, 3, len(trade))
    issuer = np.where(agency, "agency", "third_party")
    rows = pd.DataFrame(
        {
            "issuer_id": [
                ISSUERS[who][n % len(ISSUERS[who])] for who, n in zip(issuer, pick, strict=True)
            ],
            "issuer": issuer,
            "issued_at": issued,
            "outcome": np.where(fails, "fail", "pass"),
            "scope": _scopes(world, trade),
            "valid_until": issued + np.where(agency, YEAR_MS // 2, YEAR_MS),
            "known_at": known,
        }
    )
    kept = rows[sought & (known < world.until_ms)].sort_values("issued_at", ignore_index=True)
    return kept.assign(certificate_id=[f"C{number:05d}" for number in range(len(kept))])


def _worse(world: World, trade: pd.DataFrame, *, issued: Ints) -> Floats:
    """Return how bad firm and maker are together when each result is issued."""
    before, after = (
        world.firms[name].to_numpy()[trade["enterprise"]] + trade[name].to_numpy()
        for name in ("quality", "turned")
    )
    worse: Floats = np.where(issued < world.drifted_ms, before, after)
    return worse


def _scopes(world: World, trade: pd.DataFrame) -> list[str]:
    firms = world.firms["enterprise_id"].to_numpy()[trade["enterprise"]]
    table = goods()
    told = zip(firms, trade["brand"], trade["goods"], strict=True)
    return [
        f"enterprise={firm};brand={brand};hs4={table[code].hs[:4]}" for firm, brand, code in told
    ]
