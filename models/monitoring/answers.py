"""Answers: what monitoring found of one model at one moment, before it is put into words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from features.feature_set import FeatureSet
from models.monitoring.calibration import Comparison
from models.monitoring.drift import Drift
from models.monitoring.expected import Promise
from models.monitoring.freshness import Feed, Thinning


@dataclass(frozen=True)
class Outcomes:
    """What became of the lines declared since the model learned whose outcomes are mature.

    learned: the moment before which the model learned everything; as_of: that of the question.
    ripe: the age at which 95 % of outcomes are back. lines, failures: how many there are. months:
    those of ``calibration.months``.
    """

    learned: datetime
    as_of: datetime
    ripe: timedelta
    lines: int
    failures: int
    tests: list[Comparison]
    kept: list[Promise]
    months: pd.DataFrame


@dataclass(frozen=True)
class Answers:
    """The four answers: drift, outcomes, what is expected of the watched lines, and the feeds.

    promised is empty and confusion as well where too few lines were watched.
    """

    features: FeatureSet
    drift: Drift
    outcomes: Outcomes
    promised: list[Promise]
    confusion: dict[str, float]
    feeds: list[Feed]
    thinning: Thinning
