"""One tiny risk model for all tests of models, fitted once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from features import build, catalog, memory
from features.build import Rows
from features.feature_set import FeatureSet
from features.index import Index
from features.labels import labels
from models.risk import training
from models.risk.model import RiskModel
from models.risk.training import Recipe
from tests.worlds import VERSION, World, patterned


@dataclass(frozen=True)
class Past:
    """Labelled lines, of which no two are alike unless a test says so."""

    rows: Rows
    labels: pd.DataFrame
    declared_at: "pd.Series[pd.Timestamp]"
    alike: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Trained:
    """A world, its labelled feature rows, and the model that was fitted on them."""

    world: World
    tables: dict[str, pd.DataFrame]
    features: FeatureSet
    rows: Rows
    outcomes: pd.DataFrame
    moments: "pd.Series[pd.Timestamp]"
    model: RiskModel

    @property
    def past(self) -> Past:
        """What the model was trained on."""
        return Past(self.rows, self.outcomes, self.moments, np.arange(len(self.moments)))

    def index(self) -> Index:
        """The index of every fact of the world."""
        return memory.recall(self.tables, self.features, text_version=VERSION)


@pytest.fixture(scope="session")
def trained() -> Trained:
    world = patterned(1500)
    tables = world.tables()
    features = catalog.standard(tables)
    outcomes = labels(tables["inspections"])
    lines = tables["declarations"].set_index("declaration_id", drop=False).loc[outcomes.index]
    kinds = memory.kinds(tables, features, text_version=VERSION)
    rows = build.build(build.asked(lines, features), features, kinds=kinds)
    moments = lines["declared_at"]
    past = Past(rows, outcomes, moments, np.arange(len(moments)))
    fitted = training.fit(past, recipe=Recipe(seed=3)).model
    return Trained(world, tables, features, rows, outcomes, moments, fitted)
