"""A linear text classifier: TF-IDF of characters and words, support vectors, calibrated.

Which n-grams, how strong, whether rare classes weigh more and whether terms are first weighed by
their log-count ratios (NBSVM: Wang and Manning 2012) is chosen by cross-validation on the training
texts. What is learned is a matrix, so a saved model carries no code.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import softmax
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.text import shares
from models.text.classifier import (
    FOLDS,
    Labels,
    Mask,
    MostProbable,
    Probabilities,
    Reading,
    Truth,
    calibrating,
    folds,
    stratified,
)
from models.text.mixing import Mix
from models.text.prepared import Prepared
from models.text.vocabulary import Matrix, Vocabulary

MOST_TRIED = 10_000  # texts on which recipes are compared
FILE = "linear.npz"
Learned = tuple[NDArray[np.float32], NDArray[np.float32]]  # weights (terms, classes), intercepts


class Recipe(NamedTuple):
    """How a model is fitted: the longest n-grams, the strength C, and two choices."""

    characters: int
    words: int
    strength: float
    balanced: bool
    ratios: bool


RECIPES = (
    Recipe(2, 1, 1.0, balanced=False, ratios=False),
    Recipe(2, 1, 0.5, balanced=True, ratios=False),
    Recipe(2, 1, 1.0, balanced=False, ratios=True),
    Recipe(3, 2, 0.3, balanced=False, ratios=False),
    Recipe(3, 2, 1.0, balanced=False, ratios=False),
    Recipe(3, 2, 0.5, balanced=True, ratios=False),
    Recipe(3, 2, 1.0, balanced=False, ratios=True),
)


def prepare(normal: Iterable[str]) -> Prepared:
    """Return what the classifier reads of normalised texts."""
    return Prepared.of(normal)


class LinearClassifier(MostProbable):
    """Classes of texts with calibrated probabilities and the words that spoke for them.

    The probabilities are calibrated on folds held out of the fit, so each class
    needs at least two texts. recipes: what is compared; a single one is taken as it is. After a
    fit ``held_out_`` has the probabilities of each training text by a model that did not see it.
    """

    def __init__(self, *, recipes: Sequence[Recipe] = RECIPES, seed: int = 0) -> None:
        self.recipes = recipes
        self.seed = seed

    def fit(self, X: Prepared, y: Sequence[str] | Labels, *, own: Mask | None = None) -> Self:
        """Learn from texts and their classes, as a ``Classifier`` does; forgets an earlier fit."""
        split = StratifiedKFold(folds(y, FOLDS), shuffle=True, random_state=self.seed)
        self.classes_, truth = np.unique(np.asarray(y, dtype=str), return_inverse=True)
        # More threads than one only wait for each other on matrices this sparse (15 times slower).
        with threadpool_limits(limits=1):
            self.recipe_ = self._choose(X, truth, split=split)
            self.vocabulary_ = _vocabulary(X, self.recipe_)
            weighed = self.vocabulary_.weigh(X.ngrams)
            held_out = _held_out(weighed, truth, recipe=self.recipe_, split=split)
            weights, intercepts = _fitted(weighed, truth, recipe=self.recipe_, seed=self.seed)
        rows = calibrating(own, np.arange(len(truth)))
        mix = Mix.fitted([held_out[rows]], truth[rows])
        sharp = mix.weights[0]
        intercepts = intercepts * sharp + mix.offsets
        self._learn((weights * sharp).astype(np.float32), intercepts.astype(np.float32))
        self.held_out_ = mix.probabilities([held_out])
        return self

    def predict_proba(self, X: Prepared) -> Probabilities:
        """Return probabilities, shape (texts, classes); no texts give no rows."""
        check_is_fitted(self, "weights_")
        return self._probabilities(self.vocabulary_.weigh(X.ngrams))

    def read(self, X: Prepared, *, limit: int) -> Reading:
        """Return probabilities, and for each text the words that moved its answer most."""
        check_is_fitted(self, "weights_")
        weighed = self.vocabulary_.weigh(X.ngrams)
        probabilities = self._probabilities(weighed)
        chosen = np.repeat(probabilities.argmax(axis=1), np.diff(weighed.indptr))
        moved = weighed.data * self._against_others(weighed.indices, chosen)
        words = shares.of_words(X.ngrams, self.vocabulary_, moved=moved)
        return probabilities, shares.strongest(X.ngrams, words, limit=limit)

    def save(self, directory: Path) -> None:
        """Write ``linear.npz`` into a folder that exists."""
        check_is_fitted(self, "weights_")
        np.savez(directory / FILE, allow_pickle=False, **self._arrays())

    @classmethod
    def load(cls, directory: Path, *, seed: int = 0) -> Self:
        """Return the classifier that ``save`` wrote; nothing in the file is executed."""
        with np.load(directory / FILE, allow_pickle=False) as kept:
            model = cls(seed=seed)
            model.classes_ = kept["classes"]
            model.vocabulary_ = Vocabulary.load(kept)
            model._learn(kept["weights"], kept["intercepts"])
        return model

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits of what was learned; equal content, equal version."""
        check_is_fitted(self, "weights_")
        learned = hashlib.sha256()
        for name, part in self._arrays().items():
            learned.update(name.encode() + np.ascontiguousarray(part).tobytes())
        return learned.hexdigest()[:16]

    def _learn(self, weights: NDArray[np.float32], intercepts: NDArray[np.float32]) -> None:
        self.weights_, self.intercepts_ = weights, intercepts
        self._totals = np.ascontiguousarray(weights).sum(axis=1)  # of each term, over the classes

    def _arrays(self) -> dict[str, NDArray[np.generic]]:
        return {
            "classes": self.classes_,
            **self.vocabulary_.arrays(),
            "weights": self.weights_,
            "intercepts": self.intercepts_,
        }

    def _probabilities(self, weighed: Matrix) -> Probabilities:
        return np.asarray(softmax(weighed @ self.weights_ + self.intercepts_, axis=1))

    def _against_others(self, terms: Truth, chosen: Truth) -> NDArray[np.float64]:
        """Return the weight of each term for a class, less its mean weight for the others."""
        own = self.weights_[terms, chosen]
        others = (self._totals[terms] - own) / (len(self.classes_) - 1)
        return np.asarray(own - others, dtype=np.float64)

    def _choose(self, X: Prepared, truth: Truth, *, split: StratifiedKFold) -> Recipe:
        """Return the recipe that does best on held-out folds, by accuracy and macro F1."""
        if len(self.recipes) == 1:
            return self.recipes[0]
        some = stratified(truth, MOST_TRIED, seed=self.seed)
        tried = X if len(some) == len(X) else X.take(some)
        scores = {
            recipe: _score(tried, truth[some], recipe=recipe, split=split)
            for recipe in self.recipes
        }
        return max(scores, key=scores.__getitem__)


