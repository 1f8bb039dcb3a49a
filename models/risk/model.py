"""The risk model: everything that turns a feature row into a calibrated likelihood."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

import lightgbm as lgb
import numpy as np
import pandas as pd

from features.build import Rows
from features.catalog import FeatureSet
from features.plans import Numbers
from models import splits
from models.risk import booster
from models.risk.booster import Sample
from models.risk.calibrate import Calibration
from models.risk.encode import Encoder

LATER_SHARE = 0.15  # of the training rows: decides the number of rounds and calibrates
GAP = timedelta(days=7)
WEIGHT_CAP = 5.0


@dataclass(frozen=True)
class RiskModel:
    """A trained model: features in, likelihood out. Artifacts are text; they carry no code."""

    features: FeatureSet
    encoder: Encoder
    booster: lgb.Booster
    calibration: Calibration
    typical: dict[str, float]  # the training median of each number, for reasons to compare with

    def likelihood(self, rows: Rows) -> Numbers:
        """Return the calibrated probability that each line would fail an inspection."""
        return self.calibration.probability(self.scores(self.encoder.matrix(rows)))

    def scores(self, matrix: Numbers) -> Numbers:
        """Return the booster's raw scores, in log-odds before calibration."""
        raw: Numbers = np.asarray(self.booster.predict(matrix, raw_score=True, num_threads=1))
        return raw

    def gains(self) -> dict[str, float]:
        """Return what the booster gained by each feature, for people to look at."""
        gains = self.booster.feature_importance("gain")
        return {name: float(g) for name, g in zip(self.features.names, gains, strict=True)}

    def save(self, directory: Path) -> None:
        """Write the model's files into a directory."""
        self.booster.save_model(directory / "booster.txt")
        parts = {
            "features": self.features.to_json(),
            "levels": self.encoder.levels,
            "calibration": asdict(self.calibration),
            "typical": self.typical,
        }
        (directory / "risk.json").write_text(json.dumps(parts, ensure_ascii=False, indent=1))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read a model; ``Invalid`` when it takes features that this version cannot compute."""
        parts = json.loads((directory / "risk.json").read_text())
        return cls(
            features=FeatureSet.from_json(parts["features"]),
            encoder=Encoder(parts["levels"]),
            booster=lgb.Booster(model_file=directory / "booster.txt"),
            calibration=Calibration(**parts["calibration"]),
            typical=parts["typical"],
        )


def fit(rows: Rows, labels: pd.DataFrame, *, moments: pd.Series, seed: int) -> RiskModel:
    """Train on labelled rows in time: the latest part stops and calibrates, then all of it trains.

    labels: ``failed`` and ``propensity``, one row per feature row. moments: when each was declared.
    """
    encoder = Encoder.fit(rows)
    failed = labels["failed"].to_numpy(bool)
    sample = Sample(encoder.matrix(rows), failed, weights(labels["propensity"]))
    width = rows.numbers.shape[1]
    categories = list(range(width, sample.matrix.shape[1]))
    earlier, later = splits.later_fold(moments, share=LATER_SHARE, gap=GAP)
    held = sample.take(later)
    trial = booster.rounds(sample.take(earlier), held, categories=categories, seed=seed)
    raw = np.asarray(trial.predict(held.matrix, raw_score=True))
    trained = booster.train(
        sample, iterations=trial.best_iteration, categories=categories, seed=seed
    )
    calibration = Calibration.fit(raw, held.failed.astype(float), weight=held.weight)
    return RiskModel(rows.features, encoder, trained, calibration, typical(rows))


def typical(rows: Rows) -> dict[str, float]:
    """Return the median of each number over the rows; columns without any value are left out."""
    told = np.asarray(~np.isnan(rows.numbers).all(axis=0))
    medians = np.nanmedian(rows.numbers[:, told], axis=0)
    names = [name for name, is_told in zip(rows.features.names, told, strict=False) if is_told]
    return {name: float(median) for name, median in zip(names, medians, strict=True)}


def weights(propensity: pd.Series) -> Numbers:
    """Return inverse-propensity weights of mean one, capped; a missing propensity weighs one.

    Only inspected lines have labels; weighing each by the inverse of its chance of being inspected
    makes them speak for all lines (Horvitz and Thompson 1952). The cap bounds the variance.
    """
    inverse = (1 / propensity.astype(float)).fillna(1.0).to_numpy()
    capped = np.minimum(inverse, WEIGHT_CAP * np.median(inverse))
    scaled: Numbers = capped / capped.mean()
    return scaled
