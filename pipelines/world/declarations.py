"""Simulated declarations, drawn part by part in order of time."""

import numpy as np
import pandas as pd

from features.moments import DAY_MS
from pipelines.world.chance import Chance, Ints, pick, stream
from pipelines.world.codes import declaration_ids
from pipelines.world.tables import goods, places
from pipelines.world.world import World

MORNING_MS = DAY_MS // 24  # nine o'clock in Chongqing is one o'clock UTC
OFFICE_MS = 9 * DAY_MS // 24
GROWTH = 0.85  # below one: trade grows with the years


def declarations(world: World, numbers: Ints, *, total: int, part: int) -> pd.DataFrame:
    """Return the declarations with these serial numbers out of ``total``, with latent codes.

    Columns ``*_ms`` are milliseconds; ``supply``, ``enterprise``, ``goods`` are codes.
    """
    rng = stream(world.seed, "declarations", part=part)
    declared = _moments(world, rng, numbers=numbers, total=total)
    supply = _traded(world, rng, declared=declared)
    trade = world.supplies.loc[supply].reset_index(drop=True)
    frame = trade.assign(supply=supply, declared_ms=declared, serial=numbers)
    return frame.join(_amounts(rng, trade)).join(_forms(rng, trade))


def exchanged(world: World, lots: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the exchange table ``declarations``."""
    table = goods()
    line = [table[code] for code in lots["goods"]]
    ports, modes = list(places().ports), list(places().trade_modes)
    return pd.DataFrame(
        {
            "declaration_id": declaration_ids(lots),
            "declared_at": lots["declared_ms"],
            "enterprise_id": world.firms["enterprise_id"].to_numpy()[lots["enterprise"]],
            "hs_code": [g.hs for g in line],
            "goods_name": [g.name for g in line],
            "brand": lots["brand"].where(lots["tells_brand"], None),
            "manufacturer_id": lots["manufacturer_id"].where(lots["tells_maker"], None),
            "origin": lots["origin"],
            "departure": lots["departure"],
            "port": [ports[code] for code in lots["port"]],
            "trade_mode": [modes[code] for code in lots["trade_mode"]],
            "quantity": lots["quantity"],
            "unit": [g.unit for g in line],
            "net_weight_kg": lots["net_weight_kg"],
            "value_cny": lots["value_cny"],
        }
    )


def _moments(world: World, rng: Chance, *, numbers: Ints, total: int) -> Ints:
    """Return moments in office hours, one stratum per serial number, growing over the years."""
    share = ((numbers + rng.random(len(numbers))) / total) ** GROWTH
    span = world.until_ms - world.start_ms
    day = (world.start_ms + (share * span).astype(np.int64)) // DAY_MS * DAY_MS
    hour = MORNING_MS + (rng.beta(1.6, 1.8, len(numbers)) * OFFICE_MS).astype(np.int64)
    moment = day + hour
    moment = np.where(moment >= world.until_ms, moment - DAY_MS, moment)
    return np.sort(np.maximum(moment, world.start_ms))


def _traded(world: World, rng: Chance, *, declared: Ints) -> Ints:
    """Return a supply for each moment; a firm not trading yet gives way to one that does."""
    weight = world.supplies["weight"].to_numpy()
    since = world.firms["since_ms"].to_numpy()[world.supplies["enterprise"]]
    old = np.where(since <= world.start_ms, weight, 0.0)
    drawn = pick(rng, weight, size=len(declared))
    instead = pick(rng, old if old.any() else weight, size=len(declared))
    return np.where(since[drawn] <= declared, drawn, instead)


def _amounts(rng: Chance, trade: pd.DataFrame) -> pd.DataFrame:
    """Return quantity, weight in kg and value in yuan (whole fen)."""
    table = goods()
    lot, value, kg = (
        np.array([getattr(g, name) for g in table])[trade["goods"]]
        for name in ("lot", "value", "kg")
    )
    quantity = np.maximum(np.round(lot * rng.lognormal(0.0, 0.6, len(trade))), 1.0)
    price = value * trade["price"].to_numpy() * rng.lognormal(0.0, 0.12, len(trade))
    return pd.DataFrame(
        {
            "quantity": quantity,
            "net_weight_kg": np.round(quantity * kg * rng.uniform(0.95, 1.05, len(trade)), 2)
            + 0.01,
            "value_cny": np.round(quantity * price, 2) + 1.0,
        }
    ).round(2)


def _forms(rng: Chance, trade: pd.DataFrame) -> pd.DataFrame:
    """Return what the declarant fills in: departure, and whether brand and maker are told."""
    hubs = np.array(places().hubs, dtype=object)[rng.integers(0, len(places().hubs), len(trade))]
    return pd.DataFrame(
        {
            "departure": trade["origin"].where(rng.random(len(trade)) < 0.9, pd.Series(hubs)),
            "tells_brand": rng.random(len(trade)) < 0.9,
            "tells_maker": rng.random(len(trade)) < 0.85,
        }
    )
