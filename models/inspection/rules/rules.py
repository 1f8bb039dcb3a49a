"""Rules: what the law or the agency has decided beforehand, in a file that a risk manager writes.

They are asked before the model. Prohibitions stand before all else; of the other rules that fire on
a line, one that stands earlier in the file comes first, and a later one may only narrow what the
earlier ones left open. One function answers one line and the million lines of a test on the past.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import numpy as np
import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    model_validator,
)

from features import catalog, keys, moments
from features.build import Questions, Rows
from features.errors import Invalid
from features.feature_set import FeatureSet
from features.fields import Short
from features.reasons import Cause, Drawn, Effect, Lane
from models.inspection.policy import Frozen, Policy, mapping
from models.inspection.rules import conditions
from models.inspection.rules.conditions import NUMBERS, TEXTS, Columns, Condition, Mask

FILE = Path(__file__).with_name("rules.yaml")
ALWAYS = (-(2**63), 2**63 - 1)
EXCLUDING = ("inspect", "prohibit", "at_least", "exempt")
Model = TypeVar("Model", bound=BaseModel)


def _when(plain: object) -> Condition:
    try:
        return conditions.parse(plain)
    except Invalid as error:
        raise ValueError(str(error)) from None


def _day(value: object) -> object:
    """Return a civil day; numbers and moments, which pydantic would also take, are none."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError(f"{value!r} is no day; write 2026-07-01")


Day = Annotated[date, BeforeValidator(_day)]


