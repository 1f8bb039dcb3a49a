"""Memory: the index of everything a feature set reads, made from the store and kept up to date."""

from collections.abc import Mapping, Sequence

import pandas as pd

from features import facts, frames, plans, rows
from features.facts import Tables
from features.feature_set import FeatureSet
from features.index import Index
from features.records import Record

KINDS = {
    "declaration": ("declarations",),
    "inspection": ("inspections", "declarations"),
    "report": ("reports",),
    "annotation": ("annotations", "reports"),
    "enterprise": ("enterprises",),
    "warning": ("warnings",),
}


def tables(features: FeatureSet) -> list[str]:
    """Return the names of the tables that a feature set reads."""
    kinds = dict.fromkeys(a.kind for a in features.read)
    return list(dict.fromkeys(name for kind in kinds for name in KINDS[kind]))


def recall(tables: Tables, features: FeatureSet, *, text_version: str | None) -> Index:
    """Return the index of the facts in the tables (store frames by name)."""
    return Index(plans.plans(features.read), kinds(tables, features, text_version=text_version))


def kinds(
    tables: Tables, features: FeatureSet, *, text_version: str | None
) -> dict[str, facts.Kind]:
    """Return the facts that a feature set reads, with annotations of one text model only.

    Without a version every annotation counts: that is for tables that only one model has read.
    """
    kept = pinned(tables, text_version)
    return facts.of(kept, features.columns, asked=features.asked)


def learn(
    index: Index,
    features: FeatureSet,
    *,
    new: Mapping[str, Sequence[Record]],
    behind: Mapping[str, Sequence[Record]],
    text_version: str | None,
) -> None:
    """Add new records to the index, by table.

    behind: the declarations of new inspections and the reports of new annotations.
    """
    fresh = pinned({name: frame(name, records) for name, records in new.items()}, text_version)
    looked_up = {name: frame(name, records) for name, records in behind.items()}
    added = facts.of(fresh, features.columns, asked=features.asked, behind=looked_up)
    read = {a.kind for a in features.read}
    index.take({kind: f for kind, f in added.items() if kind in read and len(f)})


def pinned(tables: Tables, text_version: str | None) -> Tables:
    """Return the tables with the annotations of one text model version."""
    if text_version is None or "annotations" not in tables:
        return tables
    annotations = tables["annotations"]
    chosen = annotations[annotations["model_version"] == text_version].reset_index(drop=True)
    return {**tables, "annotations": chosen}


def frame(table: str, records: Sequence[Record]) -> pd.DataFrame:
    """Return records as the store would show them."""
    return frames.frame(
        table, [[[r.fact_id, *rows.row(r)[2:]] for r in records]] if records else []
    )
