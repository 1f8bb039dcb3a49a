"""One against the rest: a linear machine for each target, on the n-grams of all of them."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.text.classifier import FOLDS, Probabilities
from models.text.linear import Recipe, separated
from models.text.multilabel.targets import Truth
from models.text.prepared import Prepared
from models.text.vocabulary import Matrix, Vocabulary

RECIPE = Recipe(3, 2, 0.3, balanced=False, ratios=False)
FEWEST = 2  # texts with a target, and without it, below which nothing is learned of it
Learned = tuple[NDArray[np.float32], NDArray[np.float32]]  # weights (terms, targets), intercepts


@dataclass(frozen=True, eq=False)
class OneVsRest:
    """What was learned: a vocabulary, weights (terms, targets) and intercepts."""

    vocabulary: Vocabulary
    weights: NDArray[np.float32] = field(repr=False)
    intercepts: NDArray[np.float32] = field(repr=False)

    @classmethod
    def fitted(cls, X: Prepared, targets: Truth, *, seed: int) -> tuple[Self, Probabilities]:
        """Return the machines, and the scores of each text by machines that did not see it."""
        vocabulary = Vocabulary.of(X.ngrams, characters=RECIPE.characters, words=RECIPE.words)
        weighed = vocabulary.weigh(X.ngrams)
        with threadpool_limits(limits=1):
            held_out = _held_out(weighed, targets, seed=seed)
            return cls(vocabulary, *_learned(weighed, targets, seed=seed)), held_out

    def scores(self, X: Prepared) -> Probabilities:
        """Return the distance of each text from each target's border, shape (texts, targets)."""
        return np.asarray(self.vocabulary.weigh(X.ngrams) @ self.weights + self.intercepts)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what is kept of the machines."""
        learned = {"weights": self.weights, "intercepts": self.intercepts}
        return {**self.vocabulary.arrays(), **learned}

    @classmethod
    def load(cls, kept: dict[str, NDArray[Any]]) -> Self:
        """Return the machines that ``arrays`` told of."""
        return cls(Vocabulary.load(kept), kept["weights"], kept["intercepts"])


def _held_out(weighed: Matrix, targets: Truth, *, seed: int) -> Probabilities:
    scores = np.zeros(targets.shape)
    folds = min(FOLDS, len(targets))
    for fit, held in KFold(folds, shuffle=True, random_state=seed).split(targets):
        weights, intercepts = _learned(weighed[fit], targets[fit], seed=seed)
        scores[held] = weighed[held] @ weights + intercepts
    return scores


def _learned(weighed: Matrix, targets: Truth, *, seed: int) -> Learned:
    columns = [_column(weighed, own, seed=seed) for own in targets.T]
    weights, intercepts = zip(*columns, strict=True)
    return np.stack(weights, axis=1).astype(np.float32), np.array(intercepts, dtype=np.float32)


def _column(weighed: Matrix, own: Truth, *, seed: int) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the intercept of one target; only a side where one has too few."""
    if min(own.sum(), (~own).sum()) < FEWEST:
        return np.zeros(weighed.shape[1]), 1.0 if own.sum() >= FEWEST else -1.0
    weights, intercepts = separated(weighed, own, recipe=RECIPE, seed=seed)
    return weights[:, 0], float(intercepts[0])
