"""The inspection policy: lanes, quotas, warnings, recognition and tests, from a file to change."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from features.errors import Invalid
from features.fields import Probability, Severity, Short
from features.reasons import Cause, Drawn, Lane, RiskLevel
from features.records import Outcome, WarningLevel

FILE = Path(__file__).with_name("policy.yaml")
LEVELS: tuple[RiskLevel, ...] = ("low", "medium", "high", "serious")
WARNED: tuple[WarningLevel, ...] = ("IV", "III", "II", "I")
# What must stand before what: no lot is inspected twice, but where goods are prohibited; a warning
# is never weakened; nothing recognised goes below the floor.
BEFORE: tuple[tuple[Cause, Cause], ...] = (
    ("prohibition", "lot"),
    ("prohibition", "rule"),
    ("warning", "recognition"),
    ("floor", "recognition"),
    ("recognition", "risk"),
    ("warning", "risk"),
    ("rule", "risk"),
    ("lot", "floor"),
)
Amount = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, le=1)]
Days = Annotated[int, Field(gt=0)]
Count = Annotated[int, Field(gt=0)]


class Frozen(BaseModel):
    """A frozen part of the policy; unknown words are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Test(Frozen):
    """A test to run, in both languages.

    ``lane`` is the least intensive one that can run it, ``also`` what laboratories call it besides.
    """

    zh: str
    en: str
    lane: Drawn = "sampling"
    also: tuple[Short, ...] = ()


class Base(Frozen):
    """What answers when no model can be loaded."""

    likelihood: Probability
    severity: Severity


class Row(Frozen):
    """A level's row of the lane table: lane by risk, shares by lot, ceiling of the probability."""

    risk: Drawn
    random: Annotated[dict[Drawn, Share], Field(min_length=1)]
    most: Share = 1.0

    @model_validator(mode="after")
    def _room(self) -> Self:
        if self.floor > self.most:
            raise ValueError(f"random adds up to {self.floor:g}, above most {self.most:g}")
        return self

    @cached_property
    def floor(self) -> float:
        """The least probability of inspection: what goes to any lane by lot."""
        return min(1.0, sum(self.random.values()))


class Warned(Frozen):
    """What a warning in force asks of the lines that it covers."""

    least: Share
    lane: Drawn


class Recognition(Frozen):
    """How a certificate counts: whose, with what outcome, of which goods, and what it does."""

    id: Short
    zh: Short
    en: Short
    issuer: Literal["third_party", "agency"] | None = None
    outcome: Outcome = "pass"
    issuers: tuple[Short, ...] = ()
    hs: tuple[Short, ...] = ()
    days: Days
    most: Share = 1.0
    least: Probability = 0.0

    @model_validator(mode="after")
    def _does_one(self) -> Self:
        passed = self.outcome == "pass"
        if (self.most == 1.0) == passed or (self.least == 0.0) != passed:
            raise ValueError("a pass needs most below 1, a failure needs least above 0")
        return self


class Lot(Frozen):
    """How long a lot that passed is not inspected again."""

    days: Days


class Samples(Frozen):
    """How many units of a consignment are taken: Beta shape, and bounds by level."""

    usual: Count
    shape: Amount
    sizes: dict[RiskLevel, tuple[Count, Count]]


class Choice(Frozen):
    """How tests are chosen: how many, what is a rise, and what is rotated out."""

    most: Count
    days: Days
    recent: Days
    signals: Count
    faster: Annotated[float, Field(ge=1)]
    passes: Count
    quiet: Days
    floor: Share


class Policy(Frozen):
    """How risk becomes inspection; ``version`` is the hash of the file."""

    version: str
    name: str
    precedence: tuple[Cause, ...]
    lanes: dict[RiskLevel, Row]
    warnings: dict[WarningLevel, Warned]
    recognition: tuple[Recognition, ...] = ()
    lot: Lot
    effort: dict[Lane, Amount]
    harm: Annotated[tuple[Amount, ...], Field(min_length=4, max_length=4)]
    price: Amount
    base: Base
    samples: Samples
    choice: Choice
    items: dict[str, tuple[Test, ...]]
    usual_items: tuple[Test, ...]
    goods: dict[str, tuple[str, ...]] = {}

    @cached_property
    def floors(self) -> dict[RiskLevel, float]:
        """The least probability of inspection of each level."""
        return {level: row.floor for level, row in self.lanes.items()}

    def hours(self, level: RiskLevel) -> float:
        """Return the hours that a line of a level takes if it is chosen by risk."""
        return self.effort[self.lanes[level].risk]


def load(path: Path = FILE) -> Policy:
    """Read a policy; ``Invalid`` names the field and what is wrong with it."""
    if not path.exists():
        raise Invalid(f"there is no policy {path}; copy {FILE.name} of the package and change it")
    text = path.read_bytes()
    policy = _checked(mapping(text, path, kind="policy"), path)
    for check in (_tables, _orders, _named):
        for problem in check(policy):
            raise Invalid(f"{path}: {problem}")
    return policy


def mapping(text: bytes, path: Path, *, kind: str) -> dict[str, Any]:
    """Return a file's YAML with the hash of the file as its ``version``; ``Invalid`` for others."""
    try:
        plain = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Invalid(f"{path}: this is no YAML: {error}") from None
    if not isinstance(plain, dict):
        raise Invalid(f"{path}: a {kind} is a mapping of names to values, got {plain!r}")
    if "version" in plain:
        raise Invalid(f"{path}: version is made from the file itself; remove it")
    return {**plain, "version": hashlib.sha256(text).hexdigest()[:12]}


def _checked(plain: Mapping[str, Any], path: Path) -> Policy:
    try:
        return Policy.model_validate(plain)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise Invalid(f"{path}: {where} {first.get('input')!r}: {message}") from None


def _tables(policy: Policy) -> list[str]:
    """Return which table does not name each level once."""
    told: dict[str, tuple[Mapping[Any, object], tuple[str, ...]]] = {
        "lanes": (policy.lanes, LEVELS),
        "warnings": (policy.warnings, WARNED),
        "samples.sizes": (policy.samples.sizes, LEVELS),
        "effort": (policy.effort, get_args(Drawn)),
    }
    return [
        f"{name} must name each of {', '.join(levels)}"
        for name, (table, levels) in told.items()
        if set(table) != set(levels)
    ] + [
        f"precedence must name each of {', '.join(get_args(Cause))} once"
        for causes in (policy.precedence,)
        if sorted(causes) != sorted(get_args(Cause))
    ]


def _orders(policy: Policy) -> list[str]:
    """Return what does not rise with the level, or stands in the wrong order."""
    floors = [policy.floors[level] for level in LEVELS]
    least = [policy.warnings[level].least for level in WARNED]
    sizes = [policy.samples.sizes[level] for level in LEVELS]
    place = policy.precedence.index
    return [
        *(
            f"a higher level must not have a lower {name}, got {told}"
            for name, told in (("floor", floors), ("least of its warnings", least))
            if told != sorted(told)
        ),
        *(f"sizes {low} to {high} must rise" for low, high in sizes if low > high),
        *(f"{a} must stand before {b} in precedence" for a, b in BEFORE if place(a) > place(b)),
    ]


def _named(policy: Policy) -> list[str]:
    """Return hazards of goods that no test is for."""
    return [
        f"goods {code!r} names {hazard!r}, which items has no test for"
        for code, hazards in policy.goods.items()
        for hazard in hazards
        if hazard not in policy.items
    ]
