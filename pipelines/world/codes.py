"""Codes inside, identifiers outside: how row numbers of the world are written in tables."""

import numpy as np
import pandas as pd

from pipelines.world.chance import Flags, Strings
from pipelines.world.tables import goods, hazards

HAZARDS: Strings = np.array(list(hazards()), dtype=object)
SECTORS: Strings = np.array([line.sector for line in goods()], dtype=object)


def hazard_names(codes: pd.Series) -> Strings:
    """Return the names of hazard codes; None for -1."""
    return kept(codes >= 0, HAZARDS[codes])


def kept(flags: pd.Series | Flags, values: pd.Series | Strings | list[str]) -> Strings:
    """Return the values where flagged, None elsewhere."""
    result = np.array(values, dtype=object)
    result[~np.asarray(flags, dtype=bool)] = None
    return result


def declaration_ids(lots: pd.DataFrame) -> list[str]:
    """Return entry numbers: customs office, year, import flag, serial, and the goods line."""
    years = pd.to_datetime(lots["declared_ms"], unit="ms").dt.year
    return [
        f"8001{year}1{serial // 3:09d}-{serial % 3 + 1:02d}"
        for year, serial in zip(years, lots["serial"], strict=True)
    ]


def report_ids(count: int, part: int) -> list[str]:
    """Return identifiers that tell nothing but the order within a part."""
    return [f"R{part:04d}-{number:07d}" for number in range(count)]


def episode_ids(episodes: pd.Series) -> Strings:
    """Return the identifiers of episodes; None for -1."""
    return kept(episodes >= 0, [f"E{code:05d}" for code in episodes])
