"""A conditional random field over tags: the one place that knows CRFsuite.

A trained field is bytes in CRFsuite's own format, without code. What it answers are marginal
probabilities, place by place; ``decode`` makes stretches of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pycrfsuite
from numpy.typing import NDArray

Signs = list[list[str]]  # for each place in a text, what is seen there


@dataclass(frozen=True)
class Field:
    """A trained field."""

    content: bytes

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The tags it knows, in the order of its answers."""
        return tuple(self._tagger.labels())

    def marginals(self, signs: Signs) -> NDArray[np.float64]:
        """Return the probability of every tag at every place: (places, tags)."""
        tagger = self._tagger
        tagger.set(signs)
        rows = [[tagger.marginal(tag, i) for tag in self.labels] for i in range(len(signs))]
        return np.array(rows).reshape(len(signs), len(self.labels))

    @cached_property
    def _tagger(self) -> pycrfsuite.Tagger:
        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(self.content)
        return tagger


class Training:
    """Texts and their tags, gathered one by one, of which a field is fitted.

    CRFsuite keeps them as numbers, so that signs of many texts need not be held at once.
    """

    def __init__(self, settings: Mapping[str, float]) -> None:
        self._trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        self._trainer.set_params(dict(settings))

    def add(self, signs: Signs, tags: Sequence[str]) -> None:
        """Take one text, a tag for each of its places."""
        self._trainer.append(signs, tags)

    def field(self) -> Field:
        """Return a field fitted by L-BFGS with L1 and L2 penalties."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "field"
            self._trainer.train(str(path))
            return Field(path.read_bytes())
