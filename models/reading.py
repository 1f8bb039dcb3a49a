"""Reading: what a risk model has learned, as small tables for people.

Contributions (exact SHAP values, in log-odds) say what it leans on; one feature moved by itself
says which way that leads. Neither says why goods fail: a model knows what goes together.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.build import Rows
from features.errors import NotFound
from features.feature_set import FeatureSet
from features.plans import Numbers
from models.risk.model import RiskModel

LINES, STEPS = 60, 25
COMMON = (0.01, 0.99)  # quantiles between which a feature is moved: beyond them is hardly a line


def importance(features: FeatureSet, contributions: Numbers) -> pd.DataFrame:
    """Return how far each feature moves the log-odds of a line on average, the farthest first.

    contributions: (lines, features). Columns: ``feature``, ``family``, ``zh``, ``en``, ``moved``
    (mean absolute log-odds, zero without lines).
    """
    names = features.names
    moved = np.abs(contributions).sum(axis=0) / max(1, len(contributions))
    frame = pd.DataFrame(
        {
            "feature": names,
            "family": [features.family(name) for name in names],
            "zh": [features.meaning(name, 0) for name in names],
            "en": [features.meaning(name, 1) for name in names],
            "moved": moved,
        }
    )
    return frame.sort_values("moved", ascending=False, kind="stable", ignore_index=True)


def by_family(features: FeatureSet, contributions: Numbers) -> pd.DataFrame:
    """Return what each family of features moves in each line: (lines, families), in log-odds.

    What features of one family say for and against cancels; a row adds up to that of its features.
    """
    families = [features.family(name) for name in features.names]
    return pd.DataFrame(contributions).T.groupby(families, sort=False).sum().T


def dependence(model: RiskModel, rows: Rows, *, name: str) -> pd.DataFrame:
    """Return the likelihoods of some lines while one feature alone is moved: ICE curves.

    Up to sixty of the lines, evenly spread, at the values that the feature has over all of them
    but the outermost hundredths. Columns: ``line``, ``value``, ``likelihood``; their mean over the
    lines is the partial dependence. Source: Goldstein et al. 2015. ``NotFound`` where the model
    takes no such feature or no line has a value.
    """
    column = rows.numbers[:, _place(model.features, name)]
    told = column[~np.isnan(column)]
    if not len(told):
        raise NotFound(f"no line has a value of {name}; ask for another feature")
    values = np.unique(np.quantile(told, np.linspace(*COMMON, STEPS)))
    chosen = np.unique(np.linspace(0, len(column) - 1, LINES).astype(int))
    moved = np.repeat(rows.numbers[chosen], len(values), axis=0)
    moved[:, _place(model.features, name)] = np.tile(values, len(chosen))
    return pd.DataFrame(
        {
            "line": np.repeat(chosen, len(values)),
            "value": np.tile(values, len(chosen)),
            "likelihood": model.calibration.probability(model.scores(moved)),
        }
    )


def swarm(rows: Rows, contributions: Numbers, *, names: Sequence[str]) -> pd.DataFrame:
    """Return a point for each line and feature: how much it moves, and how high its value is.

    contributions: (lines, features). Columns: ``feature``, ``zh``, ``line``, ``value``, ``moved``
    and ``rank``, the value's among the lines from 0 to 1, missing where there is no value.
    """
    parts = []
    for name in names:
        place = _place(rows.features, name)
        values = pd.Series(rows.numbers[:, place])
        ranks = values.rank() - 1
        part = {
            "feature": name,
            "zh": rows.features.meaning(name, 0),
            "line": np.arange(len(values)),
            "value": values,
            "moved": contributions[:, place],
            "rank": ranks / max(1.0, float(values.notna().sum()) - 1),
        }
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def _place(features: FeatureSet, name: str) -> int:
    if name not in features.names:
        raise NotFound(f"the model takes no feature {name!r}; see the names of its feature set")
    return features.names.index(name)
