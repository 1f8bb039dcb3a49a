"""Prepared texts: what every classifier takes; what is worked out once is shared by all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.text.ngrams import Ngrams


@dataclass(frozen=True, eq=False)
class Prepared:
    """Normalised texts in order; an empty text is allowed."""

    texts: tuple[str, ...]

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
        return Prepared(tuple(self.texts[i] for i in _numbers(rows)))


def _numbers(rows: NDArray[np.bool_] | NDArray[np.intp] | Sequence[int]) -> NDArray[np.intp]:
    chosen = np.asarray(rows)
    return np.flatnonzero(chosen) if chosen.dtype == bool else chosen.astype(np.intp)
