"""Targets: each label, and each part of labels that several columns made.

A label such as ``brakes|angry`` is rare where its parts are not, so the parts are learned as well
and speak for every label that has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.text.answers import Labels
from models.text.classifier import Probabilities

JOINT = "|"  # between the parts of a label that several columns make
Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Targets:
    """What is learned of some labels: a view of the labels themselves, and one of each part."""

    labels: tuple[str, ...]

    @cached_property
    def views(self) -> list[tuple[str, ...]]:
        """What each view says of each label; parts only where all labels have as many, over one.

        >>> Targets(("brakes|angry", "price|angry")).views[1:]
        [('brakes', 'price'), ('angry', 'angry')]
        """
        parts = [label.split(JOINT) for label in self.labels]
        if len({len(own) for own in parts}) > 1 or len(parts[0]) == 1:
            return [self.labels]
        return [self.labels, *zip(*parts, strict=True)]

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """The column of each label's target in each view, shape (views, labels)."""
        column = {target: i for i, target in enumerate(self._targets)}
        return np.array([[column[pair] for pair in own] for own in self._pairs], dtype=np.intp)

    def matrix(self, y: Sequence[Labels]) -> Truth:
        """Return which text has which target, shape (texts, targets); the labels come first."""
        number = {label: i for i, label in enumerate(self.labels)}
        found = np.zeros((len(y), len(self._targets)), dtype=bool)
        for row, own in enumerate(y):
            found[row, self.places[:, [number[label] for label in own]].ravel()] = True
        return found

    def seen(self, scores: Probabilities) -> Probabilities:
        """Return the targets' scores, view by view, shape (views, texts, labels)."""
        return np.moveaxis(scores[:, self.places], 1, 0)

    @property
    def _pairs(self) -> list[list[tuple[int, str]]]:
        return [[(view, part) for part in own] for view, own in enumerate(self.views)]

    @property
    def _targets(self) -> list[tuple[int, str]]:
        return list(dict.fromkeys(pair for own in self._pairs for pair in own))
