"""One label for one text: the most probable class of a classifier."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from models.text.answers import Labels
from models.text.classifier import Classifier, Mask
from models.text.prepared import Prepared


@dataclass(frozen=True)
class SingleLabel:
    """A classifier that answers in the words of ``MultiLabel``, always with one label."""

    classifier: Classifier

    def fit(self, X: Prepared, y: Sequence[Labels], *, own: Mask | None = None) -> Self:
        """Learn from texts and the one label of each; forgets an earlier fit."""
        self.classifier.fit(X, [label for (label,) in y], own=own)
        return self

    def answer(self, X: Prepared) -> tuple[list[Labels], list[tuple[float, ...]]]:
        """Return the label of each text, and how sure of it."""
        probabilities = self.classifier.predict_proba(X)
        names = self.classifier.classes_[probabilities.argmax(axis=1)]
        return [(str(name),) for name in names], [(float(p),) for p in probabilities.max(axis=1)]

    def save(self, directory: Path) -> None:
        """Write the classifier into a folder that exists."""
        self.classifier.save(directory)

    @property
    def version(self) -> str:
        """The classifier's version."""
        return self.classifier.version
