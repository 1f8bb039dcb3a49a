"""Population: every line declared in a window, inspected or not, and what a model believed."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from features.build import Rows
from features.facts import Tables
from features.labels import outcomes
from models.evaluation.selection import Lines
from models.risk.model import RiskModel
from models.splits import Period
from pipelines.table import rows_of


@dataclass(frozen=True)
class Population:
    """n lines in order of declaration: what each declared, and what was believed and found."""

    declarations: pd.DataFrame
    rows: Rows
    lines: Lines


def population(
    tables: Tables, model: RiskModel, *, test: Period, freeze: datetime | None = None
) -> Population:
    """Return the lines declared in a period, with features as of their declaration.

    tables: store frames by name. ``Invalid`` where an inspected line lacks its propensity. A line
    whose outcome is still to come counts as not inspected, so end the period well before now.
    """
    declared = outcomes(tables["declarations"], tables["inspections"])
    inside = declared[test.holds(declared["declared_at"])].reset_index(drop=True)
    rows = rows_of(inside, model.features, tables=tables, freeze=freeze)
    return Population(
        inside,
        rows,
        Lines(
            model.likelihood(rows),
            inside["failed"].notna().to_numpy(bool),
            np.asarray(inside["failed"], float),
            np.asarray(inside["propensity"], float),
        ),
    )
