"""Labels: what inspecting a declaration showed, as far as it was known, and when all are known."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

SHARE = 0.95  # of the outcomes are back by then
SETTLED = timedelta(days=180)  # lines older than that tell how long it takes
FEWEST = 50  # of them, or else every line that has an outcome


def labels(inspections: pd.DataFrame, *, known_before: datetime | None = None) -> pd.DataFrame:
    """Return one row per inspected declaration: ``failed`` (bool), ``known_at``, ``propensity``.

    Indexed by declaration_id. The first visit counts; of a corrected outcome the newest version
    known strictly before the cut. A missing propensity stays missing.
    """
    known = inspections
    if known_before is not None:
        known = known[known["known_at"] < pd.Timestamp(known_before)]
    newest = known.sort_values("known_at", kind="stable").drop_duplicates("fact_id", keep="last")
    visits = newest.sort_values(["inspected_at", "known_at"], kind="stable")
    first = visits.drop_duplicates("declaration_id").set_index("declaration_id")
    return pd.DataFrame(
        {
            "failed": first["outcome"] == "fail",
            "known_at": first["known_at"],
            "propensity": first["propensity"].astype(float),
        }
    )


def newest(declarations: pd.DataFrame) -> pd.DataFrame:
    """Return the newest version of each declaration, in order of declaration."""
    last = declarations.drop_duplicates("declaration_id", keep="last")
    return last.sort_values("declared_at", kind="stable").reset_index(drop=True)


def outcomes(declarations: pd.DataFrame, inspections: pd.DataFrame) -> pd.DataFrame:
    """Return the newest declarations with ``failed``, ``propensity`` and ``outcome_known_at``.

    In order of declaration; the three are missing where a line was not inspected.
    """
    found = labels(inspections).rename(columns={"known_at": "outcome_known_at"})
    return newest(declarations).join(found, on="declaration_id")


def maturity(
    inspections: pd.DataFrame, declarations: pd.DataFrame, *, as_of: datetime
) -> timedelta:
    """Return how long after declaration 95 % of the outcomes are known: ``maturity_of`` tables.

    Only outcomes known before ``as_of`` are seen.
    """
    known = labels(inspections, known_before=as_of)["known_at"]
    declared = newest(declarations).set_index("declaration_id")["declared_at"]
    both = pd.concat([declared, known], axis=1, join="inner")
    return maturity_of(both["declared_at"], both["known_at"], as_of=as_of)


def maturity_of(declared_at: pd.Series, known_at: pd.Series, *, as_of: datetime) -> timedelta:
    """Return the time from declaration within which 95 % of the outcomes came back.

    Both by inspected line, all known before ``as_of``. Lines of the last 180 days are not asked, as
    only their quick outcomes are back; where fewer than 50 are older, all are. Zero without lines.
    Outcomes that come back early are not like those that come late, so who learns or judges leaves
    out lines that are younger.
    """
    lags = (known_at - declared_at).dt.total_seconds().to_numpy()
    settled = (declared_at < pd.Timestamp(as_of - SETTLED)).to_numpy(bool)
    told = lags[settled] if settled.sum() >= FEWEST else lags
    return timedelta(seconds=float(np.quantile(told, SHARE))) if len(told) else timedelta()
