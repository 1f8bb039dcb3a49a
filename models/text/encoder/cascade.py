"""A cascade: the linear model answers where it is sure, the encoder where it is not.

The threshold passes on as few texts as the stated loss of accuracy allows, measured on held-out
training texts (Viola and Jones 2001 for the idea).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from models.text.classifier import Labels, Mask, MostProbable, Probabilities, Reading
from models.text.encoder.stacked import EncoderClassifier
from models.text.prepared import Prepared

LOSS = 0.005  # of accuracy against asking the encoder about every text
FILE = "cascade.json"


class CascadeClassifier(MostProbable):
    """Classes of texts by the linear model, and by the encoder below ``threshold_``.

    After a fit ``passed_`` is the share of held-out texts that went to the encoder.
    """

    def __init__(self, stacked: EncoderClassifier, *, loss: float = LOSS) -> None:
        self.stacked = stacked
        self.loss = loss

    def fit(self, X: Prepared, y: Sequence[str] | Labels, *, own: Mask | None = None) -> Self:
        """Learn both models and the threshold between them; forgets an earlier fit."""
        self.stacked.fit(X, y, own=own)
        self.classes_, truth = np.unique(np.asarray(y, dtype=str), return_inverse=True)
        rows = self.stacked.rows_
        quick = self.stacked.linear_.held_out_[rows]
        right, better = (
            told.argmax(axis=1) == truth[rows] for told in (quick, self.stacked.held_out_)
        )
        self.threshold_, self.passed_ = threshold(
            quick.max(axis=1), right=right, better=better, loss=self.loss
        )
        return self

    def predict_proba(self, X: Prepared) -> Probabilities:
        """Return probabilities, shape (texts, classes); no texts give no rows."""
        check_is_fitted(self, "threshold_")
        answers = self.stacked.linear_.predict_proba(X)
        unsure = np.flatnonzero(answers.max(axis=1, initial=0) < self.threshold_)
        if len(unsure):
            answers[unsure] = self.stacked.predict_proba(X.take(unsure))
        return answers

    def read(self, X: Prepared, *, limit: int) -> Reading:
        """Return probabilities, and for each text the words that moved its answer most."""
        check_is_fitted(self, "threshold_")
        answers, told = self.stacked.linear_.read(X, limit=limit)
        unsure = np.flatnonzero(answers.max(axis=1, initial=0) < self.threshold_)
        if len(unsure):
            answers[unsure], said = self.stacked.read(X.take(unsure), limit=limit)
            for row, own in zip(unsure, said, strict=True):
                told[row] = own
        return answers, told

    def save(self, directory: Path) -> None:
        """Write both models and the threshold into a folder that exists."""
        check_is_fitted(self, "threshold_")
        self.stacked.save(directory)
        kept = {"threshold": self.threshold_, "passed": self.passed_, "loss": self.loss}
        (directory / FILE).write_text(json.dumps(kept) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Return the classifier that ``save`` wrote."""
        kept = json.loads((directory / FILE).read_text(encoding="utf-8"))
        model = cls(EncoderClassifier.load(directory), loss=kept["loss"])
        model.classes_ = model.stacked.classes_
        model.threshold_, model.passed_ = kept["threshold"], kept["passed"]
        return model

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits of what was learned; equal content, equal version."""
        check_is_fitted(self, "threshold_")
        return f"{self.stacked.version[:8]}{np.float64(self.threshold_).tobytes().hex()[-8:]}"


def threshold(
    sure: NDArray[np.float64],
    *,
    right: NDArray[np.bool_],
    better: NDArray[np.bool_],
    loss: float,
) -> tuple[float, float]:
    """Return the sureness below which a text is passed on, and the share that is.

    sure: how sure the quick model is of held-out texts. right, better: which of them it and the
    slow model answer rightly. The fewest texts are passed on with which accuracy is at most
    ``loss`` below that of the slow model alone. Nothing is below 0, everything below infinity.
    """
    order = np.argsort(sure, kind="stable")
    passed = np.concatenate([[0], np.cumsum(better[order])])
    kept = right.sum() - np.concatenate([[0], np.cumsum(right[order])])
    enough = (passed + kept) / len(sure) >= better.mean() - loss
    fewest = int(np.argmax(enough))
    if fewest in (0, len(sure)):
        return (0.0, 0.0) if fewest == 0 else (float("inf"), 1.0)
    return float(sure[order[fewest]]), fewest / len(sure)