def _score(X: Prepared, truth: Truth, *, recipe: Recipe, split: StratifiedKFold) -> float:
    weighed = _vocabulary(X, recipe).weigh(X.ngrams)
    predicted = _held_out(weighed, truth, recipe=recipe, split=split).argmax(axis=1)
    return float((predicted == truth).mean() + f1_score(truth, predicted, average="macro"))


def _vocabulary(X: Prepared, recipe: Recipe) -> Vocabulary:
    return Vocabulary.of(X.ngrams, characters=recipe.characters, words=recipe.words)


def _held_out(
    weighed: Matrix, truth: Truth, *, recipe: Recipe, split: StratifiedKFold
) -> Probabilities:
    """Return the logits of each text from a model that was not fitted on it."""
    logits = np.zeros((len(truth), truth.max() + 1))
    for fit, held in split.split(truth, truth):
        weights, intercepts = _fitted(
            weighed[fit], truth[fit], recipe=recipe, seed=split.random_state
        )
        logits[held] = weighed[held] @ weights + intercepts
    return logits


def _fitted(weighed: Matrix, truth: Truth, *, recipe: Recipe, seed: int) -> Learned:
    """Return weights and intercepts, one column per class; two classes mirror each other."""
    count = int(truth.max()) + 1
    if not recipe.ratios:
        return mirrored(*separated(weighed, truth, recipe=recipe, seed=seed))
    chosen = [1] if count == 2 else range(count)
    columns = [_by_ratio(weighed, truth == k, recipe=recipe, seed=seed) for k in chosen]
    weights, intercepts = zip(*columns, strict=True)
    return mirrored(np.stack(weights, axis=1), np.array(intercepts))


def _by_ratio(
    weighed: Matrix, positive: NDArray[np.bool_], *, recipe: Recipe, seed: int
) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the intercept of one class against all others."""
    ratios = _ratios(weighed, positive)
    scaled = (weighed @ sparse.diags(ratios)).tocsr()
    weights, intercepts = separated(scaled, positive, recipe=recipe, seed=seed)
    return ratios * weights[:, 0], float(intercepts[0])


def _ratios(weighed: Matrix, positive: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how much likelier each term is in the texts of a class, as a logarithm."""
    there = weighed.copy()
    there.data = np.ones_like(there.data)
    inside, outside = (
        1 + np.asarray(there[own].sum(axis=0)).ravel() for own in (positive, ~positive)
    )
    return np.asarray(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))


def separated(
    weighed: Matrix, truth: NDArray[np.generic], *, recipe: Recipe, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weights, shape (terms, classes), and intercepts; two classes have one column."""
    machine = LinearSVC(
        C=recipe.strength,
        class_weight="balanced" if recipe.balanced else None,
        tol=1e-3,
        max_iter=20_000,
        random_state=seed,
    ).fit(weighed, truth)
    return machine.coef_.T, machine.intercept_


def mirrored(weights: NDArray[np.float64], intercepts: NDArray[np.float64]) -> Learned:
    """Return one column per class; a single one is that of the second class of two."""
    if weights.shape[1] == 1:
        weights = np.hstack([-weights, weights]) / 2
        intercepts = np.array([-intercepts[0], intercepts[0]]) / 2
    return weights.astype(np.float32), intercepts.astype(np.float32)
