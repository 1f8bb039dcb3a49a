"""Maturity: how long until nearly all outcomes are back, so that those missing cannot mislead."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from models.splits import Mask

SHARE = 0.95  # of the outcomes are back by then
SETTLED = timedelta(days=180)  # lines older than that tell how long it takes
FEWEST = 50  # of them, or else every line that has an outcome


def age(declared_at: pd.Series, known_at: pd.Series, *, as_of: datetime) -> timedelta:
    """Return the time from declaration within which 95 % of the outcomes came back.

    Both by inspected line, all known before ``as_of``. Lines of the last 180 days are not asked, as
    only their quick outcomes are back; where fewer than 50 are older, all are. Zero without lines.
    """
    lags = (known_at - declared_at).dt.total_seconds().to_numpy()
    settled = (declared_at < pd.Timestamp(as_of - SETTLED)).to_numpy(bool)
    told = lags[settled] if settled.sum() >= FEWEST else lags
    return timedelta(seconds=float(np.quantile(told, SHARE))) if len(told) else timedelta()


def ripe(declared_at: pd.Series, *, since: datetime, until: datetime) -> Mask:
    """Return which lines were declared at ``since`` or later, and before ``until``."""
    inside = (declared_at >= pd.Timestamp(since)) & (declared_at < pd.Timestamp(until))
    return inside.to_numpy(bool)
