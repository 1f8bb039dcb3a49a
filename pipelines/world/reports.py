"""Who reports what, and when: the simulated events behind complaints, notices and noise.

Goods reach people weeks after they were declared, so what is said of an early lot of an episode
foretells the later ones, often before an inspection has seen any. Lots stopped at the border
hurt few.
"""

import numpy as np
import pandas as pd

from features.moments import DAY_MS
from pipelines.world.chance import Chance, Floats, Ints, Strings, pick, pick_each, stream
from pipelines.world.codes import HAZARDS, SECTORS
from pipelines.world.episodes import NEVER
from pipelines.world.tables import goods, hazard_weights, reporting
from pipelines.world.world import World

DEFECT_RATE = 4.5  # reports per lot with an episode's defect, for goods with reach one
USUAL_RATE = 0.7  # the same for a lot that fails by itself: few pieces are bad
STOPPED = 0.12  # share of that rate left when the lot was inspected and failed
GRUMBLE_RATE = 0.22
NOISE_RATE = 0.1
NOTICE_RATE = 3.0  # reports per episode from abroad, laboratories and the press
FOODS = ("food", "infant_food")


def events(
    world: World, lots: pd.DataFrame, *, truths: pd.DataFrame, stopped: Ints, part: int
) -> pd.DataFrame:
    """Return one row per report that these lots give rise to, in order of ``received_ms``.

    ``stopped`` are the rows of lots that failed inspection. ``supply``, ``hazard`` and ``episode``
    are -1 where there is none; ``severity`` is 0 where nothing is the matter.
    """
    rng = stream(world.seed, "reports", part=part)
    told = [
        _harms(rng, lots, truths=truths, stopped=stopped),
        _grumbles(rng, lots),
        _noise(rng, lots),
    ]
    return _received(world, rng, told=pd.concat(told, ignore_index=True))


def notices(world: World) -> pd.DataFrame:
    """Return what is told of episodes abroad, by laboratories, the press and insiders."""
    rng = stream(world.seed, "notices")
    alive = world.exposures.drop_duplicates("episode").set_index("episode")["supply"]
    known = world.episodes.loc[alive.index]
    row = np.repeat(np.arange(len(known)), rng.poisson(NOTICE_RATE, len(known)))
    begun = known["started_ms"].to_numpy()[row]
    lag = np.minimum(
        rng.gamma(2.0, 30.0, len(row)) * DAY_MS, known["ended_ms"].to_numpy()[row] - begun
    )
    tips = np.flatnonzero(known["tipped_ms"] < NEVER)
    whole = np.concatenate([row, tips])
    frame = pd.DataFrame(
        {
            "supply": alive.to_numpy()[whole],
            "hazard": known["hazard"].to_numpy()[whole],
            "severity": known["severity"].to_numpy()[whole],
            "channel": np.concatenate(
                [_spoken(rng, "notice", count=len(row)), _tipped(rng, len(tips))]
            ),
            "occurred_ms": np.concatenate(
                [begun + lag.astype(np.int64), known["tipped_ms"].to_numpy()[tips] - DAY_MS]
            ),
            "episode": known.index.to_numpy()[whole],
        }
    )
    sector = SECTORS[world.supplies["goods"].to_numpy()[frame["supply"]]]
    frame = frame.assign(category=categories(frame["hazard"].to_numpy(), sector))
    return _received(world, rng, told=frame)


def categories(hazard: Ints, sector: Strings) -> Strings:
    """Return the category of a report of this hazard on goods of this sector."""
    name = np.where(hazard >= 0, HAZARDS[hazard], "")
    is_food = np.isin(sector, FOODS)
    spoiled = np.isin(name, ("microbiological", "foreign_body", "poisoning"))
    return np.select(
        [hazard < 0, is_food & spoiled, is_food & (name == "chemical")],
        ["label", "food_contamination", "additive"],
        "safety",
    )


def _harms(rng: Chance, lots: pd.DataFrame, *, truths: pd.DataFrame, stopped: Ints) -> pd.DataFrame:
    reach = np.array([line.reach for line in goods()])[lots["goods"]]
    each = np.where(truths["by_defect"], DEFECT_RATE, USUAL_RATE) * truths["would_fail"]
    rate = each * reach * rng.lognormal(-0.3, 0.8, len(lots))
    rate = np.where(truths["hazard"] >= 0, rate, 0.3 * rate)
    rate[stopped] *= STOPPED
    lot = np.repeat(np.arange(len(lots)), rng.poisson(rate))
    truth = truths.iloc[lot]
    milder = np.maximum(truth["severity"].to_numpy() - (rng.random(len(lot)) < 0.35), 1)
    hazard = truth["hazard"].to_numpy()
    return pd.DataFrame(
        {
            "supply": lots["supply"].to_numpy()[lot],
            "hazard": hazard,
            "severity": np.where(hazard >= 0, milder, 0),
            "channel": _heard(
                rng, hazard, severity=milder, sector=SECTORS[lots["goods"].to_numpy()[lot]]
            ),
            "occurred_ms": lots["declared_ms"].to_numpy()[lot] + _journey(rng, len(lot)),
            "episode": np.where(truth["by_defect"], truth["episode"], -1),
            "category": categories(hazard, SECTORS[lots["goods"].to_numpy()[lot]]),
        }
    )


