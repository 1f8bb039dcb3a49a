"""Population: every line declared in a window, inspected or not, and what a model believed."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from features import build, memory
from features.facts import Tables
from features.labels import labels
from models.evaluation.selection import Lines
from models.risk.model import RiskModel
from models.splits import Period


@dataclass(frozen=True)
class Population:
    """n lines in order of declaration: what each declared, and what was believed and found."""

    declarations: pd.DataFrame
    lines: Lines


def population(
    tables: Tables, model: RiskModel, *, test: Period, freeze: datetime | None = None
) -> Population:
    """Return the lines declared in a period, with features as of their declaration.

    tables: store frames by name. ``Invalid`` where an inspected line lacks its propensity. A line
    whose outcome is still to come counts as not inspected, so end the period well before now.
    """
    newest = tables["declarations"].drop_duplicates("declaration_id", keep="last")
    inside = newest[test.holds(newest["declared_at"])]
    inside = inside.sort_values("declared_at", kind="stable").reset_index(drop=True)
    kinds = memory.kinds(tables, model.features, text_version=None)
    rows = build.build(
        build.asked(inside, model.features, freeze=freeze), model.features, kinds=kinds
    )
    found = labels(tables["inspections"]).reindex(inside["declaration_id"])
    known = found["failed"].notna().to_numpy(bool)
    return Population(
        inside,
        Lines(
            model.likelihood(rows),
            known,
            np.asarray(found["failed"], float),
            np.asarray(found["propensity"], float),
        ),
    )
