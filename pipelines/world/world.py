"""The simulated world before anything happens in it: who trades what, and which defects lurk."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from features.errors import Invalid
from features.moments import DAY_MS, milliseconds
from pipelines.world import enterprises as firm
from pipelines.world import episodes as defect
from pipelines.world.chance import Ints
from pipelines.world.policy import policy
from pipelines.world.supplies import products, supplies
from pipelines.world.timeline import Timeline

YEARS_MS = 3 * 365 * DAY_MS
WARNING_DAYS = 180
HEARD = ["known_ms", "tipped_ms"]
DRIFT = 7 / 8  # of the world's time has passed when it drifts


@dataclass(frozen=True)
class World:
    """Everything that stays the same while declarations pass; codes are row numbers.

    ``supplies`` carries its product's columns; the timelines answer what held for a supply (or a
    firm's credit) at a moment. drifted_ms: from then on who is good and who is bad is drawn anew;
    ``NEVER`` where the world stays as it is.
    """

    seed: int
    start_ms: int
    until_ms: int
    drifted_ms: int
    firms: pd.DataFrame
    credit: pd.DataFrame
    supplies: pd.DataFrame
    episodes: pd.DataFrame
    exposures: pd.DataFrame
    defects: Timeline
    warned: Timeline
    tipped: Timeline
    graded: Timeline


def build(*, seed: int, until: datetime, enterprises: int, drift: bool = False) -> World:
    """Return the world of three years up to ``until``; the same seed gives the same world.

    drift: late in its time firms and makers become better or worse than they were. Until then it
    is the world without a drift.
    """
    if enterprises < 1:
        raise Invalid(f"enterprises is {enterprises}; a world needs at least 1")
    start_ms, until_ms = milliseconds(until) - YEARS_MS, milliseconds(until)
    drifted_ms = start_ms + int(DRIFT * YEARS_MS) // DAY_MS * DAY_MS if drift else defect.NEVER
    firms = firm.firms(seed, enterprises, start_ms=start_ms, until_ms=until_ms)
    made = products(seed, max(20, enterprises))
    trade = supplies(seed, firms, products=made).join(made, on="product")
    lived = _lived(seed, trade, start_ms=start_ms, until_ms=until_ms, drifted_ms=drifted_ms)
    exposures = defect.exposures(lived, trade)
    credit = firm.credit(seed, firms, start_ms=start_ms, until_ms=until_ms, drifted_ms=drifted_ms)
    met = lived.loc[exposures["episode"]].reset_index(drop=True)
    supply = exposures["supply"].to_numpy()
    return World(
        seed=seed,
        start_ms=start_ms,
        until_ms=until_ms,
        drifted_ms=drifted_ms,
        firms=firms,
        credit=credit,
        supplies=trade,
        episodes=lived,
        exposures=exposures,
        defects=Timeline.of(supply, met["started_ms"].to_numpy(), ends=met["ended_ms"].to_numpy()),
        warned=_marked(supply, met["known_ms"].to_numpy(), days=WARNING_DAYS),
        tipped=_marked(supply, met["tipped_ms"].to_numpy(), days=policy().tip_days),
        graded=_graded(credit),
    )


def _lived(
    seed: int, trade: pd.DataFrame, *, start_ms: int, until_ms: int, drifted_ms: int
) -> pd.DataFrame:
    """Return the episodes: after a drift they are with whom it made worse, those under way too.

    The same chance draws them twice, so that moments, lengths and number are alike; what is under
    way when the world drifts ends there, and goes on elsewhere.
    """
    before = defect.episodes(seed, trade, start_ms=start_ms, until_ms=until_ms)
    worse = trade.assign(quality=trade["turned"])
    after = defect.episodes(seed, worse, start_ms=start_ms, until_ms=until_ms)
    begun = before["started_ms"] < drifted_ms
    ended = before["ended_ms"].clip(upper=drifted_ms)
    old = before.assign(ended_ms=ended, **_heard(before, before[HEARD] < drifted_ms))
    left = after[begun & (after["ended_ms"] > drifted_ms)]
    moved = left.assign(started_ms=drifted_ms, **_heard(left, left[HEARD] >= drifted_ms))
    return pd.concat([old.where(begun, after, axis=0), moved], ignore_index=True)


def _heard(lived: pd.DataFrame, when: pd.DataFrame) -> dict[str, pd.Series]:
    """Return when episodes become known and are tipped off, never where that is not within."""
    told = lived[HEARD].where(when, defect.NEVER)
    return {str(name): told[name] for name in told}


def warning_end(known_ms: Ints) -> Ints:
    """Return when a warning issued at ``known_ms`` ends."""
    return known_ms + WARNING_DAYS * DAY_MS


def _marked(supply: Ints, begins: Ints, *, days: int) -> Timeline:
    """Return the timeline of those spells that ever begin, each of so many days."""
    real = begins < defect.NEVER
    return Timeline.of(supply[real], begins[real], ends=begins[real] + days * DAY_MS)


def _graded(credit: pd.DataFrame) -> Timeline:
    """Return the timeline of the versions of each firm's credit."""
    known = credit["known_ms"].to_numpy()
    return Timeline.of(
        credit["enterprise"].to_numpy(), known, ends=np.full(len(known), defect.NEVER)
    )
