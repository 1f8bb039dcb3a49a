"""The inspection policy: floors, lanes, weights and items, from a file to read and change."""

import hashlib
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from features.errors import Invalid
from features.fields import Probability, Severity
from features.judgements import Lane, RiskLevel

FILE = Path(__file__).with_name("policy.yaml")
Amount = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Frozen(BaseModel):
    """A frozen part of the policy; unknown words are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Test(Frozen):
    """A test to run, in both languages."""

    zh: str
    en: str


class Base(Frozen):
    """What answers when no model can be loaded."""

    likelihood: Probability
    severity: Severity


class Policy(Frozen):
    """How risk becomes inspection; ``version`` is the hash of the file."""

    version: str
    name: str
    floors: dict[RiskLevel, Annotated[float, Field(gt=0, le=1)]]
    lanes: dict[RiskLevel, Lane]
    effort: dict[Lane, Amount]
    harm: Annotated[tuple[Amount, ...], Field(min_length=4, max_length=4)]
    price: Amount
    base: Base
    items: dict[str, tuple[Test, ...]]
    usual_items: tuple[Test, ...]


def load(path: Path = FILE) -> Policy:
    """Read a policy; ``Invalid`` names the field and what is wrong with it."""
    if not path.exists():
        raise Invalid(f"there is no policy {path}; copy {FILE.name} of the package and change it")
    text = path.read_bytes()
    try:
        policy = Policy.model_validate(
            {**_mapping(text, path), "version": hashlib.sha256(text).hexdigest()[:12]}
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"{path}: {where} {first.get('input')!r}: {first['msg']}") from None
    _check(policy, path)
    return policy


def _mapping(text: bytes, path: Path) -> dict[str, object]:
    try:
        plain = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Invalid(f"{path}: this is no YAML: {error}") from None
    if not isinstance(plain, dict):
        raise Invalid(f"{path}: a policy is a mapping of names to values, got {plain!r}")
    if "version" in plain:
        raise Invalid(f"{path}: version is made from the file itself; remove it")
    return plain


def _check(policy: Policy, path: Path) -> None:
    levels: tuple[RiskLevel, ...] = ("low", "medium", "high", "serious")
    for name, table in (("floors", policy.floors), ("lanes", policy.lanes)):
        if set(table) != set(levels):
            raise Invalid(f"{path}: {name} must name each of {', '.join(levels)}")
    floors = [policy.floors[level] for level in levels]
    if floors != sorted(floors):
        raise Invalid(f"{path}: a higher level must not have a lower floor, got {policy.floors}")
    if "release" in policy.lanes.values():
        raise Invalid(f"{path}: lanes say what happens to a drawn line; it cannot be released")
    if missing := set(policy.lanes.values()) - set(policy.effort):
        raise Invalid(f"{path}: effort lacks {', '.join(sorted(missing))}")
