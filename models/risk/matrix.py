"""The risk matrix: likelihood and severity to a level, from a file that a risk manager can read."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import yaml

from features.errors import Invalid
from features.plans import Numbers
from features.reasons import RiskLevel

FOLDER = Path(__file__).parent / "matrices"
RANK = {"low": 0, "medium": 1, "high": 2, "serious": 3}


@dataclass(frozen=True)
class Matrix:
    """Bounds from the highest down, and for each the level of every severity (1 to 4)."""

    name: str
    version: str  # a hash of the file, written into every decision
    bounds: tuple[float, ...]
    levels: tuple[tuple[RiskLevel, ...], ...]

    def level(self, likelihood: Numbers, severity: npt.NDArray[np.int64]) -> list[RiskLevel]:
        """Return the level of each line. A likelihood on a bound belongs to the row below it."""
        rows = np.searchsorted(-np.array(self.bounds), -likelihood, side="right")
        rows = np.minimum(rows, len(self.bounds) - 1)
        return [self.levels[row][s - 1] for row, s in zip(rows, severity, strict=True)]


def load(name: str = "port", *, folder: Path = FOLDER) -> Matrix:
    """Read a matrix by name, or an agency's own by the path of its YAML file.

    ``Invalid`` says which row breaks which rule.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else folder / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yaml")))
        raise Invalid(f"no risk matrix {name!r}; there are {known}, or give a YAML file")
    text = path.read_bytes()
    try:
        plain = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Invalid(f"{path}: this is no YAML: {error}") from None
    return _checked(plain, hashlib.sha256(text).hexdigest()[:12], path=path)


def _checked(plain: Any, version: str, *, path: Path) -> Matrix:
    try:
        bounds = tuple(float(row["above"]) for row in plain["levels"])
        levels = tuple(tuple(row["levels"]) for row in plain["levels"])
        name = str(plain["name"])
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"{path}: every row needs `above` and four `levels` ({error!r})") from None
    for row in levels:
        if len(row) != 4 or not all(level in get_args(RiskLevel) for level in row):
            raise Invalid(f"{path}: {row} must be four of {', '.join(get_args(RiskLevel))}")
    if not bounds:
        raise Invalid(f"{path}: `levels` has no row; give at least one, `above` 0")
    if list(bounds) != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
        raise Invalid(f"{path}: `above` must fall from row to row and end at 0, got {bounds}")
    _check_order(levels, path)
    return Matrix(name, version, bounds, levels)


def _check_order(levels: tuple[tuple[RiskLevel, ...], ...], path: Path) -> None:
    ranks = np.array([[RANK[level] for level in row] for row in levels])
    if (np.diff(ranks, axis=1) < 0).any():
        raise Invalid(f"{path}: a higher severity must never have a lower level")
    if (np.diff(ranks, axis=0) > 0).any():
        raise Invalid(f"{path}: a higher likelihood must never have a lower level")
