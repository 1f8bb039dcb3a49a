"""One tiny risk model for all tests of models, fitted once."""

from dataclasses import dataclass

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
class Trained:
    """A world, its labelled feature rows, and the model that was fitted on them."""

    world: World
    tables: dict[str, pd.DataFrame]
    features: FeatureSet
    rows: Rows
    outcomes: pd.DataFrame
    moments: "pd.Series[pd.Timestamp]"
    model: RiskModel

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
    fitted = training.fit(rows, outcomes, moments=moments, recipe=Recipe(seed=3)).model
    return Trained(world, tables, features, rows, outcomes, moments, fitted)
