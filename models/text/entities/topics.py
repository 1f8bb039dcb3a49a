"""What kinds of names a text is likely to hold, from all its words: 玩家 speaks for a game.

A field sees a few characters around each place; this tells it of the rest. One logistic regression
for each kind, on words and pairs of characters; kept as plain arrays.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from models.text import segment
from models.text.entities.spans import Sentence

STEPS = (0.05, 0.2, 0.5, 0.8)  # between the levels that a field is told
STRENGTH, ROUNDS = 4.0, 200


@dataclass(frozen=True)
class Topics:
    """Fitted weights: terms × labels; no label means that nothing could be learned."""

    labels: tuple[str, ...]
    terms: dict[str, int]
    rarity: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> "Topics":
        """Return the weights fitted on sentences; labels that all or none hold are left out."""
        held = [{one.label for one in sentence.named} for sentence in sentences]
        counts = Counter(label for labels in held for label in labels)
        labels = tuple(sorted(label for label, n in counts.items() if 1 < n < len(held) - 1))
        reader = TfidfVectorizer(analyzer=terms, sublinear_tf=True, min_df=2)
        if not labels or len(sentences) < 2 * len(STEPS):
            return cls((), {}, np.zeros(0), np.zeros((0, 0)), np.zeros(0))
        rows = reader.fit_transform([sentence.text for sentence in sentences])
        fitted = [
            LogisticRegression(C=STRENGTH, max_iter=ROUNDS).fit(rows, [one in h for h in held])
            for one in labels
        ]
        return cls(
            labels,
            {term: int(i) for term, i in reader.vocabulary_.items()},
            np.asarray(reader.idf_, float),
            np.stack([each.coef_[0] for each in fitted], axis=1),
            np.array([each.intercept_[0] for each in fitted]),
        )

    def levels(self, text: str) -> list[str]:
        """Return a sign for each label: how likely the text holds one, in five steps."""
        if not self.labels:
            return []
        counts = Counter(self.terms[term] for term in terms(text) if term in self.terms)
        places = np.fromiter(counts, dtype=np.intp, count=len(counts))
        weighed = (1 + np.log([*counts.values()])) * self.rarity[places]
        norm = float(np.sqrt(weighed @ weighed)) or 1.0
        odds = (weighed / norm) @ self.weights[places] + self.bias
        steps = np.digitize(1 / (1 + np.exp(-odds)), STEPS)
        return [f"T{label}{step}" for label, step in zip(self.labels, steps, strict=True)]


def terms(text: str) -> list[str]:
    """Return the words and the pairs of characters of a text."""
    return [*segment.pieces(text), *(text[i : i + 2] for i in range(len(text) - 1))]
