"""The encoder tuned to the classes, mixed with the stack of the frozen one.

A tenth of the texts is held out of the tuning and says how much each counts; so few texts cannot
weigh more than two models. What is tuned reads a text a second time.
"""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Self
from weakref import finalize

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import check_is_fitted

from features.errors import NotReady
from models.text import occlusion
from models.text.classifier import (
    Labels,
    Mask,
    MostProbable,
    Probabilities,
    Reading,
    Truth,
    stratified,
)
from models.text.encoder.head import Targets
from models.text.encoder.session import Encoder
from models.text.encoder.stacked import MOST_EMBEDDED, EncoderClassifier, logarithms
from models.text.mixing import Mix
from models.text.prepared import Prepared

HELD, FEWEST = 0.1, 100  # of the texts, and at least so many of them
FOLDER, MIX = "tuned", "tuned.npz"


class TunedClassifier(MostProbable):
    """Classes of texts by the stack and by an encoder whose upper layers were tuned to them."""

    def __init__(self, stacked: EncoderClassifier, *, seed: int = 0) -> None:
        self.stacked = stacked
        self.seed = seed

    def fit(self, X: Prepared, y: Sequence[str] | Labels, *, own: Mask | None = None) -> Self:
        """Learn from texts and their classes, as a ``Classifier`` does; forgets an earlier fit.

        ``NotReady`` where the packages or the network to tune are missing.
        """
        self.stacked.fit(X, y, own=own)
        self.classes_, truth = np.unique(np.asarray(y, dtype=str), return_inverse=True)
        held = self._held(len(self.stacked.rows_))
        judged = self.stacked.rows_[held]
        rows = np.setdiff1d(stratified(truth, MOST_EMBEDDED, seed=self.seed), judged)
        self._tune(X.take(rows), np.eye(len(self.classes_))[truth[rows]])
        views = self._views(self.stacked.held_out_[held], X.take(judged))
        self.mix_ = Mix.fitted(views, truth[judged])
        return self

    def predict_proba(self, X: Prepared) -> Probabilities:
        """Return probabilities, shape (texts, classes); no texts give no rows."""
        check_is_fitted(self, "mix_")
        return self.mix_.probabilities(self._views(self.stacked.predict_proba(X), X))

    def read(self, X: Prepared, *, limit: int) -> Reading:
        """Return probabilities, and for each text the words that moved its answer most."""
        return occlusion.read(self, X, limit=limit)

    def save(self, directory: Path) -> None:
        """Write both models and their weights into a folder that exists."""
        check_is_fitted(self, "mix_")
        self.stacked.save(directory)
        (directory / FOLDER).mkdir(exist_ok=True)
        self.tuned_.save(directory / FOLDER)
        self.mix_.save(directory / MIX)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Return the classifier that ``save`` wrote; nothing in its files is executed."""
        model = cls(EncoderClassifier.load(directory))
        model.classes_ = model.stacked.classes_
        model.tuned_ = Encoder.load(directory / FOLDER)
        model.mix_ = Mix.load(directory / MIX)
        return model

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits of what was learned; equal content, equal version."""
        check_is_fitted(self, "mix_")
        learned = f"{self.stacked.version}/{self.tuned_.version}/{self.mix_.digest}"
        return hashlib.sha256(learned.encode()).hexdigest()[:16]

    def _held(self, texts: int) -> Truth:
        """Return places among so many held-out texts of the stack that the tuning must not see."""
        most = min(max(FEWEST, round(HELD * texts)), texts // 2)
        held = train_test_split(np.arange(texts), test_size=most, random_state=self.seed)[1]
        return np.sort(held)

    def _tune(self, X: Prepared, targets: Targets) -> None:
        try:
            from models.text.encoder import tuning
        except ImportError as error:
            raise NotReady(f"tuning needs {error.name}; `make encoder` installs it") from None
        to, encoder = Path(mkdtemp()), self.stacked.encoder.directory
        finalize(self, shutil.rmtree, to, ignore_errors=True)  # goes when the classifier goes
        tuning.tune(encoder, X.texts, targets=targets, to=to, seed=self.seed)
        self.tuned_ = Encoder.load(to)

    def _views(self, stacked: Probabilities, X: Prepared) -> list[Probabilities]:
        return [logarithms(stacked), self.tuned_.embed(X.texts).astype(np.float64)]