def _grumbles(rng: Chance, lots: pd.DataFrame) -> pd.DataFrame:
    """What is said of goods with which nothing is wrong, false alarms and praise included."""
    reach = np.array([line.reach for line in goods()])[lots["goods"]]
    lot = np.repeat(np.arange(len(lots)), rng.poisson(GRUMBLE_RATE * reach * lots["buzz"]))
    kinds = reporting().grumbles
    said = np.array(list(kinds), dtype=object)[pick(rng, list(kinds.values()), size=len(lot))]
    alarm = said == "safety"
    code = lots["goods"].to_numpy()[lot]
    hazard = np.where(alarm, pick_each(rng, hazard_weights()[code]), -1)
    return pd.DataFrame(
        {
            "supply": np.where(said == "other", -1, lots["supply"].to_numpy()[lot]),
            "hazard": hazard,
            "severity": np.where(alarm, rng.integers(1, 3, len(lot)), 0),
            "channel": _spoken(rng, "grumble", count=len(lot)),
            "occurred_ms": lots["declared_ms"].to_numpy()[lot] + _journey(rng, len(lot)),
            "episode": np.full(len(lot), -1),
            "category": np.where(alarm, categories(hazard, SECTORS[code]), said),
        }
    )


def _noise(rng: Chance, lots: pd.DataFrame) -> pd.DataFrame:
    """Street lamps, pensions, noise at night: what hotlines hear most of all."""
    lot = np.flatnonzero(rng.random(len(lots)) < NOISE_RATE)
    return pd.DataFrame(
        {
            "supply": -1,
            "hazard": -1,
            "severity": 0,
            "channel": _spoken(rng, "noise", count=len(lot)),
            "occurred_ms": lots["declared_ms"].to_numpy()[lot] + rng.integers(0, DAY_MS, len(lot)),
            "episode": -1,
            "category": "other",
        }
    )


def _journey(rng: Chance, count: int) -> Ints:
    """Return ms from declaration to trouble at home: clearance, shelves, first use."""
    days = rng.uniform(2.0, 7.0, count) + rng.lognormal(np.log(16.0), 0.6, count)
    return (days * DAY_MS).astype(np.int64)


def _received(world: World, rng: Chance, *, told: pd.DataFrame) -> pd.DataFrame:
    """Return what reached us between the world's start and its end, in order."""
    wait = 3_600_000 + (rng.exponential(2.5, len(told)) * DAY_MS).astype(np.int64)
    told = told.assign(received_ms=told["occurred_ms"] + wait)
    inside = told["received_ms"].between(world.start_ms, world.until_ms - 1)
    return told[inside].sort_values("received_ms", ignore_index=True, kind="stable")


def _spoken(rng: Chance, source: str, *, count: int) -> Strings:
    weights = {str(key): value for key, value in reporting().sources.items()}[source]
    return np.array(list(weights), dtype=object)[pick(rng, list(weights.values()), size=count)]


def _tipped(rng: Chance, count: int) -> Strings:
    return np.where(rng.random(count) < 0.5, "visit", "12365").astype(object)


def _heard(
    rng: Chance,
    hazard: Ints,
    *,
    severity: Ints,
    sector: Strings,
) -> Strings:
    """Return the channel of a harm: some go to those who meet its consequences first."""
    name = np.where(hazard >= 0, HAZARDS[hazard], "")
    luck: Floats = rng.random(len(hazard))
    stomach = np.isin(sector, FOODS) & np.isin(name, ("microbiological", "poisoning"))
    return np.select(
        [
            np.isin(name, ("fire", "explosion")) & (severity >= 2) & (luck < 0.2),
            (sector == "vehicle") & (name == "mechanical") & (luck < 0.3),
            stomach & (severity >= 2) & (luck < 0.25),
            (hazard >= 0) & (severity >= 3) & (luck < 0.22),
        ],
        ["fire", "traffic_accident", "food_borne_illness", "injury"],
        _spoken(rng, "harm", count=len(hazard)),
    ).astype(object)
