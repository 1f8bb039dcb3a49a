"""Try rules on the past: what each would have hit, what that takes, and what inspecting it found.

Features are built as of each declaration, so a rule is asked what it would have been asked then.
Who was inspected in the past was not drawn by these rules: the rates are those of the inspected
lines as they are, and say whether a rule aims at goods that fail more often than others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from functools import cached_property

import numpy as np
import pandas as pd

from features import build, labels, memory, moments
from features.errors import Invalid
from features.facts import Tables
from features.plans import Numbers
from models.evaluation import ratios
from models.evaluation.ratios import Interval
from models.inspection.lanes import INTENSITY
from models.inspection.policy import Policy
from models.inspection.rules import conditions
from models.inspection.rules import rules as fixed
from models.inspection.rules.conditions import Columns, Mask
from models.inspection.rules.rules import Rule, Rules
from models.splits import Period, between
from pipelines.bars import bar

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Found:
    """How many of some lines were inspected and failed, and the rate of those with its bounds."""

    inspected: int
    failed: int
    rate: Interval

    def plain(self, before: str) -> dict[str, object]:
        """Return the numbers by name after a prefix; a rate of nothing is ``None``."""
        rates = {"": self.rate.value, "_low": self.rate.low, "_high": self.rate.high}
        return {
            f"{before}inspected": self.inspected,
            f"{before}failed": self.failed,
            **{f"{before}fail_rate{k}": v if v == v else None for k, v in rates.items()},
        }


@dataclass(frozen=True)
class Tried:
    """What one rule would have done by itself, without those before it.

    decided: its lines on which nothing is left to it, as the rules before it decide them. hours:
    the least that its lines take, of low level where it asks for no lane. hit, others: of the
    inspected lines those that it hits, and the rest. blank: names it tests that no line tells.
    in_force: whether its days touch the period.
    """

    rule: Rule
    lines: int
    decided: int
    hours: float
    hit: Found
    others: Found
    blank: tuple[str, ...]
    in_force: bool


@dataclass(frozen=True)
class Report:
    """What rules would have done in a period: each by itself, and all together.

    lines: all declared lines. hit: those that any rule hits. hours: what all rules take together, a
    line that several hit counted once.
    """

    version: str
    period: Period
    lines: int
    hit: int
    hours: float
    tried: tuple[Tried, ...]

    @property
    def weeks(self) -> float:
        """How many weeks the period has."""
        return (self.period.end - self.period.start) / WEEK

    def plain(self) -> dict[str, object]:
        """Return every number by name, for programs."""
        return {
            "version": self.version,
            "from": self.period.start.isoformat(),
            "until": self.period.end.isoformat(),
            "weeks": self.weeks,
            "lines": self.lines,
            "hit": self.hit,
            "hours": self.hours,
            "rules": [self._plain(one) for one in self.tried],
        }

    def _plain(self, one: Tried) -> dict[str, object]:
        return {
            "id": one.rule.id,
            "lines": one.lines,
            "per_week": one.lines / self.weeks,
            "share": one.lines / self.lines,
            "hours": one.hours,
            "decided_before": one.decided,
            "in_force": one.in_force,
            "blank": list(one.blank),
            **one.hit.plain(""),
            **one.others.plain("others_"),
        }


@dataclass(frozen=True)
class Past:
    """The q lines of a period with their outcomes, and what rules ask of them."""

    lines: pd.DataFrame
    columns: Columns
    policy: Policy
    period: Period

    @cached_property
    def inspected(self) -> Mask:
        """Which lines were inspected."""
        return self.lines["failed"].notna().to_numpy(bool)

    @cached_property
    def failed(self) -> Mask:
        """Which lines failed."""
        return self.lines["failed"].eq(True).to_numpy(bool)

    def tried(self, rule: Rule, *, hit: Mask, decided: Mask) -> Tried:
        """Return what a rule would have done; hit: on which lines, decided: by rules before it."""
        effect, start, end = rule.effect, *rule.period
        effort = self.policy.effort[effect.lane] if effect.lane else self.policy.hours("low")
        names = dict.fromkeys(test.name for test in conditions.checks(rule.when))
        first, last = map(moments.milliseconds, (self.period.start, self.period.end))
        return Tried(
            rule=rule,
            lines=int(hit.sum()),
            decided=int(decided.sum()),
            hours=effect.least * effort * int(hit.sum()),
            hit=self.found(hit),
            others=self.found(~hit),
            blank=tuple(name for name in names if self.is_blank(name)),
            in_force=start < last and first < end,
        )

    def found(self, rows: Mask) -> Found:
        """Return what inspecting some of the lines showed; unknown bounds where none was."""
        told = rows & self.inspected
        failed = self.failed[told].astype(float)
        enterprises = pd.factorize(self.lines["enterprise_id"][told])[0]
        rate = ratios.share(failed, np.ones(len(failed)), group=enterprises)
        return Found(int(told.sum()), int(failed.sum()), rate)

    def is_blank(self, name: str) -> bool:
        """Return whether no line tells what has this name."""
        return not any(value is not None and value == value for value in self.columns[name])


def try_rules(tables: Tables, rules: Rules, *, policy: Policy, period: Period) -> Report:
    """Return what rules would have done on the lines declared in a period.

    tables: store frames by name. ``Invalid`` where the policy has no test for an item of a rule.
    """
    fixed.check_items(rules, policy)
    declared = labels.outcomes(tables["declarations"], tables["inspections"])
    lines = declared[period.holds(declared["declared_at"])].reset_index(drop=True)
    questions = build.asked(lines, rules.features)
    with bar("features as of each declaration") as heard:
        kinds = memory.kinds(tables, rules.features, text_version=None)
        rows = build.build(questions, rules.features, kinds=kinds)
        heard(1.0)
    past = Past(lines, fixed.columns(rules, questions, rows=rows), policy, period)
    hits = fixed.hits(rules, past.columns, as_of=questions.as_of.tolist())
    decided, hours = combined(rules.rules, hits, policy=policy)
    told = zip(rules.rules, hits, decided, strict=True)
    return Report(
        version=rules.version,
        period=period,
        lines=len(lines),
        hit=int(np.sum(np.any(hits, axis=0))) if hits else 0,
        hours=float(hours.sum()),
        tried=tuple(past.tried(rule, hit=hit, decided=before) for rule, hit, before in told),
    )


def combined(
    rules: Sequence[Rule], hits: Sequence[Mask], *, policy: Policy
) -> tuple[list[Mask], Numbers]:
    """Return for each rule the lines on which it decides nothing, and the hours of each line.

    hits: for each rule on which of q lines it fires. A rule narrows the probability that the rules
    before it left open, raises the lane, or asks for tests; where it does none, they decided.
    """
    size = len(hits[0]) if hits else 0
    least, most, lanes = np.zeros(size), np.ones(size), np.zeros(size, np.intp)
    decided = []
    for rule, hit in zip(rules, hits, strict=True):
        effect = rule.effect
        low, high = np.clip(effect.least, least, most), np.clip(effect.most, least, most)
        higher = np.maximum(lanes, INTENSITY[effect.lane or "release"])
        more = (most > 0) & ((higher > lanes) | bool(rule.items))
        decided.append(hit & ~((low > least) | (high < most) | more))
        least, most = np.where(hit, low, least), np.where(hit, high, most)
        lanes = np.where(hit, higher, lanes)
    ranked = sorted(INTENSITY, key=INTENSITY.__getitem__)
    efforts = np.array([policy.effort.get(lane, policy.hours("low")) for lane in ranked])
    return decided, least * efforts[lanes]


def days(tables: Tables, *, start: str | None, until: str | None, zone: tzinfo) -> Period:
    """Return the days that are tried: those asked for, as far as lines were declared.

    ``Invalid`` where a day cannot be read, the ends are swapped or no line was declared then.
    """
    declared = tables["declarations"]["declared_at"]
    ends = (f"{moment.tz_convert(zone):%Y-%m-%d}" for moment in (declared.min(), declared.max()))
    first, last = ends
    whole = Period(moments.start(first, "first", zone=zone), moments.end(last, "last", zone=zone))
    since = whole.start if start is None else moments.start(start, "from", zone=zone)
    before = whole.end if until is None else moments.end(until, "until", zone=zone)
    if start is not None and until is not None:
        Period(since, before)  # refuses swapped ends
    if not between(declared, since=since, until=before).any():
        raise Invalid(
            f"no line was declared from {start or first} until {until or last}; "
            f"there are some from {first} to {last}: name other days or load more"
        )
    return Period(max(since, whole.start), min(before, whole.end))
