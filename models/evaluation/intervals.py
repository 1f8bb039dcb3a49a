"""Intervals: each metric of a ranking with bounds that hold the true one 95 times in 100.

Enterprises are drawn again (``models.resampling``) to learn how much a metric strays. Percentiles
of the draws would be wrong in two ways: a metric of a sample is biased, and each draw is biased
once more, so they can leave out the metric itself; and where one enterprise has most of the lines,
half of the draws lack it. So the bounds stand around the metric, as many standard errors away as
Student's quantile for the effective number of enterprises says, on a scale on which shares stray
evenly and stay between none and all (arcsine of the root; the root for lift).

The calibration error has another form, as chance alone makes it greater than nothing: it is asked
which true errors would show the observed one (inversion of a test: Lehmann and Romano, Testing
Statistical Hypotheses, chapter 3). Taken are multiples of the gaps that the bins show, with what
the draws say of chance; the middle one is the estimate, so it is free of the upward bias (Kumar,
Liang and Ma, NeurIPS 2019; Roelofs et al., AISTATS 2022), and may be nothing.
"""

import numpy as np
from scipy.stats import norm

from models import resampling
from models.evaluation.ratios import SURE, Interval, effective, quantile
from models.metrics import Scores, ranked
from models.resampling import BINS, Lines

DRAWS = 1000
STEPS = 200  # true calibration errors that are tried
SMOOTHED = 5  # bins


def intervals(
    lines: Lines, probability: Scores, *, seed: int, draws: int = DRAWS
) -> dict[str, Interval]:
    """Return each metric of a model with its bounds, by name; lines count as they are.

    ``ece_corrected`` is the calibration error without what chance adds. Bounds are unknown where
    no draw differs from another, as where all lines within a capacity failed.
    """
    order = ranked(probability)
    ordered, said = lines.take(order), probability[order]
    sums = _sums(ordered, said)
    metrics = [resampling.ranking(ordered, said, count=np.ones((1, len(lines))))]
    drawn = [sums.sum(axis=0, keepdims=True)]
    for times in resampling.drawn(ordered, seed=seed, draws=draws):
        count = np.take(times, ordered.group, axis=1)
        metrics.append(resampling.ranking(ordered, said, count=count))
        drawn.append(times @ sums)
    told = {name: np.concatenate([part[name] for part in metrics]) for name in metrics[0]}
    enterprises = effective(np.ones(len(lines)), lines.group)
    return {
        **{name: around(values, name, enterprises=enterprises) for name, values in told.items()},
        **_honesty(np.concatenate(drawn), enterprises=enterprises),
    }


def around(values: Scores, name: str, *, enterprises: float) -> Interval:
    """Return a metric with its bounds. values: first its own, then those of the draws."""
    with np.errstate(invalid="ignore"):
        scaled = np.sqrt(values) if _is_lift(name) else np.arcsin(np.sqrt(np.clip(values, 0, 1)))
    strays = scaled[1:][~np.isnan(scaled[1:])]
    error = float(strays.std(ddof=1)) if len(strays) > 1 else 0.0
    if error < 1e-12 or np.isnan(scaled[0]):
        return Interval(float(values[0]), np.nan, np.nan)
    reach = quantile(enterprises - 1) * error
    low, high = max(0.0, float(scaled[0]) - reach), float(scaled[0]) + reach
    if not _is_lift(name):
        low, high = float(np.sin(low)), float(np.sin(min(high, np.pi / 2)))
    return Interval(float(values[0]), low**2, high**2)


def _is_lift(name: str) -> bool:
    return name.startswith("lift")


def _sums(ordered: Lines, probability: Scores) -> Scores:
    """Return for each enterprise the residuals in each bin, the squared errors and the lines."""
    missed = ordered.failed - probability
    parts = np.array_split(np.arange(len(ordered)), BINS)
    bins = np.repeat(np.arange(BINS), [len(part) for part in parts])
    groups = int(ordered.group.max()) + 1
    cells = np.bincount(ordered.group * BINS + bins, weights=missed, minlength=groups * BINS)
    others = [
        np.bincount(ordered.group, weights=weight, minlength=groups)
        for weight in (missed**2, np.ones(len(ordered)))
    ]
    return np.column_stack([cells.reshape(groups, BINS), *others])


def _honesty(sums: Scores, *, enterprises: float) -> dict[str, Interval]:
    gaps, squared, lines = sums[:, :BINS], sums[:, BINS], sums[:, BINS + 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        brier, gaps = squared / lines, gaps / lines[:, None]
    gaps = gaps[np.isfinite(gaps).all(axis=1)]
    return {
        "brier": around(brier, "brier", enterprises=enterprises),
        "ece_corrected": calibration_error(gaps[0], gaps[1:] - gaps[0], enterprises=enterprises),
    }


def calibration_error(gaps: Scores, noise: Scores, *, enterprises: float) -> Interval:
    """Return the calibration error that would show the gaps of bins, given the noise of draws.

    gaps: (bins,), observed less said, as a share of all lines. noise: (draws, bins). Gaps smaller
    than chance makes them say no more than those that chance makes do: the upper bound is then
    theirs (power-constrained limits: Cowan et al. 2011, arXiv 1105.3166).
    """
    shown = float(np.abs(gaps).sum())
    if not len(noise) or not np.abs(noise).any():
        return Interval(shown, np.nan, np.nan)
    wider = noise * (quantile(enterprises - 1) / float(norm.ppf((1 + SURE) / 2)))
    shape = _shape(gaps)
    tried = np.linspace(0, shown + 4 * np.abs(wider).sum(axis=1).mean(), STEPS + 1)
    seen = np.stack([np.abs(true * shape + wider).sum(axis=1) for true in tried])
    low, middle, high = np.quantile(seen, [(1 + SURE) / 2, 0.5, (1 - SURE) / 2], axis=1)
    return Interval(
        float(tried[np.argmax(middle >= shown)]),
        float(tried[np.argmax(low >= shown)]),
        float(tried[high <= max(shown, middle[0])].max(initial=0.0)),
    )


def _shape(gaps: Scores) -> Scores:
    """Return how a calibration error of one is spread over the bins: as the gaps, smoothed.

    Over five bins, as a likelihood that is off is off for its neighbours too; each bin's own chance
    would otherwise be taken for error.
    """
    padded = np.pad(gaps, SMOOTHED // 2, mode="edge")
    smooth = np.convolve(padded, np.full(SMOOTHED, 1 / SMOOTHED), "valid")
    whole = np.abs(smooth).sum()
    spread: Scores = smooth / whole if whole > 0 else np.full(len(gaps), 1 / len(gaps))
    return spread
