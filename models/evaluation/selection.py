"""Selective labels: what all lines would have shown, from the few that were inspected.

Only inspected lines have outcomes, and they were inspected because they looked bad; so the share of
failures among them says little of all lines. Each inspected line was drawn with a known chance: by
that chance it speaks for others like it (inverse propensity), and the model's likelihood speaks for
the rest (doubly robust). The likelihood may be wrong, the interval holds where the chances are
right.

The population is fixed: every line declared in the window, each of which would fail or not. What is
random is which were drawn, independently of each other.

The same estimators tell what a policy that was never run would have found: it takes each line with
a chance of its own (``models.evaluation.off_policy``). Sources: Horvitz and Thompson 1952; Hájek
1971; Cassel, Särndal and Wretman 1976 (the difference estimator); Robins, Rotnitzky and Zhao 1994.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from features.errors import Invalid
from features.plans import Numbers
from models.evaluation.ratios import UNKNOWN, Interval, quantile

Chosen = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Lines:
    """n declared lines of a window, inspected or not.

    likelihood: what was believed before. inspected: whether the outcome is known. failed: 0 or 1,
    missing where it is not. propensity: the chance of being inspected, needed only of those that
    were. most: what a line can show at most; where ``failed`` is an amount, such as a harm,
    ``likelihood`` is the amount that was expected.
    """

    likelihood: Numbers
    inspected: Chosen
    failed: Numbers
    propensity: Numbers
    most: float = 1.0

    def __post_init__(self) -> None:
        """Refuse an inspected line whose chance is not known."""
        told = self.propensity[self.inspected]
        wrong = ~((told > 0) & (told <= 1))
        if wrong.any():
            raise Invalid(
                f"{wrong.sum()} of {len(told)} inspected lines have no propensity between 0 and 1; "
                "estimates over all lines need the chance of each inspection"
            )

    def __len__(self) -> int:
        return len(self.likelihood)

    def take(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> "Lines":
        """Return some of the lines, chosen by what was known before any was inspected."""
        return replace(
            self,
            likelihood=self.likelihood[rows],
            inspected=self.inspected[rows],
            failed=self.failed[rows],
            propensity=self.propensity[rows],
        )


def naive(lines: Lines, taken: Numbers | None = None) -> Interval:
    """Return the share of failures among the inspected, as if they were all lines.

    taken: here and below, the chance with which a policy would take each line; all are without it.
    The answer is then the share among those that it takes. Unknown where no inspection tells it.
    """
    seen = _seen(lines, taken)
    if seen is None:
        return UNKNOWN
    share = float(np.average(seen.failed, weights=seen.taken))
    strays = float(((seen.taken * (seen.failed - share)) ** 2).sum()) / seen.taken.sum() ** 2
    return _around(share, np.full(len(seen.failed), strays / len(seen.failed)), most=lines.most)


def weighted(lines: Lines, taken: Numbers | None = None) -> Interval:
    """Return the share of failures by inverse propensity, its weights adding up to all lines."""
    seen = _seen(lines, taken)
    if seen is None:
        return UNKNOWN
    share = float(np.average(seen.failed, weights=seen.weight))
    strays = (1 - seen.chance) * (seen.weight * (seen.failed - share) / seen.weight.sum()) ** 2
    return _around(share, strays, most=lines.most)


def horvitz_thompson(lines: Lines, taken: Numbers | None = None) -> Interval:
    """Return the share of failures by inverse propensity, divided by how many lines there are."""
    seen = _seen(lines, taken)
    if seen is None:
        return UNKNOWN
    parts = seen.weight * seen.failed / seen.whole
    return _around(float(parts.sum()), (1 - seen.chance) * parts**2, most=lines.most)


def doubly_robust(lines: Lines, taken: Numbers | None = None) -> Interval:
    """Return the mean likelihood of all lines, corrected by what the inspected ones showed."""
    seen = _seen(lines, taken)
    if seen is None:
        return UNKNOWN
    missed = seen.weight * (seen.failed - seen.likelihood) / seen.whole
    said = float(np.average(lines.likelihood, weights=taken))
    return _around(said + float(missed.sum()), (1 - seen.chance) * missed**2, most=lines.most)


@dataclass(frozen=True)
class _Seen:
    """The inspected lines that a policy may take; whole: how many lines it takes in all."""

    likelihood: Numbers
    failed: Numbers
    chance: Numbers
    taken: Numbers
    whole: float

    @property
    def weight(self) -> Numbers:
        """How many of the lines that the policy takes each stands for."""
        return self.taken / self.chance


def _seen(lines: Lines, taken: Numbers | None) -> _Seen | None:
    """Return the inspected lines that may be taken; nothing where there is none."""
    chance = np.ones(len(lines)) if taken is None else taken
    rows = lines.inspected & (chance > 0)
    if not rows.any():
        return None
    return _Seen(
        lines.likelihood[rows],
        lines.failed[rows],
        lines.propensity[rows],
        chance[rows],
        float(chance.sum()),
    )


def _around(share: float, strays: Numbers, *, most: float) -> Interval:
    """Return the interval of a sum of independent parts, each with its estimated variance.

    Few large parts make the variance itself uncertain: Student's quantile has as many degrees of
    freedom as there are parts in effect (Satterthwaite 1946). Cut to [0, most].
    """
    variance = float(strays.sum())
    if variance <= 0:
        return Interval(share, share, share)
    reach = quantile(variance**2 / float((strays**2).sum()) - 1) * variance**0.5
    return Interval(share, max(0.0, share - reach), min(most, share + reach))


ESTIMATORS = {"naive": naive, "inverse_propensity": weighted, "doubly_robust": doubly_robust}
