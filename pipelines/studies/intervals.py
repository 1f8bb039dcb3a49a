"""Intervals beside the truth: how often they hold a line's true chance, and how wide they are.

Asked of all lines of a month, inspected or not, and of goods of which few inspections were known
apart from the rest. Widths of the two are compared at one likelihood, since a larger one always has
a wider interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.build import Rows
from features.plans import Numbers
from models.risk import interval
from models.risk.model import RiskModel

COMPARED = 0.1  # the likelihood at which widths are compared


@dataclass(frozen=True)
class Around:
    """What n intervals did: whether each held the truth, how wide it is, also at one likelihood."""

    held: Numbers
    width: Numbers
    compared: Numbers
    known: Numbers


def around(model: RiskModel, rows: Rows, *, likelihood: Numbers, truth: Numbers) -> Around:
    """Return what the intervals of lines did; truth: the chance of failing of each."""
    known = interval.known(rows)
    low, high = model.doubt.ends(likelihood, known)
    below, above = model.doubt.ends(np.full(len(likelihood), COMPARED), known)
    held = ((low <= truth) & (truth <= high)).astype(float)
    return Around(held, high - low, above - below, known)


def honesty(months: Sequence[Around]) -> dict[str, float]:
    """Return coverage and mean width over all lines, and of thinly known goods and the rest."""
    told = Around(*(np.concatenate(part) for part in zip(*map(_parts, months), strict=True)))
    thin = told.known < interval.THIN
    groups = {"thin": thin, "thick": ~thin}
    return {
        "interval_coverage": float(told.held.mean()),
        "interval_width": float(told.width.mean()),
        **{f"interval_coverage_{n}": _mean(told.held[g]) for n, g in groups.items()},
        **{f"interval_width_{n}": _mean(told.compared[g]) for n, g in groups.items()},
    }


def _parts(month: Around) -> tuple[Numbers, ...]:
    return month.held, month.width, month.compared, month.known


def _mean(values: Numbers) -> float:
    return float(values.mean()) if len(values) else float("nan")
