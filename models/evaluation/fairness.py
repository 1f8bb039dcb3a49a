"""Fairness: is anyone inspected more at equal risk?

A ranking inspects lines of equal likelihood alike, whoever they are of. So a group is inspected
more than others at equal risk only where its likelihoods are too high beside those of others: where
of lines that were said to be alike fewer of the group fail. That is what is measured here. In each
group the likelihoods are set right by one step of log-odds, so that they say as many failures as
there were (Cox, Biometrika 45, 1958); then it is asked how many of the group the same capacity
would inspect if only the group's step beside that of all others were made good. ``equal_risk`` is
how many are inspected for each that would be: above one, more than equal risk calls for.

Why so. Equal shares of inspections, or of false alarms, are no measure: where groups really differ
in risk, an honest likelihood gives them different false-positive and miss rates, and one cannot
have both calibration within groups and equal rates (Kleinberg, Mullainathan and Raghavan, ITCS
2017; Chouldechova, Big Data 5, 2017). The rates are told beside it, as those who are inspected in
vain bear a cost. Nor are equal hit rates (the outcome test: Becker, The Economics of
Discrimination, 1957): they speak of all who are inspected, not of the last one (inframarginality:
Simoiu, Corbett-Davies and Goel, Annals of Applied Statistics 11, 2017).

Selective labels. Outcomes are known of inspected lines only, and tips and mandates choose by what
no likelihood knows. Each line is weighed by the inverse of its known chance of inspection, so that
the groups are compared as they are among all declared lines; where the chances are not told, what
is said holds for the inspected lines alone, and the report says so. Taken for granted is that one
step sets a group right at the margin of the capacity too. What no outcome shows is not seen here:
an inspector who looks harder at some, say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from features.plans import Numbers
from models.evaluation import ratios
from models.evaluation.dimensions import Dimension, Words
from models.evaluation.judged import CAPACITY, Judged, selected
from models.evaluation.ratios import UNKNOWN, Interval
from models.evaluation.slices import FEWEST, FEWEST_FIRMS, OTHERS, discoveries, groups
from models.splits import Mask

TURNS = 50  # of Newton's method, which needs about five
NEAR, FURTHEST = 1e-9, 20.0  # log-odds


@dataclass(frozen=True)
class Rates:
    """What a capacity does to some lines: of all, of those that pass, of those that fail.

    selected: the share that is inspected. passing: inspected of those that pass (false-positive
    rate). missed: not inspected of those that fail. hits: failing of those that are inspected.
    """

    selected: Interval
    passing: Interval
    missed: Interval
    hits: Interval


@dataclass(frozen=True)
class Treated:
    """How lines of a group are treated beside all others of its dimension.

    equal_risk: inspected for each that would be at equal risk. step: how many log-odds riskier
    than said, beside the others. p: the chance that likelihoods as honest as those of others look
    so different; NaN where there is too little.
    """

    dimension: str
    words: Words
    value: str
    lines: int
    failures: int
    equal_risk: Interval
    step: Interval
    p: float
    rates: Rates
    others: Rates
    is_unlike: bool = False

    @property
    def few(self) -> bool:
        """Whether there is too little to tell."""
        return bool(np.isnan(self.p))


def fairness(judged: Judged, dimensions: Sequence[Dimension]) -> list[Treated]:
    """Return how every group of the fair dimensions is treated; those surely unlike are flagged.

    Of two groups only the smaller is compared, as the other says the same. Flags are false one
    time in twenty, as those of slices.
    """
    made = [
        treated(judged, chosen, dimension=dimension, value=value)
        for dimension in dimensions
        if dimension.is_fair
        for value, chosen in _compared(dimension)
    ]
    flags = discoveries([one.p for one in made])
    return [replace(one, is_unlike=bool(off)) for one, off in zip(made, flags, strict=True)]


def _compared(dimension: Dimension) -> list[tuple[str, Mask]]:
    named = [(value, chosen) for value, chosen in groups(dimension) if value != OTHERS]
    return named[-1:] if len(set(dimension.values) - {None}) == 2 else named


def treated(judged: Judged, chosen: Mask, *, dimension: Dimension, value: str) -> Treated:
    """Return how some lines are treated beside all others whose value is known."""
    known = np.array([told is not None for told in dimension.values], bool)
    others = known & ~chosen
    step, p = steps(judged, chosen, others=others)
    return Treated(
        dimension=dimension.name,
        words=dimension.words,
        value=value,
        lines=int(chosen.sum()),
        failures=int(judged.failed[chosen].sum()),
        equal_risk=equal_risk(judged, chosen, step=step),
        step=step,
        p=p,
        rates=rates(judged, chosen),
        others=rates(judged, others),
    )


def steps(judged: Judged, chosen: Mask, *, others: Mask) -> tuple[Interval, float]:
    """Return by how many log-odds a group is riskier than said, less those of all others.

    With the chance of such a difference where there is none. Unknown where fewer than five
    failures or passes of either are expected or shown, or the lines are of too few enterprises.
    Enterprises may have lines in both, so the variance is of both together.
    """
    influence, value, firms = np.zeros(len(judged)), 0.0, np.inf
    for rows, sign in ((chosen, 1), (others, -1)):
        part = judged.take(rows)
        w, p = part.weight, part.likelihood
        least = min(p.sum(), (1 - p).sum(), part.failed.sum(), (~part.failed).sum())
        own = ratios.effective(w**2 * p * (1 - p), part.group)
        if least < FEWEST or own < FEWEST_FIRMS:
            return UNKNOWN, np.nan
        step, right = set_right(part)
        value, firms = value + sign * step, min(firms, own)
        influence[rows] = sign * w * (part.failed - right) / (w * right * (1 - right)).sum()
    error = ratios.clustered(influence, judged.group) ** 0.5
    reach = ratios.quantile(firms - 1) * error
    found = Interval(value, value - reach, value + reach)
    return found, ratios.by_chance(value / error, firms - 1)


def set_right(part: Judged) -> tuple[float, Numbers]:
    """Return the step of log-odds by which likelihoods say as many failures as there were.

    With the likelihoods after it. There must be a failure and a pass.
    """
    w, said = part.weight, _log_odds(part)
    step = 0.0
    for _ in range(TURNS):
        right = expit(said + step)
        change = (w * (part.failed - right)).sum() / (w * right * (1 - right)).sum()
        step = float(np.clip(step + np.clip(change, -1, 1), -FURTHEST, FURTHEST))
        if abs(change) < NEAR:
            break
    return step, expit(said + step)


def equal_risk(judged: Judged, chosen: Mask, *, step: Interval) -> Interval:
    """Return how many of a group are inspected for each that would be at equal risk.

    The same capacity is filled once by what was said and once with the group's step made good. The
    bounds are those of the step. Infinite where at equal risk none would be; unknown without step.
    """
    if np.isnan(step.value):
        return UNKNOWN
    said = _log_odds(judged)
    now = float(judged.weight[judged.selected & chosen].sum())

    def at(of: float) -> float:
        right = selected(said + of * chosen, judged.weight, share=CAPACITY)
        then = float(judged.weight[right & chosen].sum())
        return now / then if then else (np.inf if now else 1.0)

    return Interval(at(step.value), at(step.high), at(step.low))


def _log_odds(judged: Judged) -> Numbers:
    said: Numbers = logit(np.clip(judged.likelihood, 1e-9, 1 - 1e-9))
    return said


def rates(judged: Judged, rows: Mask) -> Rates:
    """Return what the capacity does to some lines, in shares of what they speak for."""
    chosen, failed = judged.selected & rows, judged.failed & rows

    def share(part: Mask, of: Mask) -> Interval:
        w = judged.weight
        return ratios.share(w * (part & of), w * of, group=judged.group)

    return Rates(
        selected=share(chosen, rows),
        passing=share(chosen, rows & ~failed),
        missed=share(~chosen, failed),
        hits=share(failed, chosen),
    )
