"""Conditions: all splits of many trees asked of one row at once.

Each is put so that what is missing does not meet it: a numeric split whose missing values go left
is asked as ``x > threshold``, one whose missing values go right as ``x <= threshold``, and NaN
fails every comparison. A category that no split names, a negative one and NaN meet no set.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from features.plans import Numbers

Bits = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
KINDS = ("above", "at most", "one of")
ENDLESS = 1e300  # how ``dump_model`` writes infinity: the split of a number from none
ZERO = float(np.float32(1e-35))  # what LightGBM takes for zero, either side


class Condition(NamedTuple):
    """What a split asks of one feature."""

    kind: str  # one of KINDS
    feature: int
    threshold: float = 0.0
    zero_is_missing: bool = False
    categories: tuple[int, ...] = ()


def condition(node: dict[str, Any]) -> tuple[Condition, bool]:
    """Return what a split of ``Booster.dump_model`` asks, and whether who meets it goes left."""
    feature = int(node["split_feature"])
    if node["decision_type"] == "==":
        codes = tuple(sorted(int(code) for code in str(node["threshold"]).split("||")))
        return Condition("one of", feature, categories=codes), True
    told = float(node["threshold"])
    threshold = told if told < ENDLESS else np.inf
    # Where nothing was missing in training, LightGBM takes NaN for zero.
    unknown = node["missing_type"] == "None"
    missing_is_left = threshold >= 0 if unknown else bool(node["default_left"])
    kind = "above" if missing_is_left else "at most"
    return Condition(kind, feature, threshold, node["missing_type"] == "Zero"), not missing_is_left


@dataclass(frozen=True)
class Conditions:
    """C distinct conditions: those above, then those at most, then sets, then one never met."""

    place: dict[Condition, int]
    above: int  # how many are of the first kind
    column: Places  # of each numeric one; beyond the row's width where zero is missing
    threshold: Numbers
    coded: Places  # the columns with categories
    code: Places  # for each set, which of the coded columns it asks
    named: Bits  # for each set, which codes it has; the last code stands for all others
    start: Places  # where each set begins in these

    @classmethod
    def of(cls, asked: set[Condition], *, width: int) -> Self:
        """Prepare conditions on rows of some width."""
        order = sorted(asked, key=lambda c: (KINDS.index(c.kind), c))
        numeric = [c for c in order if c.kind != "one of"]
        sets = [c for c in order if c.kind == "one of"]
        coded = sorted({c.feature for c in sets})
        named = np.zeros((len(sets), 2 + max((c.categories[-1] for c in sets), default=0)), bool)
        for row, c in zip(named, sets, strict=True):
            row[list(c.categories)] = True
        return cls(
            place={c: place for place, c in enumerate(order)},
            above=sum(c.kind == "above" for c in order),
            column=np.array([c.feature + width * c.zero_is_missing for c in numeric], np.int64),
            threshold=np.array([c.threshold for c in numeric]),
            coded=np.array(coded, np.int64),
            code=np.array([coded.index(c.feature) for c in sets], np.int64),
            named=named.ravel(),
            start=np.arange(len(sets)) * named.shape[1],
        )

    @property
    def never(self) -> int:
        """Return the place of the condition that no row meets."""
        return len(self.place)

    def met(self, row: Numbers) -> Bits:
        """Return which conditions a row (width,) meets: (C + 1,)."""
        met = np.zeros(self.never + 1, bool)
        told = np.concatenate([row, np.where(np.abs(row) <= ZERO, np.nan, row)])
        values, some, numeric = told.take(self.column), self.above, len(self.column)
        np.greater(values[:some], self.threshold[:some], out=met[:some])
        np.less_equal(values[some:], self.threshold[some:], out=met[some:numeric])
        met[numeric:-1] = self.named.take(self.start + self._codes(row).take(self.code))
        return met

    def _codes(self, row: Numbers) -> Places:
        """Return the code of each coded column, the last for a value that no set can have."""
        other = len(self.named) // max(1, len(self.start)) - 1
        told = np.trunc(row.take(self.coded))
        return np.where((told >= 0) & (told < other), told, other).astype(np.int64)
