"""Simulated trade: makers abroad, their products, and which firm imports which product."""

import numpy as np
import pandas as pd

from features.moments import DAY_MS
from pipelines.world import names
from pipelines.world.chance import Chance, Ints, pick, stream
from pipelines.world.enterprises import turned
from pipelines.world.tables import goods, places


def products(seed: int, makers: int) -> pd.DataFrame:
    """Return one row per (maker, goods): brand, origin, and the maker's latent quality.

    ``turned`` is that quality after a drift, where the world has one.
    """
    rng = stream(seed, "products")
    lines = [row for maker in range(makers) for row in _range(rng, maker)]
    table = pd.DataFrame(lines, columns=["maker", "goods", "origin"])
    quality = rng.normal(size=makers)
    brand = np.array(names.brands(rng, makers), dtype=object)
    return table.assign(
        manufacturer_id=[f"M{maker:06d}" for maker in table["maker"]],
        brand=brand[table["maker"]],
        quality=quality[table["maker"]],
        turned=turned(stream(seed, "makers turned"), quality)[table["maker"]],
        popularity=rng.lognormal(0.0, 1.0, len(table)),
        buzz=rng.lognormal(-0.25, 0.7, len(table)),
        price=rng.lognormal(0.0, 0.3, len(table)) * np.exp(-0.08 * quality[table["maker"]]),
    ).join(_seasons(rng, table))


def supplies(seed: int, firms: pd.DataFrame, *, products: pd.DataFrame) -> pd.DataFrame:
    """Return one row per (firm, product) that trades, with its share of all declarations."""
    rng = stream(seed, "supplies")
    firm = np.repeat(np.arange(len(firms)), 1 + rng.poisson(1.6, len(firms)))
    product = _imported(rng, firm, products=products)
    pairs = pd.DataFrame({"enterprise": firm, "product": product}).drop_duplicates()
    pairs = pairs.reset_index(drop=True)
    volume = firms["volume"].to_numpy()[pairs["enterprise"]]
    return pairs.assign(
        port=pick(rng, list(places().ports.values()), size=len(pairs)),
        trade_mode=pick(rng, list(places().trade_modes.values()), size=len(pairs)),
        weight=volume * rng.lognormal(0.0, 0.9, len(pairs)),
    )


def _range(rng: Chance, maker: int) -> list[tuple[int, int, str]]:
    """Return the maker's products: one heading, and others of its sector from the same origin."""
    table = goods()
    first = int(rng.integers(len(table)))
    origin = str(rng.choice(table[first].origins))
    kin = [
        code
        for code, line in enumerate(table)
        if line.sector == table[first].sector and origin in line.origins and code != first
    ]
    extra = rng.permutation(kin)[: int(rng.poisson(0.8))].astype(int).tolist()
    return [(maker, code, origin) for code in [first, *extra]]


def _seasons(rng: Chance, table: pd.DataFrame) -> pd.DataFrame:
    """Base rates drift: a slow wave for each (goods, origin), shared by its makers."""
    pairs, inverse = np.unique(table["goods"].astype(str) + table["origin"], return_inverse=True)
    phase = rng.uniform(0, 2 * np.pi, len(pairs))
    period = rng.uniform(300, 900, len(pairs)) * DAY_MS
    return pd.DataFrame({"phase": phase[inverse], "period_ms": period[inverse]})


def _imported(rng: Chance, firm: Ints, *, products: pd.DataFrame) -> Ints:
    """Firms keep to a sector for the most part, and like what is popular."""
    sector = np.array([line.sector for line in goods()])[products["goods"]]
    weight = products["popularity"].to_numpy()
    home = sector[pick(rng, weight, size=int(firm.max()) + 1)][firm]
    chosen = pick(rng, weight, size=len(firm))
    stays = rng.random(len(firm)) < 0.85
    for name in np.unique(home):
        rows = np.flatnonzero(stays & (home == name))
        chosen[rows] = pick(rng, np.where(sector == name, weight, 0.0), size=len(rows))
    return chosen
