"""From tag probabilities to the best sequence of tags, and how sure each stretch is.

A field is sure of "outside" more often than it should be, so its share of the odds is discounted:
that finds more of what is there for a few more mistakes, and the balance is better.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.text.entities.spans import OUTSIDE

LEAST = 1e-6
NEVER = -1e9


def best(
    marginals: NDArray[np.float64], labels: Sequence[str], *, discount: float
) -> NDArray[np.intp]:
    """Return the most probable sequence of BIO tags, by index, that is one.

    ``discount`` is taken off the log-odds of being outside.
    """
    scores = np.log(marginals + LEAST)
    scores[:, labels.index(OUTSIDE)] -= discount
    follows, begins = _grammar(labels)
    total, came = scores[0] + begins, []
    for row in scores[1:]:
        through = total[:, None] + follows
        came.append(through.argmax(axis=0))
        total = through.max(axis=0) + row
    path = [int(total.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return np.array(path[::-1], dtype=np.intp)


def _grammar(labels: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what may follow what, and what may begin: an inner tag needs its own before it."""
    inner = np.array([label.startswith("I-") for label in labels])
    kinds = np.array([label[2:] for label in labels])
    allowed = ~inner[None, :] | (kinds[:, None] == kinds[None, :])
    return np.where(allowed, 0.0, NEVER), np.where(inner, NEVER, 0.0)


def sureness(
    marginals: NDArray[np.float64], path: NDArray[np.intp], *, start: int, end: int
) -> float:
    """Return how sure a stretch is: the least probable of its tags."""
    return float(marginals[np.arange(start, end), path[start:end]].min())
