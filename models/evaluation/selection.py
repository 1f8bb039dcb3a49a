"""Selective labels: what all lines would have shown, from the few that were inspected.

Only inspected lines have outcomes, and they were inspected because they looked bad; so the share of
failures among them says little of all lines. Each inspected line was drawn with a known chance: by
that chance it speaks for others like it (inverse propensity), and the model's likelihood speaks for
the rest (doubly robust). The likelihood may be wrong, the interval holds where the chances are
right.

The population is fixed: every line declared in the window, each of which would fail or not. What is
random is which were drawn, independently of each other. Sources: Horvitz and Thompson 1952; Hájek
1971; Cassel, Särndal and Wretman 1976 (the difference estimator); Robins, Rotnitzky and Zhao 1994.
"""

from dataclasses import dataclass

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
    were.
    """

    likelihood: Numbers
    inspected: Chosen
    failed: Numbers
    propensity: Numbers

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
        return Lines(
            self.likelihood[rows], self.inspected[rows], self.failed[rows], self.propensity[rows]
        )


def naive(lines: Lines) -> Interval:
    """Return the share of failures among the inspected, as if they were all lines."""
    failed = lines.failed[lines.inspected]
    if not len(failed):
        return UNKNOWN
    share = float(failed.mean())
    return _around(share, np.full(len(failed), share * (1 - share) / len(failed) ** 2))


def weighted(lines: Lines) -> Interval:
    """Return the share of failures by inverse propensity, its weights adding up to all lines."""
    failed, chance = lines.failed[lines.inspected], lines.propensity[lines.inspected]
    if not len(failed):
        return UNKNOWN
    weight = 1 / chance
    share = float(np.average(failed, weights=weight))
    strays = (1 - chance) * (weight * (failed - share) / weight.sum()) ** 2
    return _around(share, strays)


def doubly_robust(lines: Lines) -> Interval:
    """Return the mean likelihood of all lines, corrected by what the inspected ones showed."""
    failed, chance = lines.failed[lines.inspected], lines.propensity[lines.inspected]
    if not len(failed):
        return UNKNOWN
    missed = (failed - lines.likelihood[lines.inspected]) / chance / len(lines)
    share = float(lines.likelihood.mean() + missed.sum())
    return _around(share, (1 - chance) * missed**2)


def _around(share: float, strays: Numbers) -> Interval:
    """Return the interval of a sum of independent parts, each with its estimated variance.

    Few large parts make the variance itself uncertain: Student's quantile has as many degrees of
    freedom as there are parts in effect (Satterthwaite 1946). Cut to [0, 1].
    """
    variance = float(strays.sum())
    if variance <= 0:
        return Interval(share, share, share)
    reach = quantile(variance**2 / float((strays**2).sum()) - 1) * variance**0.5
    return Interval(share, max(0.0, share - reach), min(1.0, share + reach))


ESTIMATORS = {"naive": naive, "inverse_propensity": weighted, "doubly_robust": doubly_robust}
