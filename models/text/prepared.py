"""Prepared texts: what every classifier takes; what is worked out once is shared by all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.text.ngrams import Ngrams

Features = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Normalised texts in order; an empty text is allowed.

    features: what encoders made of the texts, kept so that several tasks share it.
    """

    texts: tuple[str, ...]
    features: dict[str, Features] = field(default_factory=dict, repr=False)  # by encoder's version

    @classmethod
    def of(cls, normal: Iterable[str]) -> Self:
        """Return normalised texts, prepared."""
        return cls(tuple(normal))

    @cached_property
    def ngrams(self) -> Ngrams:
        """The n-grams of the texts, made when they are first asked for."""
        return Ngrams.of(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp] | Sequence[int]) -> "Prepared":
        """Return the texts at some rows, by mask or by number."""
        chosen = _numbers(rows)
        features = {version: own[chosen] for version, own in self.features.items()}
        return Prepared(tuple(self.texts[i] for i in chosen), features)


def _numbers(rows: NDArray[np.bool_] | NDArray[np.intp] | Sequence[int]) -> NDArray[np.intp]:
    chosen = np.asarray(rows)
    return np.flatnonzero(chosen) if chosen.dtype == bool else chosen.astype(np.intp)
