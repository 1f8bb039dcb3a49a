"""Copies: reports that are told again, word for word or nearly so."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from features.moments import DAY_MS
from pipelines.world.chance import stream
from pipelines.world.tables import noise
from pipelines.world.world import World

SHARE = 0.07
MEDIA_TIMES = 3.0  # how much likelier a post is copied than a call


def with_reposts(world: World, told: pd.DataFrame, *, part: int) -> pd.DataFrame:
    """Return the reports and their copies by ``received_ms``.

    ``copied`` is the row, in the frame returned, of the report that this one repeats; -1 for none.
    """
    rng = stream(world.seed, "reposts", part=part)
    likely = SHARE * np.where(told["channel"] == "media", MEDIA_TIMES, 1.0)
    seat = np.flatnonzero(rng.random(len(told)) < likely)
    later = 600_000 + (rng.exponential(2.0, len(seat)) * DAY_MS).astype(np.int64)
    copies = told.iloc[seat].assign(received_ms=told["received_ms"].to_numpy()[seat] + later)
    whole = pd.concat([told.assign(copied=-1), copies.assign(copied=seat)], ignore_index=True)
    whole = whole[whole["received_ms"] < world.until_ms]
    whole = whole.sort_values("received_ms", kind="stable")
    place = np.full(len(told) + len(copies), -1)
    place[whole.index] = np.arange(len(whole))
    copied = whole["copied"].to_numpy()
    return whole.assign(copied=np.where(copied >= 0, place[copied], -1)).reset_index(drop=True)


def repeated(text: str, chance: Iterator[float]) -> str:
    """Return a copy of a text: exact, introduced, or cut short."""
    luck = next(chance)
    if luck < 0.5:
        return text
    if luck < 0.8:
        words = noise().reposts
        return words[int(next(chance) * len(words))] + text
    return text[: max(12, int(len(text) * 0.7))] + "……"
