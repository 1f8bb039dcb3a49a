"""Answers to labelled texts, beside the truth: one label for each text, or several.

With one label for each text accuracy and micro F1 are the same number. Macro F1 is the mean over
all labels that occur in the truth or in the answers, as scikit-learn's ``average="macro"`` is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.metrics import ece

Labels = tuple[str, ...]
LENGTHS = (20, 50, 100, 200, 500)  # characters at which a bucket ends
RIGHT, WRONG, MISSED = "right", "wrong", "missed"


@dataclass(frozen=True)
class Answers:
    """The labels of each text as they are and as they were answered, and how sure of each."""

    truth: Sequence[Labels]
    predicted: Sequence[Labels]
    sure: Sequence[tuple[float, ...]]

    @cached_property
    def exact(self) -> NDArray[np.bool_]:
        """Which texts were answered with all their labels and no other."""
        pairs = zip(self.truth, self.predicted, strict=True)
        return np.array([set(t) == set(p) for t, p in pairs], dtype=bool)

    @cached_property
    def given(self) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Of every label that was answered: whether it is right, and how sure it was."""
        pairs = zip(self.truth, self.predicted, strict=True)
        right = [label in truth for truth, predicted in pairs for label in predicted]
        return np.array(right, dtype=bool), np.array(list(chain(*self.sure)), dtype=float)

    @cached_property
    def f1(self) -> dict[str, float]:
        """The F1 of each label that occurs in the truth or in the answers."""
        outcomes = self._outcomes()
        return {label: _f1(c) for label, c in sorted(outcomes.items())}

    def metrics(self) -> dict[str, float]:
        """Return accuracy (all labels of a text right), F1 and calibration error."""
        total: Counter[str] = sum(self._outcomes().values(), Counter())
        return {
            "accuracy": float(self.exact.mean()) if len(self.exact) else np.nan,
            "macro_f1": float(np.mean(list(self.f1.values()))) if self.f1 else np.nan,
            "micro_f1": _f1(total) if total else np.nan,
            "ece": ece(*self.given),
        }

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> "Answers":
        """Return the answers to some texts."""
        return Answers(
            [self.truth[i] for i in rows],
            [self.predicted[i] for i in rows],
            [self.sure[i] for i in rows],
        )

    def worst(self, most: int) -> list[int]:
        """Return the wrong answers that were surest, the surest first, as rows."""
        sure = np.array([max(own, default=0.0) for own in self.sure])
        (wrong,) = np.nonzero(~self.exact)
        return [int(i) for i in wrong[np.argsort(-sure[wrong], kind="stable")][:most]]

    def _outcomes(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for truth, predicted in zip(self.truth, self.predicted, strict=True):
            for label in {*truth, *predicted}:
                found.setdefault(label, Counter())[_outcome(label, truth, predicted=predicted)] += 1
        return found


def _outcome(label: str, truth: Labels, *, predicted: Labels) -> str:
    if label not in predicted:
        return MISSED
    return RIGHT if label in truth else WRONG


def _f1(outcomes: Mapping[str, int]) -> float:
    twice = 2 * outcomes[RIGHT]
    return twice / (twice + outcomes[WRONG] + outcomes[MISSED])


def bucket(length: int) -> str:
    """Return the bucket of a text's length in characters; both ends belong to it.

    >>> bucket(20), bucket(21), bucket(501)
    ('0-20', '21-50', '501-')
    """
    ends = [end for end in LENGTHS if length > end]
    start = ends[-1] + 1 if ends else 0
    return f"{start}-{LENGTHS[len(ends)]}" if len(ends) < len(LENGTHS) else f"{start}-"


def slices(answers: Answers, by: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the metrics of each slice; ``by`` tells every text's slice, for each kind of slice."""
    found = []
    for kind, names in by.items():
        for name in sorted(set(names), key=_in_order):
            rows = [i for i, own in enumerate(names) if own == name]
            found.append(
                {"by": kind, "slice": name, "rows": len(rows), **answers.take(rows).metrics()}
            )
    return pd.DataFrame(found)


def _in_order(name: str) -> tuple[int, str]:
    """Return what sorts buckets by where they begin, and other names by themselves."""
    begin = name.partition("-")[0]
    return (int(begin) if begin.isdecimal() else 0, name)
