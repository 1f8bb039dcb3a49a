from collections.abc import Iterator
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import Invalid
from pipelines.world.chance import uniforms
from pipelines.world.grammar import SLOTS, TURNS, Grammar, compiled, grammar
from pipelines.world.tables import goods, hazards, registers, reporting

FILLED = dict.fromkeys(SLOTS, "甲")


def _always(number: float) -> Iterator[float]:
    return cycle([number])


@pytest.mark.parametrize(
    ("rule", "chance", "text"),
    [
        ("好", 0.0, "好"),
        ("(好|坏)", 0.0, "好"),
        ("(好|坏)", 0.99, "坏"),
        ("很[不]好", 0.0, "很好"),
        ("很[不]好", 0.99, "很不好"),
        ("[很(好|坏)]。", 0.99, "很坏。"),
        ("<goods>坏了", 0.0, "甲坏了"),
        ("<also>", 0.0, "也"),
    ],
)
def test_choices_options_slots_and_symbols(rule: str, chance: float, text: str) -> None:
    book = compiled({"start": [rule], "also": ["也"]})
    assert book.write("start", FILLED, chance=_always(chance)) == text


def test_a_slot_may_name_a_rule() -> None:
    book = compiled({"start": ["<event>！"], "event_fire": ["起火"]})
    assert book.write("start", {"event": "=event_fire"}, chance=_always(0.0)) == "起火！"


def test_a_symbol_without_a_rule_is_refused() -> None:
    with pytest.raises(Invalid, match="nowhere"):
        compiled({"start": ["<nowhere>"]})


def test_a_missing_rule_is_named() -> None:
    with pytest.raises(Invalid, match="event_flood"):
        Grammar({}).first("event_flood")


@given(st.integers(min_value=0, max_value=2**32))
def test_every_register_writes_something_for_every_hazard(seed: int) -> None:
    book, rng = grammar(), np.random.default_rng(seed)
    for register in registers():
        hazard = str(rng.choice(list(hazards())))
        severity = int(rng.integers(1, 5))
        turns = {
            "event": f"=event_{hazard}",
            "brief": f"=brief_{hazard}",
            "finding": f"=finding_{hazard}",
            "harm": f"=harm_{severity}",
            "toll": f"=toll_{severity}",
            "fear": f"=brief_{hazard}",
        }
        assert set(turns) == set(TURNS)
        text = book.write(register, {**FILLED, **turns}, chance=uniforms(rng))
        assert text.strip()
        assert not set("<>[]()|=") & set(text) or "[话题]" in text


def test_every_rule_is_used() -> None:
    """A rule that nothing names would be dead words."""
    book = grammar()
    named = {part for rule in book.rules.values() for parts in rule for part in parts[1::2]}
    dynamic = ("event_", "brief_", "finding_", "harm_", "toll_")
    starts = {*registers(), *(f"{register}_title" for register in registers())}
    unused = {s for s in book.rules if s not in named | starts and not s.startswith(dynamic)}
    assert unused == set()


def test_every_hand_has_words_and_every_topic_an_event() -> None:
    book = grammar()
    for channel in reporting().channels.values():
        for register in channel.registers:
            assert register in registers()
            assert {register, f"{register}_title"} <= set(book.rules)
    for topic in [*hazards(), *reporting().grumbles]:
        if topic not in ("safety", "other"):
            assert f"event_{topic}" in book.rules
    sectors = {line.sector for line in goods()}
    tails = [name.removeprefix("event_") for name in book.rules if name.startswith("event_")]
    known = {*hazards(), *reporting().grumbles}
    for tail in tails:
        assert tail in known or any(tail == f"{k}_{s}" for k in known for s in sectors), tail


@pytest.mark.parametrize("register", sorted(set(registers()) - {"other", "praise"}))
def test_every_text_of_a_harm_tells_what_happened(register: str) -> None:
    """Whatever else is left out, the hazard is in the text, so a reader can find it."""
    book, chance = grammar(), uniforms(np.random.default_rng(1))
    slots = {**FILLED, **dict.fromkeys(TURNS, ""), "event": "乙", "brief": "乙", "finding": "乙"}
    assert all("乙" in book.write(register, slots, chance=chance) for _ in range(500))
