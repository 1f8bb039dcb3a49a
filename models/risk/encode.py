"""Encode: the matrix a booster takes, from numbers and learned codes of categories."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

import numpy as np

from features.build import Rows
from features.plans import Numbers

MIN_ROWS = 20  # a category seen less often in training is treated like one never seen


@dataclass(frozen=True)
class Encoder:
    """The code of each category by column; what is rare or unseen is missing (NaN)."""

    levels: dict[str, dict[str, int]]

    @classmethod
    def fit(cls, rows: Rows) -> Self:
        """Learn the categories of the training rows, the most frequent first."""
        return cls({name: _levels(values) for name, values in rows.categories.items()})

    def matrix(self, rows: Rows) -> Numbers:
        """Return (q, numbers + categories), in the order of the feature set's names."""
        columns = [_codes(self.levels[name], rows.categories[name]) for name in self.levels]
        return np.column_stack([rows.numbers, *columns])


def _levels(values: list[object]) -> dict[str, int]:
    counts = Counter(str(v) for v in values if v is not None)
    frequent = sorted((v for v in counts if counts[v] >= MIN_ROWS), key=lambda v: (-counts[v], v))
    return {value: code for code, value in enumerate(frequent)}


def _codes(levels: dict[str, int], values: list[object]) -> Numbers:
    codes = [np.nan if v is None else levels.get(str(v), np.nan) for v in values]
    return np.array(codes, dtype=float)
