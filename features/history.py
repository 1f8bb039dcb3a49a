"""History: what is on record of one enterprise, every fact with both of its times.

Facts are joined as the windows join them, so what is listed here is what a feature could count.
"""

import pandas as pd

from features import links
from features.facts import Tables

# kind: when it happened, and the column that tells it in short.
TOLD = {
    "declaration": ("declared_at", "goods_name"),
    "inspection": ("inspected_at", "outcome"),
    "report": ("occurred_at", "title"),
    "credit": ("known_at", "credit_grade"),
    "warning": ("issued_at", "level"),
}


def history(tables: Tables, enterprise_id: str) -> pd.DataFrame:
    """Return the facts on an enterprise in order of ``known_at``; no row where none is known.

    tables: store frames by name, annotated by one text model; one that is not there has no facts.
    Columns: ``kind``, ``happened_at`` (``known_at`` where nobody told), ``known_at``, ``told``. A
    report is of the enterprise when it says so or when the text models linked it; a warning, when
    its scope names the enterprise.
    """
    parts = [
        _told(kind, frame, enterprise_id=enterprise_id) for kind, frame in _linked(tables).items()
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values("known_at", kind="stable", ignore_index=True)


def _linked(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the tables by kind of fact, with the columns that they are silent about filled in."""
    declarations = tables["declarations"]
    found = {"declaration": declarations}
    if "inspections" in tables:
        found["inspection"] = links.linked(tables["inspections"], declarations, on="declaration_id")
    if "annotations" in tables:
        found["report"] = links.linked(tables["annotations"], tables["reports"], on="report_id")
    if "enterprises" in tables:
        found["credit"] = tables["enterprises"]
    if "warnings" in tables:
        found["warning"] = links.scoped(tables["warnings"])
    return found


def _told(kind: str, frame: pd.DataFrame, *, enterprise_id: str) -> pd.DataFrame:
    happened, told = TOLD[kind]
    named = frame.get("enterprise_id", pd.Series(None, frame.index, object))
    own = frame[named == enterprise_id]
    return pd.DataFrame(
        {
            "kind": kind,
            "happened_at": own[happened].where(own[happened].notna(), own["known_at"]),
            "known_at": own["known_at"],
            "told": own[told].astype(object),
        }
    )
