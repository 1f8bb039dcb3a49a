"""Labels: what inspecting a declaration showed, as far as it was known at a moment."""

from datetime import datetime

import pandas as pd


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
