"""Table: the risk table, one row of features and one label for every inspected declaration."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from features import build, memory
from features.build import Rows
from features.facts import Tables
from features.feature_set import FeatureSet
from features.labels import labels, newest
from features.store import Store
from features.windows import Integers


@dataclass(frozen=True)
class Table:
    """n inspected declarations: when declared, what was known of them then, how they turned out.

    labels: ``failed``, ``known_at``, ``propensity``, in the order of the rows.
    """

    declarations: pd.DataFrame
    rows: Rows
    labels: pd.DataFrame

    @property
    def declared_at(self) -> pd.Series:
        """When each was declared."""
        return self.declarations["declared_at"]

    @property
    def alike(self) -> Integers:
        """One code for lines of the same enterprise and HS heading; one without a code counts."""
        heading = self.declarations["hs_code"].astype("string").str[:4]
        kinds = self.declarations.groupby(["enterprise_id", heading], dropna=False, sort=False)
        return np.asarray(kinds.ngroup(), np.int64)

    def take(self, chosen: npt.NDArray[np.bool_]) -> "Table":
        """Return some of the rows."""
        return Table(
            self.declarations[chosen].reset_index(drop=True),
            self.rows.take(np.flatnonzero(chosen)),
            self.labels[chosen].reset_index(drop=True),
        )


def table(
    tables: Tables,
    features: FeatureSet,
    *,
    freeze: datetime | None = None,
    known_before: datetime | None = None,
    only: Collection[str] | None = None,
) -> Table:
    """Return every declaration that has a label, with its features as of its declaration.

    tables: store frames by name. freeze: see no fact later than that. known_before: use only
    labels known before that. only: the ids of some declarations.
    """
    outcomes = labels(tables["inspections"], known_before=known_before)
    if only is not None:
        outcomes = outcomes[outcomes.index.isin(only)]
    declared = newest(tables["declarations"])
    inspected = declared[declared["declaration_id"].isin(outcomes.index)].reset_index(drop=True)
    return Table(
        declarations=inspected,
        rows=rows_of(inspected, features, tables=tables, freeze=freeze),
        labels=outcomes.reindex(inspected["declaration_id"]).reset_index(drop=True),
    )


def rows_of(
    declarations: pd.DataFrame,
    features: FeatureSet,
    *,
    tables: Tables,
    freeze: datetime | None = None,
) -> Rows:
    """Return the features of declarations, inspected or not, each as of its declaration.

    tables: store frames by name, annotated by one text model. freeze: as for ``table``.
    """
    questions = build.asked(declarations, features, freeze=freeze)
    kinds = memory.kinds(tables, features, text_version=None)
    return build.build(questions, features, kinds=kinds)


def read(store: Store, *, known_before: datetime | None = None) -> dict[str, pd.DataFrame]:
    """Return the frames of every table that a feature set may read."""
    names = dict.fromkeys(name for kinds in memory.KINDS.values() for name in kinds)
    return {name: store.frame(name, known_before=known_before) for name in names}


def write(made: Table, path: Path) -> None:
    """Write a table as Parquet: id, moment, features by name, and the label."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ids = made.declarations[["declaration_id", "declared_at"]]
    pd.concat([ids, made.rows.frame(), made.labels], axis=1).to_parquet(path, index=False)


def counts(made: Table) -> Mapping[str, float]:
    """Return how large the table is and how often its lines failed."""
    return {
        "rows": len(made.labels),
        "features": len(made.rows.features.names),
        "fail_rate": float(made.labels["failed"].mean()) if len(made.labels) else 0.0,
    }
