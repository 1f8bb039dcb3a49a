"""A linear text classifier: TF-IDF of characters and words, logistic regression, calibrated.

``prepare`` normalises and segments in our code; the artifact after it holds scikit-learn's classes
only, so a saved model carries no code of ours (guidelines, section 5).
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from features.errors import Invalid
from models.text.segment import words_of

Labels = NDArray[np.str_]
Prepared = NDArray[np.object_]  # one row per text: its normalised text, and its words with spaces
FOLDS = 3
MAXIMUM_TERMS = 100_000
MANY_ROWS = 100  # from here on a term must occur in two texts


def prepare(normal: Sequence[str]) -> Prepared:
    """Return what the classifier reads of normalised texts: shape (texts, 2)."""
    prepared: Prepared = np.empty((len(normal), 2), dtype=object)
    prepared[:, 0] = normal
    prepared[:, 1] = [" ".join(words) for words in words_of(normal)]
    return prepared


class LinearClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classes of texts with calibrated probabilities and the terms that spoke for them.

    ``X`` comes from ``prepare``. The probabilities are calibrated by temperature on folds held out
    of the fit (Guo et al. 2017), so each class needs at least two texts.
    """

    def __init__(self, *, strength: float = 100.0, seed: int = 0) -> None:
        self.strength = strength
        self.seed = seed

    def fit(self, X: Prepared, y: Sequence[str] | Labels) -> Self:
        """Learn from prepared texts and their classes; forgets an earlier fit."""
        folds = _folds(y)
        classes, terms = np.asarray(y, dtype=str), _terms(len(y))
        weighed = terms.fit_transform(X).tocsr()
        # Classes count the same in all, for the rare ones are the dangerous ones.
        logistic = LogisticRegression(
            C=self.strength, max_iter=500, class_weight="balanced", random_state=self.seed
        )
        # More threads than one only wait for each other on matrices this sparse (15 times slower).
        with threadpool_limits(limits=1):
            fitted = _calibrated(logistic, weighed, classes=classes, folds=folds)
        return self.restore(Pipeline([("terms", terms), ("classes", fitted)]))

    def restore(self, pipeline: Any) -> Self:
        """Take a fitted pipeline, as ``fit`` made it or as it was loaded."""
        self.pipeline_ = pipeline
        self.names_ = _names(pipeline)
        self.classes_ = pipeline.classes_
        return self

    def predict_proba(self, X: Prepared) -> NDArray[np.float64]:
        """Return probabilities, shape (texts, classes); an empty ``X`` gives no rows."""
        return self._probabilities(self._weigh(X))

    def predict(self, X: Prepared) -> NDArray[np.str_]:
        """Return the most probable class of each text."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def read(self, X: Prepared, *, terms: int) -> tuple[NDArray[np.float64], list[list[str]]]:
        """Return probabilities, and for each text the terms that spoke most for its class."""
        weighed = self._weigh(X)
        probabilities = self._probabilities(weighed)
        chosen = probabilities.argmax(axis=1)
        return probabilities, self._terms(weighed, chosen, limit=terms)

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits of what was learned; equal content, equal version."""
        check_is_fitted(self, "pipeline_")
        learned = hashlib.sha256("\n".join([*self.names_, *self.classes_]).encode())
        fitted = self.pipeline_[1]
        for part in (_weights(self.pipeline_), fitted.coef_, fitted.intercept_):
            learned.update(np.ascontiguousarray(part, dtype=np.float64).tobytes())
        return learned.hexdigest()[:16]

    def _weigh(self, X: Prepared) -> sparse.csr_matrix:
        check_is_fitted(self, "pipeline_")
        if not len(X):
            return sparse.csr_matrix((0, self._coefficients().shape[1]))
        return self.pipeline_[0].transform(X).tocsr()

    def _probabilities(self, weighed: sparse.csr_matrix) -> NDArray[np.float64]:
        if not weighed.shape[0]:
            return np.empty((0, len(self.classes_)))
        return np.asarray(self.pipeline_[1].predict_proba(weighed), dtype=np.float64)

    def _coefficients(self) -> NDArray[np.float64]:
        """Return one row of weights per class; two classes mirror each other."""
        rows = self.pipeline_[1].coef_
        return np.vstack([-rows, rows]) if len(rows) == 1 else np.asarray(rows)

    def _terms(
        self, weighed: sparse.csr_matrix, chosen: NDArray[np.intp], *, limit: int
    ) -> list[list[str]]:
        weights = self._coefficients()
        rows = (slice(a, b) for a, b in zip(weighed.indptr, weighed.indptr[1:], strict=False))
        return [
            _strongest(
                self.names_,
                weighed.indices[row],
                shares=weighed.data[row] * weights[k][weighed.indices[row]],
                limit=limit,
            )
            for row, k in zip(rows, chosen, strict=True)
        ]


