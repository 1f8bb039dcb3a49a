"""Play: week by week, each policy chooses within the same hours, and sees what it has chosen.

The lines of a week are chosen together: their features know what earlier weeks have shown, as far
as it was known when each line was declared. A line has one number in [0, 1) for all policies, and
who gives it a greater chance inspects it; so policies differ by what they choose, not by luck.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.errors import Invalid
from features.plans import Numbers
from features.windows import Positions
from models.inspection import alternatives
from models.inspection.alternatives import Weighed
from models.risk.booster import Progress, unheard
from models.risk.training import Training
from pipelines.replay.learner import Agency, Learner
from pipelines.replay.stage import Stage

Rule = Callable[[Weighed, float], Numbers]
SHARE = 0.1  # of all lines can be inspected where nobody says how many hours there are
LEARNING: dict[str, Rule] = {
    "threshold": alternatives.likeliest,
    "price": alternatives.harmful,
    "floors": alternatives.priced,
}
FIXED: dict[str, Rule] = {
    "random": alternatives.random,
    "agency": alternatives.scaled,
    "oracle": alternatives.harmful,
}
POLICIES = ("random", "agency", "threshold", "price", "floors", "oracle")


@dataclass(frozen=True)
class Asked:
    """A replay as asked for: hours of each week, weeks between trainings, seed and repetitions.

    policies: which are replayed.
    """

    hours: float
    retrain: int
    seed: int
    seeds: int
    policies: tuple[str, ...] = POLICIES

    def __post_init__(self) -> None:
        """Refuse hours, weeks and repetitions that make no sense."""
        if not 0 < self.hours < np.inf:
            raise Invalid(f"hours is {self.hours}; give how many there are each week, above 0")
        for name, value in (("retrain", self.retrain), ("seeds", self.seeds)):
            if value < 1:
                raise Invalid(f"{name} is {value}; give 1 or more")


@dataclass(frozen=True)
class Played:
    """What one policy did: the chance it gave each line, and which it inspected."""

    chance: Numbers
    inspected: npt.NDArray[np.bool_]


Replay = Mapping[str, list[Played]]  # by policy, one for each seed


def replay(
    stage: Stage,
    agency: Agency,
    *,
    begun: Training,
    asked: Asked,
    progress: Progress = unheard,
) -> Replay:
    """Return what every policy does, as often as asked, each time with other numbers of the lines.

    begun: the training that all begin with. Where the chance of the agency's own choice is not
    known of every line, its rules are left out.
    """
    done: dict[str, list[Played]] = {name: [] for name in _known(stage, asked)}
    count = asked.seeds * len(done)
    for number in range(count):
        turn, place = divmod(number, len(done))
        name = [*done][place]
        seed = asked.seed + turn
        luck = np.random.default_rng(seed).random(len(stage))
        who = Learner.begin(stage, agency, begun=begun) if name in LEARNING else None
        chance = _chances(stage, name, who=who, luck=luck, asked=asked)
        done[name].append(Played(chance, luck < chance))
        progress((number + 1) / count)
    return done


def hours(weeks: Sequence[Positions], asked: float | None) -> float:
    """Return the hours of each week: as asked, or those in which a tenth of the lines fit.

    weeks: the lines of each; every line takes one hour.
    """
    return SHARE * sum(map(len, weeks)) / len(weeks) if asked is None else asked


def by_week(weeks: Sequence[Positions], lines: Weighed, *, rule: Rule, hours: float) -> Numbers:
    """Return the chances of a rule that has the same hours each week, (n,).

    weeks: the lines of each week, in which every line is once.
    """
    chance = np.zeros(len(lines.effort))
    for rows in weeks:
        chance[rows] = rule(lines.take(rows), hours)
    return chance


def _known(stage: Stage, asked: Asked) -> Iterator[str]:
    is_told = not np.isnan(stage.known.likelihood).any()
    return (name for name in asked.policies if is_told or name != "agency")


def _chances(
    stage: Stage, name: str, *, who: Learner | None, luck: Numbers, asked: Asked
) -> Numbers:
    if who is None:
        return by_week(stage.weeks, stage.known, rule=FIXED[name], hours=asked.hours)
    return _learned(stage, who, rule=LEARNING[name], luck=luck, asked=asked)


def _learned(stage: Stage, who: Learner, *, rule: Rule, luck: Numbers, asked: Asked) -> Numbers:
    """Return the chances that a policy gives while it learns from what it selects."""
    chance = np.zeros(len(stage))
    for week, rows in enumerate(stage.weeks):
        if week and week % asked.retrain == 0:
            who.train(stage.starts[week], seed=asked.seed)
        chance[rows] = rule(who.weigh(week), asked.hours)
        seen = rows[luck[rows] < chance[rows]]
        who.learn(seen, chance[seen])
    return chance
