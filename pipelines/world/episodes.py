"""Simulated defects that emerge and end: the truth that complaints reveal before inspections.

An episode concerns a product (a maker's goods), all goods of one heading from one origin (a bad
harvest), or one firm's handling of a heading (a broken cold chain).
"""

import numpy as np
import pandas as pd

from features.moments import DAY_MS
from pipelines.world.chance import Chance, Ints, logistic, pick, pick_each, stream
from pipelines.world.tables import hazard_weights, severity_weights

NEVER = np.iinfo(np.int64).max // 4
PER_PRODUCT_YEAR = 0.15
LENGTH_DAYS = 170  # median
SCOPES = np.array(["product", "origin", "enterprise"])
SCOPE_SHARES = (0.78, 0.06, 0.16)


def episodes(seed: int, supplies: pd.DataFrame, *, start_ms: int, until_ms: int) -> pd.DataFrame:
    """Return one row per episode; moments in ms, ``NEVER`` where nothing came of it.

    ``supplies`` carries its product's ``goods``, ``origin`` and ``quality``.
    """
    rng = stream(seed, "episodes")
    years = (until_ms - start_ms) / (365 * DAY_MS)
    count = max(3, rng.poisson(PER_PRODUCT_YEAR * years * supplies["product"].nunique()))
    worse = supplies["weight"] ** 0.5 * logistic(supplies["quality"].to_numpy())
    seat = pick(rng, worse.to_numpy(), size=count)
    table = supplies.loc[seat, ["product", "enterprise", "goods", "origin"]]
    table = table.reset_index(drop=True).assign(scope=SCOPES[pick(rng, SCOPE_SHARES, size=count)])
    table = table.join(_nature(rng, table["goods"].to_numpy()))
    return table.join(_course(rng, count, start_ms=start_ms, until_ms=until_ms))


def exposures(episodes: pd.DataFrame, supplies: pd.DataFrame) -> pd.DataFrame:
    """Return the (episode, supply) pairs that share the episode's scope."""
    keys = {
        "product": ["product"],
        "origin": ["goods", "origin"],
        "enterprise": ["enterprise", "goods"],
    }
    left = episodes.reset_index(names="episode")
    right = supplies.reset_index(names="supply")
    parts = [
        left.loc[left["scope"] == scope, ["episode", *key]].merge(right[["supply", *key]], on=key)
        for scope, key in keys.items()
    ]
    pairs = pd.concat(parts)[["episode", "supply"]]
    return pairs.sort_values(["supply", "episode"], ignore_index=True).astype(np.int64)


def _nature(rng: Chance, goods: Ints) -> pd.DataFrame:
    """Return hazard, severity and how probably a lot fails by this defect."""
    hazard = pick_each(rng, hazard_weights()[goods])
    return pd.DataFrame(
        {
            "hazard": hazard,
            "severity": 1 + pick_each(rng, severity_weights()[hazard]),
            "fail": 0.2 + 0.6 * rng.beta(2.0, 2.0, len(goods)),
        }
    )


def _course(rng: Chance, count: int, *, start_ms: int, until_ms: int) -> pd.DataFrame:
    """Return when it starts, is tipped off, becomes known, and ends (sooner once known)."""
    first = start_ms - 120 * DAY_MS
    started = first + (rng.random(count) * (until_ms - first)).astype(np.int64)
    length = np.clip(rng.lognormal(np.log(LENGTH_DAYS), 0.6, count), 40, 600) * DAY_MS
    known = started + ((55 + rng.gamma(2.0, 30.0, count)) * DAY_MS).astype(np.int64)
    tipped = started + ((20 + rng.gamma(2.0, 20.0, count)) * DAY_MS).astype(np.int64)
    natural = started + length.astype(np.int64)
    noticed = (rng.random(count) < 0.35) & (known < natural) & (known > start_ms)
    mended = known + (rng.exponential(70.0, count) * DAY_MS).astype(np.int64)
    whispered = (rng.random(count) < 0.3) & (tipped < natural) & (tipped > start_ms)
    return pd.DataFrame(
        {
            "started_ms": started,
            "ended_ms": np.where(noticed, np.minimum(natural, mended), natural),
            "known_ms": np.where(noticed, known, NEVER),
            "tipped_ms": np.where(whispered, tipped, NEVER),
        }
    )