def _names(pipeline: Any) -> NDArray[np.object_]:
    """Return the terms behind the columns, without the name of their vectoriser."""
    full = pipeline[0].get_feature_names_out()
    return np.array([name.partition("__")[2] for name in full], dtype=object)


def _weights(pipeline: Any) -> NDArray[np.float64]:
    """Return the inverse document frequencies of all terms."""
    parts = [pipeline[0].named_transformers_[name].idf_ for name in ("chars", "words")]
    return np.concatenate(parts)


def _strongest(
    names: NDArray[np.object_],
    columns: NDArray[np.intp],
    *,
    shares: NDArray[np.float64],
    limit: int,
) -> list[str]:
    """Return the names of the largest positive shares, the largest first."""
    order = np.lexsort((columns, -shares))[:limit]
    return [str(names[columns[i]]) for i in order if shares[i] > 0]


def _folds(y: Sequence[str] | Labels) -> int:
    """Return how many folds calibrate; ``Invalid`` when the classes cannot be told apart."""
    counts = Counter(map(str, y))
    if len(counts) < 2:
        raise Invalid(f"training has the classes {sorted(counts)}; give texts of at least two")
    rarest, rows = min(counts.items(), key=lambda pair: (pair[1], pair[0]))
    if rows < 2:
        raise Invalid(f"class {rarest!r} has one text only; give two or leave the class out")
    return min(FOLDS, rows)


def _terms(rows: int) -> ColumnTransformer:
    """Return the untrained weighing of characters and words."""
    options = {
        "sublinear_tf": True,
        "max_features": MAXIMUM_TERMS,
        "lowercase": False,
        "min_df": 2 if rows >= MANY_ROWS else 1,
    }
    chars = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), **options)
    words = TfidfVectorizer(token_pattern=r"[^ ]{2,}", **options)
    return ColumnTransformer([("chars", chars, 0), ("words", words, 1)])


def _calibrated(logistic: LogisticRegression, weighed: Any, *, classes: Labels, folds: int) -> Any:
    """Return the fitted regression, its weights divided by the temperature that held-out folds ask.

    Dividing the weights is the same as dividing the logits, and leaves a plain regression.
    """
    split = StratifiedKFold(folds, shuffle=True, random_state=logistic.random_state)
    logits = cross_val_predict(logistic, weighed, classes, cv=split, method="decision_function")
    logits = np.column_stack([-logits / 2, logits / 2]) if logits.ndim == 1 else logits
    truth = np.unique(classes, return_inverse=True)[1]
    fitted = logistic.fit(weighed, classes)
    sharpness = _sharpness(logits, truth)
    fitted.coef_, fitted.intercept_ = fitted.coef_ * sharpness, fitted.intercept_ * sharpness
    return fitted


def _sharpness(logits: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """Return what to multiply logits by for the least log loss, between 1/20 and 20."""

    def loss(logarithm: float) -> float:
        likely = log_softmax(logits * np.exp(logarithm), axis=1)
        return -float(likely[np.arange(len(truth)), truth].mean())

    found = minimize_scalar(loss, bounds=(-np.log(20), np.log(20)), method="bounded")
    return float(np.exp(found.x))