class Action(Frozen):
    """What a rule does: one of the first four, or none of them, and the tests that must be run."""

    inspect: Drawn | None = None
    prohibit: Literal[True] | None = None
    at_least: Annotated[float, Field(strict=True, gt=0, le=1)] | None = None
    exempt: Literal[True] | None = None
    items: tuple[Short, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> Self:
        told = [name for name in EXCLUDING if getattr(self, name) is not None]
        if len(told) > 1:
            raise ValueError(f"{' and '.join(told)} exclude each other; keep one of them")
        if not told and not self.items:
            raise ValueError(f"nothing would be done; use {', '.join(EXCLUDING)} or items")
        if self.exempt and self.items:
            raise ValueError("an exempt line is not inspected, so no items can be; remove them")
        return self


class Rule(Frozen):
    """One rule: on which lines, from which civil day until which, what is done, and why."""

    id: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")]
    zh: Short
    en: Short
    basis: Short | None = None
    since: Day | None = None
    until: Day | None = None
    when: Annotated[Condition, PlainValidator(_when)]
    then: Action

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        try:
            start, end = self.period
        except Invalid as error:
            raise ValueError(str(error)) from None
        if start >= end:
            raise ValueError(f"until {self.until} is before since {self.since}; swap them")
        return self

    @property
    def period(self) -> tuple[int, int]:
        """From which millisecond it is in force until which, exclusive; days of Asia/Shanghai."""
        return _period(self.since, self.until)

    @property
    def items(self) -> tuple[str, ...]:
        """The hazards whose tests must be run, whatever the evidence says."""
        return self.then.items

    @property
    def effect(self) -> Effect:
        """What it does to the probability of inspection, said in its own words.

        A prohibition says so, as nothing else tells the single window; the basis ends the Chinese
        sentence.
        """
        zh, en = self.zh, self.en
        if self.then.prohibit:
            zh, en = f"禁止入境：{zh}", f"must not enter: {en}"
        if self.basis:
            zh = f"{zh}（依据：{self.basis}）"
        least, most, lane = self._bounds()
        cause: Cause = "prohibition" if self.then.prohibit else "rule"
        return Effect(cause=cause, id=self.id, least=least, most=most, lane=lane, zh=zh, en=en)

    def _bounds(self) -> tuple[float, float, Lane | None]:
        if self.then.prohibit:
            return 1.0, 1.0, "full"
        if self.then.inspect is not None:
            return 1.0, 1.0, self.then.inspect
        return self.then.at_least or 0.0, 0.0 if self.then.exempt else 1.0, None


class Rules(Frozen):
    """The rules of a file in their order of precedence; ``version`` is the hash of the file."""

    version: str
    name: Short
    rules: tuple[Rule, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name that a condition tests, each once."""
        found = (test.name for rule in self.rules for test in conditions.checks(rule.when))
        return tuple(dict.fromkeys(found))

    @cached_property
    def features(self) -> FeatureSet:
        """What conditions ask of the facts; its columns are those that they ask of a line."""
        features = catalog.named(name for name in self.names if conditions.is_feature(name))
        parts = (TEXTS[n].part if n in TEXTS else n for n in self.names)
        declared = [p for p in parts if p in keys.SOURCES or keys.is_extra(p)]
        return replace(features, categories=tuple(dict.fromkeys(declared)))

    def undated(self) -> Self:
        """Return the rules as if each had always been in force, to test one before its time."""
        ever = {"since": None, "until": None}
        made = tuple(rule.model_copy(update=ever) for rule in self.rules)
        return self.model_copy(update={"rules": made})


def fired(rules: Rules, columns: Columns, *, as_of: Sequence[int]) -> list[tuple[Rule, ...]]:
    """Return for each of q lines the rules that fire on it, in the order of precedence.

    columns: q values by name, as ``columns`` makes them; ``None`` or NaN is missing. as_of: q
    milliseconds; a rule fires only on civil days (Asia/Shanghai) that it covers. Whoever combines
    their effects takes them in this order, and lets each only narrow what those before left open:
    ``inspect`` after ``exempt`` changes nothing.
    """
    found: list[tuple[Rule, ...]] = [()] * len(as_of)
    for rule, mask in zip(rules.rules, hits(rules, columns, as_of=as_of), strict=True):
        for line in np.flatnonzero(mask):
            found[line] = (*found[line], rule)
    return found


def hits(rules: Rules, columns: Columns, *, as_of: Sequence[int]) -> list[Mask]:
    """Return for each rule on which of q lines it fires; arguments are those of ``fired``."""
    moment = np.asarray(as_of, np.int64)
    masks = []
    for rule in rules.rules:
        start, end = rule.period
        masks.append((start <= moment) & (moment < end) & conditions.holds(rule.when, columns))
    return masks


def columns(rules: Rules, questions: Questions, *, rows: Rows) -> dict[str, list[object]]:
    """Return q values by name of all that conditions test.

    questions, rows: q lines asked with ``rules.features``, or with a set that has all of it.
    """
    return {name: _column(name, questions, rows=rows) for name in rules.names}


def _column(name: str, questions: Questions, *, rows: Rows) -> list[object]:
    if name in TEXTS:
        part = TEXTS[name].part
        column = keys.source(part)[0]
        return keys.values({column: questions.columns[column]}, (part,))
    if name == "value_cny":
        whole = questions.columns["value_fen"]
        return [fen / 100 if isinstance(fen, int | float) else None for fen in whole]
    if name in NUMBERS or keys.is_extra(name):
        return questions.columns[name]
    told: list[object] = rows.numbers[:, rows.features.names.index(name)].tolist()
    return told


def load(path: Path = FILE) -> Rules:
    """Read rules; ``Invalid`` names the rule, the field, its value and the remedy."""
    if not path.exists():
        raise Invalid(f"there are no rules {path}; copy {FILE.name} of the package and change it")
    text = path.read_bytes()
    try:
        plain = mapping(text, path, kind="file of rules")
    except ValueError as error:  # YAML reads days itself
        raise Invalid(f"{path}: some day is none ({error}); mend since or until") from None
    _check_names(text, path)
    listed = plain.get("rules")
    if not isinstance(listed, list):
        raise Invalid(f"{path}: rules is a list of rules, [] where there is none; got {listed!r}")
    made = tuple(_rule(one, place, path=path) for place, one in enumerate(listed, 1))
    for place, rule in enumerate(made):
        if rule.id in (other.id for other in made[:place]):
            raise Invalid(f"{path}: two rules are called {rule.id!r}; give each an id of its own")
    ordered = sorted(made, key=lambda rule: not rule.then.prohibit)
    return _checked(Rules, {**plain, "rules": ordered}, where=str(path))


def check_items(rules: Rules, policy: Policy) -> None:
    """Refuse rules that ask for tests of a hazard for which the policy has none."""
    asked = [(rule, hazard) for rule in rules.rules for hazard in rule.items]
    for rule, hazard in asked:
        if hazard not in policy.items:
            raise Invalid(
                f"rule {rule.id!r}: items {hazard!r} is no hazard of the policy's items; "
                f"use {', '.join(policy.items)}, or add it there"
            )


def _rule(plain: object, place: int, *, path: Path) -> Rule:
    if not isinstance(plain, dict):
        raise Invalid(f"{path}: rule {place} is a mapping with {', '.join(WORDS)}; got {plain!r}")
    return _checked(Rule, plain, where=f"{path}: rule {plain.get('id', place)!r}")


WORDS = tuple(Rule.model_fields)
WRONG = {
    "missing": "{field} is missing; add it",
    "extra_forbidden": "{field} {value!r} is no word of it; remove it",
    "value_error": "{field}: {said}",
}


def _checked(model: type[Model], plain: dict[Any, Any], *, where: str) -> Model:
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        told = WRONG.get(first["type"], "{field} {value!r}: {said}")
        told = told.format(field=field, value=first["input"], said=said).removeprefix(": ")
        raise Invalid(f"{where}: {told}") from None


def _check_names(text: bytes, path: Path) -> None:
    """Refuse a name that stands twice in one mapping, of which YAML would keep the last."""
    nodes: list[yaml.Node | None] = [yaml.compose(text)]
    seen: set[int] = set()
    while nodes:
        node = nodes.pop()
        if id(node) in seen or not isinstance(node, yaml.CollectionNode):
            continue
        seen.add(id(node))
        names = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        twice = [name for name in names if isinstance(name, str) and names.count(name) > 1]
        if twice:
            line = node.start_mark.line + 1
            raise Invalid(f"{path}: line {line}: {twice[0]!r} stands twice; keep one, or use `all`")
        nodes += [value for _, value in node.value] if names else node.value


@lru_cache
def _period(since: date | None, until: date | None) -> tuple[int, int]:
    start, end = ALWAYS
    if since is not None:
        start = moments.milliseconds(moments.start(since.isoformat(), "since"))
    if until is not None:
        end = moments.milliseconds(moments.end(until.isoformat(), "until"))
    return start, end
