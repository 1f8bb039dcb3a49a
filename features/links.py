"""Links: what a fact is silent about, read from what it speaks of.

An inspection is grouped by what its declaration says, an annotation by what its report says where
the text models linked nothing, a warning by its scope.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from features import keys

SHARED = ("enterprise_id", "hs_code", "brand", "origin", "goods_name")


def linked(frame: pd.DataFrame, rows: pd.DataFrame, *, on: str) -> pd.DataFrame:
    """Return a table with what it is silent about filled in from the rows it speaks of.

    A row is read as it was known with the fact, so that its later corrections do not change the
    past. Where it was told later than the fact, the fact counts from then; where it never was,
    the fact is left out.
    """
    frame = frame[frame[on].isin(rows[on])].sort_values("known_at", kind="stable")
    spoken = _as_known(frame, rows, on=on)
    names = spoken.columns.astype(str)
    missing = {c: spoken[c].to_numpy() for c in names if c not in frame}
    shared = {c: _filled(frame[c], spoken[c]) for c in names if c in frame and _groups(c)}
    known = frame["known_at"].where(frame["known_at"] >= spoken["known_at"], spoken["known_at"])
    return frame.assign(**missing, **shared, known_at=known)


def scoped(warnings: pd.DataFrame) -> pd.DataFrame:
    """Return warnings with their scope's parts as columns."""
    scopes = keys.scopes(warnings["scope"])
    return pd.concat([warnings.drop(columns=scopes.columns, errors="ignore"), scopes], axis=1)


def _as_known(frame: pd.DataFrame, rows: pd.DataFrame, *, on: str) -> pd.DataFrame:
    """Return, for each fact in order of time, the newest row known with it, or else the first."""
    versions = rows.drop(columns="fact_id").sort_values("known_at", kind="stable")
    places = versions[[on, "known_at"]].assign(place=np.arange(len(versions)))
    first = places.drop_duplicates(on).set_index(on)["place"].reindex(frame[on]).to_numpy()
    if versions[on].is_unique:
        return versions.take(first).set_axis(frame.index)
    newest = pd.merge_asof(frame[[on, "known_at"]], places, on="known_at", by=on)["place"]
    place = np.where(newest.isna(), first, newest).astype(np.intp)
    return versions.take(place).set_axis(frame.index)


def _filled(told: pd.Series, fallback: pd.Series) -> npt.NDArray[np.object_]:
    return np.where(told.notna(), told.astype(object), fallback.astype(object).to_numpy())


def _groups(column: str) -> bool:
    return column in SHARED or column.startswith("x_")
