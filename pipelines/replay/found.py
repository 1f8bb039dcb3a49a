"""Found: what the policies of a replay found, by week, in all, and one beside another.

Bounds say what other enterprises of the kind might have shown: lines of one enterprise depend on
each other, so few large ones make them wide. What the draws alone could have changed stands beside
them, as the standard error over the repetitions.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.plans import Numbers
from models.evaluation import ratios
from models.evaluation.ratios import Interval
from pipelines.replay.play import Played, Replay
from pipelines.replay.stage import Stage

PERIODS = ("all", "before", "after")  # the moment of a drift
BESIDE = "price"  # the policy that others are compared with: it never explores


def weekly(stage: Stage, done: Replay) -> pd.DataFrame:
    """Return a row for each policy, repetition and week. done: an oracle among them.

    Columns: ``policy``, ``repetition``, ``week``, ``begins_at``; of the week ``lines``, ``hours``,
    ``failures``, ``harm`` and ``hit_rate`` (missing without a line), ``regret``: the harm that an
    oracle averts in the same hours less the policy's; until the week's end ``harm_so_far``,
    ``regret_so_far`` and ``enterprises``, the share of those that declare in all these weeks that
    were inspected at least once.
    """
    parts = [
        _weeks(stage, run).assign(policy=name, repetition=number)
        for name, runs in done.items()
        for number, run in enumerate(runs)
    ]
    frame = pd.concat(parts, ignore_index=True)
    best = stage.harm * done["oracle"][0].chance
    regret = _sums(stage, best)[frame["week"]] - frame["harm"]
    told = frame.assign(
        regret=regret,
        hit_rate=frame["failures"] / frame["lines"].where(frame["lines"] > 0),
        begins_at=[stage.starts[week] for week in frame["week"]],
    )
    runs = told.groupby(["policy", "repetition"], sort=False)[["harm", "regret"]]
    so_far = runs.cumsum().rename(columns="{}_so_far".format)
    return told.join(so_far)[COLUMNS]


COLUMNS = [
    "policy",
    "repetition",
    "week",
    "begins_at",
    "lines",
    "hours",
    "failures",
    "harm",
    "hit_rate",
    "regret",
    "harm_so_far",
    "regret_so_far",
    "enterprises",
]


def summary(stage: Stage, done: Replay, *, weeks: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each policy: all weeks together, the mean of the repetitions.

    ``hit_rate`` of the inspected lines, ``failures`` and ``harm`` as shares of all that there are,
    each with ``_low`` and ``_high``; ``enterprises`` seen; ``regret`` and its standard error over
    the repetitions, missing where there is one.
    """
    ends = weeks[weeks["week"] == len(stage.starts) - 1].groupby("policy", sort=False)
    regret = ends["regret_so_far"]
    size = weeks.groupby(["policy", "repetition"], sort=False)["lines"].sum()
    rows = [
        {
            "policy": name,
            "lines": size[name].mean(),
            **_bounded("hit_rate", ratios.share(often * stage.fails, often, group=stage.firms)),
            **_bounded(
                "failures", ratios.share(often * stage.fails, stage.fails, group=stage.firms)
            ),
            **_bounded("harm", ratios.share(often * stage.harm, stage.harm, group=stage.firms)),
            "enterprises": ends["enterprises"].mean()[name],
            "regret": regret.mean()[name],
            "regret_se": regret.sem()[name],
        }
        for name, runs in done.items()
        for often in (_often(runs),)
    ]
    return pd.DataFrame(rows)


def beside(stage: Stage, done: Replay) -> pd.DataFrame:
    """Return how each policy differs from the price without floors, which is among them.

    In shares of what there is to find.
    Columns: ``policy``, ``period`` (all weeks, those before and after the moment of a drift where
    there is one), ``what`` (harm, failures), ``difference``, ``low``, ``high``.
    """
    rows = [
        {"policy": name, "period": period, "what": what, **_differs(told)}
        for period, inside in _periods(stage)
        for name, runs in done.items()
        if name not in (BESIDE, "oracle")
        for what, amount in (("harm", stage.harm), ("failures", stage.fails))
        for oftener in (_often(runs) - _often(done[BESIDE]),)
        for told in (_difference(stage, oftener, amount=amount * inside),)
    ]
    return pd.DataFrame(rows)


def _weeks(stage: Stage, run: Played) -> pd.DataFrame:
    seen = run.inspected.astype(float)
    return pd.DataFrame(
        {
            "week": np.arange(len(stage.starts)),
            "lines": _sums(stage, seen),
            "hours": _sums(stage, seen * stage.effort),
            "failures": _sums(stage, seen * stage.fails),
            "harm": _sums(stage, seen * stage.harm),
            "enterprises": _met(stage, run.inspected),
        }
    )


def _sums(stage: Stage, amount: Numbers) -> Numbers:
    """Return the sum of an amount of each line over each week."""
    return np.array([amount[rows].sum() for rows in stage.weeks])


def _met(stage: Stage, inspected: npt.NDArray[np.bool_]) -> Numbers:
    """Return the share of enterprises that were inspected until the end of each week."""
    first = np.full(stage.firms.max() + 1, len(stage.weeks))
    for week, rows in reversed([*enumerate(stage.weeks)]):
        first[stage.firms[rows[inspected[rows]]]] = week
    met = np.bincount(first, minlength=len(stage.weeks) + 1)[:-1]
    share: Numbers = np.cumsum(met) / len(first)
    return share


def _often(runs: list[Played]) -> Numbers:
    """Return in which share of the repetitions each line was inspected."""
    often: Numbers = np.mean([run.inspected for run in runs], axis=0)
    return often


def _bounded(name: str, told: Interval) -> dict[str, float]:
    return {name: told.value, f"{name}_low": told.low, f"{name}_high": told.high}


def _periods(stage: Stage) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Yield the periods that are told apart, and which lines lie in each."""
    drifted_at = stage.shown.drifted_at
    yield PERIODS[0], np.ones(len(stage), bool)
    if drifted_at is not None:
        early = (stage.declarations["declared_at"] < pd.Timestamp(drifted_at)).to_numpy(bool)
        yield PERIODS[1], early
        yield PERIODS[2], ~early


def _difference(stage: Stage, oftener: Numbers, *, amount: Numbers) -> Interval:
    """Return how much more of an amount is found, as a share of all of it, with its bounds.

    oftener: how much more often each line is inspected. Bounds: ``models.evaluation.ratios``.
    """
    total = float(amount.sum())
    if total <= 0:
        return ratios.UNKNOWN
    value = float(oftener @ amount) / total
    variance = ratios.clustered((oftener - value) * amount / total, stage.firms)
    reach = ratios.quantile(ratios.effective(amount, stage.firms) - 1) * variance**0.5
    return Interval(value, value - reach, value + reach)


def _differs(told: Interval) -> dict[str, float]:
    return {"difference": told.value, "low": told.low, "high": told.high}
