"""Simulated firms: their register, their credit over time, and a latent quality nobody sees."""

import math

import numpy as np
import pandas as pd

from features.moments import DAY_MS
from pipelines.world import names
from pipelines.world.chance import Chance, Floats, Ints, stream

GRADES = np.array(["A", "B", "C", "D"])
GRADE_CUTS = (-0.9, 0.8, 1.8)
YEAR_MS = 365 * DAY_MS
KEPT = 0.3  # correlation of qualities before and after a drift


def firms(seed: int, count: int, *, start_ms: int, until_ms: int) -> pd.DataFrame:
    """Return one row per firm, indexed by its code; ``quality`` above zero is worse.

    ``turned`` is its quality after a drift, where the world has one.
    """
    rng = stream(seed, "firms")
    regions = names.districts(rng, count)
    cores = names.firm_cores(rng, count)
    since = _first_trade(rng, count, start_ms=start_ms, until_ms=until_ms)
    made = pd.DataFrame(
        {
            "enterprise_id": names.credit_codes(rng, regions),
            "name": names.firm_names(rng, cores, cities=["重庆"] * count),
            "short": cores,
            "region": regions,
            "since_ms": since,
            "registered_ms": since - _registered_before(rng, since, start_ms=start_ms),
            "quality": rng.normal(size=count),
            "volume": rng.lognormal(0.0, 1.1, count),
        }
    )
    return made.assign(turned=turned(stream(seed, "firms turned"), made["quality"].to_numpy()))


def turned(rng: Chance, quality: Floats) -> Floats:
    """Return what qualities are after a drift: drawn anew, a little like what they were."""
    anew: Floats = rng.normal(size=len(quality))
    return KEPT * quality + math.sqrt(1 - KEPT**2) * anew


def credit(
    seed: int, firms: pd.DataFrame, *, start_ms: int, until_ms: int, drifted_ms: int
) -> pd.DataFrame:
    """Return every version of every firm's credit: code, known_ms, grade and listing.

    A grade follows the quality of its moment; the next grade after a drift may take years.
    """
    rng = stream(seed, "credit")
    first = np.maximum(firms["registered_ms"].to_numpy(), start_ms - 30 * DAY_MS)
    first = first + rng.integers(DAY_MS, 10 * DAY_MS, len(firms))
    changes = rng.poisson(0.5, len(firms))
    later = np.repeat(np.arange(len(firms)), changes)
    span = np.maximum(until_ms - DAY_MS - first[later], 1)
    moved = first[later] + 1 + (rng.random(len(later)) * span).astype(np.int64)
    codes = np.concatenate([np.arange(len(firms)), later])
    known = np.concatenate([first, moved])
    quality = np.where(known < drifted_ms, firms["quality"].loc[codes], firms["turned"].loc[codes])
    versions = _graded(rng, codes, known=known, quality=quality)
    return versions.sort_values(["enterprise", "known_ms"], ignore_index=True)


def register(firms: pd.DataFrame, credit: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the exchange table ``enterprises``, oldest known first."""
    firm = firms.loc[credit["enterprise"]].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "enterprise_id": firm["enterprise_id"],
            "name": firm["name"],
            "aliases": firm["short"] + ";重庆" + firm["short"],
            "region": firm["region"],
            "credit_grade": credit["credit_grade"],
            "registered_at": firm["registered_ms"],
            "listed": credit["listed"],
            "known_at": credit["known_ms"],
        }
    )
    return rows.sort_values(["known_at", "enterprise_id"], ignore_index=True)


def _first_trade(rng: Chance, count: int, *, start_ms: int, until_ms: int) -> Ints:
    """Four firms in five trade from the start; the others appear later."""
    later = start_ms + (rng.random(count) * (until_ms - start_ms)).astype(np.int64)
    return np.where(rng.random(count) < 0.8, start_ms, later)


def _registered_before(rng: Chance, since: Ints, *, start_ms: int) -> Ints:
    old = rng.integers(YEAR_MS, 20 * YEAR_MS, len(since))
    young = rng.integers(20 * DAY_MS, 200 * DAY_MS, len(since))
    return np.where(since == start_ms, old, young)


def _graded(rng: Chance, codes: Ints, *, known: Ints, quality: Floats) -> pd.DataFrame:
    """Grades follow quality through noise, so they inform without telling."""
    seen = quality + rng.normal(0.0, 0.8, len(codes))
    grade = GRADES[np.digitize(seen, GRADE_CUTS)]
    luck = rng.random(len(codes))
    listed = np.where(
        (grade == "D") & (luck < 0.4), "black", np.where((grade == "A") & (luck < 0.25), "red", "")
    )
    return pd.DataFrame(
        {
            "enterprise": codes,
            "known_ms": known,
            "credit_grade": grade,
            "listed": pd.Series(listed, dtype=object).replace("", None),
        }
    )
