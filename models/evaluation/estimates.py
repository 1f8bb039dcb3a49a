"""Estimates: the share of failures among all declared lines, said naively and said honestly."""

import numpy as np
import pandas as pd

from features.plans import Numbers
from models.evaluation.selection import ESTIMATORS, Chosen, Lines
from models.metrics import ranked

CAPACITY = (0.05, 0.1)
ALL = "all lines"


def questions(likelihood: Numbers) -> dict[str, Chosen]:
    """Return the groups of lines whose share of failures is asked, by what was believed of them."""
    ranks = np.empty(len(likelihood))
    ranks[ranked(likelihood)] = np.arange(len(likelihood)) / len(likelihood)
    top = {f"top {share:.0%}": ranks < share for share in CAPACITY}
    return {ALL: ranks >= 0, **top, "lower half": ranks >= 0.5}


def estimates(lines: Lines) -> pd.DataFrame:
    """Return a row for each question and estimator: ``value``, ``low`` and ``high``.

    Beside them how many ``lines`` the group has, how many were ``inspected`` and what was ``said``
    of them on average. What no inspected line tells is missing.
    """
    return pd.DataFrame(
        [
            {
                "question": question,
                "lines": len(asked),
                "inspected": int(asked.inspected.sum()),
                "said": float(asked.likelihood.mean()) if len(asked) else np.nan,
                "estimator": name,
                **vars(estimator(asked)),
            }
            for question, group in questions(lines.likelihood).items()
            for asked in (lines.take(group),)
            for name, estimator in ESTIMATORS.items()
        ]
    )
