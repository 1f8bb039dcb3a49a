"""A grammar of texts: symbols, choices and options, expanded by chance.

``<symbol>`` is replaced by one of its alternatives or by a slot's value, ``(a|b)`` is a choice,
``[a]`` appears half of the time. Rules may refer to themselves.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from features.errors import Invalid

FOLDER = Path(__file__).parent / "words"
SLOTS = ("goods", "brand", "firm", "origin", "district", "date", "amount")
TURNS = ("event", "brief", "finding", "harm", "toll", "fear")  # slots that name another symbol
SYMBOL = re.compile(r"<([\w~]+)>")
INNERMOST = re.compile(r"\[([^\[\]()]*)\]|\(([^\[\]()]*)\)")
Rule = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Grammar:
    """Rules by symbol; an alternative is literal, symbol, literal, … in turn."""

    rules: Mapping[str, Rule]

    def write(self, symbol: str, slots: Mapping[str, str], *, chance: Iterator[float]) -> str:
        """Return one text of the symbol; a slot wins over a rule of the same name.

        A slot whose value is ``=name`` stands for the rule of that name.
        """
        words: list[str] = []
        self._expand(symbol, slots, chance=chance, words=words)
        return "".join(words)

    def _expand(
        self, symbol: str, slots: Mapping[str, str], *, chance: Iterator[float], words: list[str]
    ) -> None:
        value = slots.get(symbol)
        if value is not None and not value.startswith("="):
            words.append(value)
            return
        rule = self.rules[value[1:] if value else symbol]
        parts = rule[int(next(chance) * len(rule))]
        for place, part in enumerate(parts):
            if place % 2:
                self._expand(part, slots, chance=chance, words=words)
            else:
                words.append(part)

    def first(self, *symbols: str) -> str:
        """Return the first of these symbols that has a rule."""
        for symbol in symbols:
            if symbol in self.rules:
                return symbol
        raise Invalid(f"the words have no rule for {symbols[-1]}; add it to pipelines/world/words")


@cache
def grammar() -> Grammar:
    """Return the grammar of all files in ``words``."""
    shape = TypeAdapter(dict[str, list[str]])
    sources: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        read = shape.validate_python(yaml.safe_load(path.read_text("utf-8")))
        if twice := set(read) & set(sources):
            raise Invalid(f"{path.name} defines {sorted(twice)} a second time; rename or merge")
        sources.update(read)
    return compiled(sources)


def compiled(sources: Mapping[str, Sequence[str]]) -> Grammar:
    """Return the grammar of these rules; every symbol in them must be a rule or a slot."""
    rules: dict[str, Rule] = {}
    for symbol, alternatives in sources.items():
        rules[symbol] = tuple(_parts(text, rules) for text in alternatives)
    named = {part for rule in rules.values() for parts in rule for part in parts[1::2]}
    if missing := named - set(rules) - {*SLOTS, *TURNS}:
        raise Invalid(f"the words name {sorted(missing)} without a rule; add them or fix the name")
    return Grammar(rules)


def _parts(text: str, rules: dict[str, Rule]) -> tuple[str, ...]:
    """Return literal, symbol, literal, …; choices and options become rules of their own."""
    while found := INNERMOST.search(text):
        optional, choices = found.groups()
        options = ["", optional] if choices is None else choices.split("|")
        name = f"~{len(rules)}"
        rules[name] = ()
        rules[name] = tuple(tuple(SYMBOL.split(option)) for option in options)
        text = f"{text[: found.start()]}<{name}>{text[found.end() :]}"
    return tuple(SYMBOL.split(text))
