"""Severity: how badly a failure of these goods would harm, from what is known of such goods."""

import numpy as np
import numpy.typing as npt

from features.build import Rows

USUAL = 2  # 一般, where nothing is known
# Past failures of the nearest goods speak first.
PAST = tuple(f"{key}_inspection_severity_mean_730d" for key in ("hs6", "hs4", "hs2", "enterprise"))
SEVERE = tuple(
    f"{key}_annotation_{measure}_count_90d"
    for key in ("enterprise_hs4", "brand_hs4", "origin_hs4")
    for measure in ("severe_once", "severe")  # the latter by models older than clusters
)
SEVERE_REPORTS = 2


def severity(rows: Rows) -> npt.NDArray[np.int64]:
    """Return 1 (微弱) to 4 (非常严重) for each line (wording of GB/T 22760).

    The mean severity of past failures of the nearest goods, rounded; 2 where none is known; at
    least 3 where two reports of the last 90 days on such goods tell of serious harm, copies once.
    """
    names = rows.features.names
    found = np.full(len(rows.numbers), np.nan)
    for name in PAST:
        if name in names:
            found = np.where(np.isnan(found), rows.numbers[:, names.index(name)], found)
    answer = np.clip(np.floor(np.where(np.isnan(found), USUAL, found) + 0.5), 1, 4)
    for name in SEVERE:
        if name in names:
            told = rows.numbers[:, names.index(name)] >= SEVERE_REPORTS
            answer = np.where(told, np.maximum(answer, 3), answer)
    return answer.astype(np.int64)
