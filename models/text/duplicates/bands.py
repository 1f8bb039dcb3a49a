"""Bands: which numbered texts share a key; sorted arrays, and a dictionary of the newest.

A key under which many stand already speaks of a common phrase, like a stop word, and takes no more.
The arrays take 12 bytes a key, a dictionary seven times as much; so only the newest stand in one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.text.duplicates.shingles import Keys

Ranges = NDArray[np.int64]
NEWEST = 50_000  # texts in the dictionary before it is sorted into the arrays
MOST = 32  # texts under one key


class Bands:
    """The keys of texts that are numbered from 0 in the order in which they are added."""

    def __init__(self) -> None:
        self._keys: Keys = np.empty(0, np.uint64)
        self._numbers: NDArray[np.int32] = np.empty(0, np.int32)
        self._newest: dict[int, list[int]] = {}
        self._added = 0

    def settle(self) -> None:
        """Sort the newest into the arrays once there are many; ``ranges`` told before are void."""
        if self._added < NEWEST:
            return
        counts = [len(numbers) for numbers in self._newest.values()]
        fresh = np.repeat(np.fromiter(self._newest, np.uint64, len(counts)), counts)
        told = np.concatenate([np.array(own, np.int32) for own in self._newest.values()])
        keys = np.concatenate([self._keys, fresh])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._numbers = np.concatenate([self._numbers, told])[order]
        self._newest, self._added = {}, 0

    def ranges(self, keys: Keys) -> Ranges:
        """Return where each key (n by bands) stands in the arrays: n by bands by first and last."""
        first = np.searchsorted(self._keys, keys)
        last = np.searchsorted(self._keys, keys, side="right")
        return np.stack([first, last], axis=-1)

    def sharing(self, keys: Sequence[int], ranges: Ranges) -> list[int]:
        """Return the numbers of texts that share a key, smallest first, each once."""
        found = {number for key in keys for number in self._newest.get(key, ())}
        for first, last in ranges[ranges[:, 0] < ranges[:, 1]]:
            found.update(self._numbers[first:last].tolist())
        return sorted(found)

    def add(self, keys: Sequence[int], ranges: Ranges, *, number: int) -> None:
        """Add a text under those of its keys that are not full."""
        settled = (ranges[:, 1] - ranges[:, 0]).tolist()
        for key, standing in zip(keys, settled, strict=True):
            newest = self._newest.setdefault(key, [])
            if standing + len(newest) < MOST:
                newest.append(number)
        self._added += 1
