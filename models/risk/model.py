"""The risk model: everything that turns a feature row into a calibrated likelihood."""

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import lightgbm as lgb
import numpy as np

from features.build import Rows
from features.feature_set import FeatureSet
from features.plans import Numbers
from models.risk import booster
from models.risk.calibrate import Calibration
from models.risk.contributions import Paths
from models.risk.grounds.ground import Grounds
from models.risk.interval import UNKNOWN, Doubt

BOOSTER = "booster_{}.txt"


@dataclass(frozen=True)
class RiskModel:
    """A trained model: features in, likelihood out. Artifacts are text; they carry no code.

    typical: the training median of each number, for reasons to compare with. doubt: how far a
    likelihood may be off, unknown of a model that was trained before this was learned.
    """

    features: FeatureSet
    boosters: list[lgb.Booster]
    calibration: Calibration
    typical: dict[str, float]
    doubt: Doubt = UNKNOWN

    def likelihood(self, rows: Rows) -> Numbers:
        """Return the calibrated probability that each line would fail an inspection."""
        return self.calibration.probability(self.scores(rows.numbers))

    def scores(self, matrix: Numbers) -> Numbers:
        """Return the boosters' mean raw scores, in log-odds before calibration."""
        return booster.scores(self.boosters, matrix)

    @cached_property
    def paths(self) -> Paths:
        """The trees prepared to explain a score; takes seconds, once."""
        return Paths.of(self.boosters)

    @cached_property
    def grounds(self) -> Grounds:
        """The features in groups that each speak of one thing, for reasons."""
        return Grounds.of(self.features)

    def warm(self) -> None:
        """Prepare now what explaining a score needs, so that no request waits for it."""
        _ = self.paths, self.grounds

    def gains(self) -> dict[str, float]:
        """Return what the boosters gained by each feature, for people to look at."""
        gains = np.mean([b.feature_importance("gain") for b in self.boosters], axis=0)
        return {name: float(g) for name, g in zip(self.features.names, gains, strict=True)}

    def save(self, directory: Path) -> None:
        """Write the model's files into a directory."""
        for number, each in enumerate(self.boosters):
            each.save_model(directory / BOOSTER.format(number))
        parts = {
            "features": self.features.to_json(),
            "boosters": len(self.boosters),
            "calibration": asdict(self.calibration),
            "typical": self.typical,
            "doubt": asdict(self.doubt),
        }
        (directory / "risk.json").write_text(json.dumps(parts, ensure_ascii=False, indent=1))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read a model; ``Invalid`` when it takes features that this version cannot compute."""
        parts = json.loads((directory / "risk.json").read_text())
        names = [directory / BOOSTER.format(number) for number in range(parts["boosters"])]
        return cls(
            features=FeatureSet.from_json(parts["features"]),
            boosters=[lgb.Booster(model_file=name) for name in names],
            calibration=Calibration(**parts["calibration"]),
            typical=parts["typical"],
            doubt=Doubt(**parts["doubt"]) if "doubt" in parts else UNKNOWN,
        )
