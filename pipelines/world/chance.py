"""Independent streams of chance, each named, so that one part never disturbs another."""

from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Strings = npt.NDArray[np.object_]
Chance = np.random.Generator


def stream(seed: int, name: str, *, part: int = 0) -> Chance:
    """Return the generator of one named part of the world."""
    return np.random.default_rng([seed, crc32(name.encode()), part])


def uniforms(rng: Chance) -> Iterator[float]:
    """Yield uniform numbers in [0, 1) one by one, drawn in blocks."""
    while True:
        yield from rng.random(8192).tolist()


def pick(rng: Chance, weights: Sequence[float] | Floats, *, size: int) -> Ints:
    """Return ``size`` indices drawn in proportion to weights."""
    total = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn: Ints = np.searchsorted(total, rng.random(size) * total[-1], side="right")
    return drawn


def pick_each(rng: Chance, rows: Floats) -> Ints:
    """Return one index for each row of a (rows, choices) matrix of weights."""
    total = np.cumsum(rows, axis=1)
    drawn = rng.random(len(rows)) * total[:, -1]
    first: Ints = (total > drawn[:, None]).argmax(axis=1)
    return first


def logistic(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x))."""
    result: Floats = 1.0 / (1.0 + np.exp(-x))
    return result


def logit(p: Floats) -> Floats:
    """Return log(p / (1 - p))."""
    result: Floats = np.log(p / (1.0 - p))
    return result
