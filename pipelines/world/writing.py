"""The words of simulated reports: from what happened to a title and a text."""

from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
import pandas as pd

from features.moments import CIVIL, moment
from pipelines.world.chance import Chance, Ints, pick, pick_each, stream, uniforms
from pipelines.world.codes import HAZARDS
from pipelines.world.grammar import grammar
from pipelines.world.reposts import repeated
from pipelines.world.slips import slipped
from pipelines.world.tables import goods, hazard_weights, hazards, places, registers, reporting
from pipelines.world.world import World

DATES = (
    "{0.month}月{0.day}日",
    "{0.year}年{0.month}月{0.day}日",
    "{0.month}.{0.day}",
    "{0:%Y-%m-%d}",
)
CALM = ("service", "price", "delivery", "advertising", "quality", "label", "counterfeit")
OWN_HAND = ("praise", "other")  # topics that are a register of their own
HEAVY = 3  # severity from which a text always tells the outcome
Turns = dict[str, str]


def written(world: World, told: pd.DataFrame, *, part: int) -> pd.DataFrame:
    """Return ``title`` (or None), ``text``, ``register`` and ``spoken`` goods name per report."""
    rng = stream(world.seed, "words", part=part)
    chance = uniforms(rng)
    frame = told.assign(register=_hands(rng, told), titled=_titled(rng, told))
    facts = _facts(world, rng, told=frame)
    rows: list[tuple[str | None, str]] = []
    for fact, copied in zip(facts, frame["copied"].tolist(), strict=True):
        if copied >= 0:
            title, text = rows[copied]
            rows.append((title, repeated(text, chance)))
        else:
            rows.append(_report(fact, chance))
    words = pd.DataFrame(rows, columns=["title", "text"], dtype=object)
    return words.assign(register=frame["register"], spoken=[fact["goods"] for fact in facts])


def _report(fact: Mapping[str, str], chance: Iterator[float]) -> tuple[str | None, str]:
    """Return title and text of one report; title and text tell the same outcome."""
    book, register = grammar(), fact["register"]
    severity, feared = int(fact["severity"]), fact["feared"]
    slots = {**fact, **_turns(fact["topic"], fact["sector"], severity=severity, feared=feared)}
    ending = registers()[register].outcome
    outcome = book.write(ending, slots, chance=chance)
    slots = {**slots, ending: outcome}
    text = book.write(register, slots, chance=chance)
    if severity >= HEAVY and outcome not in text:
        text = f"{text.rstrip('，')}{'' if text[-1] in '。！!' else '。'}{outcome}。"
    title = book.write(f"{register}_title", slots, chance=chance) if fact["titled"] else None
    return title, slipped(text, chance) or "无"


@cache
def _turns(topic: str, sector: str, *, severity: int, feared: str) -> Turns:
    """Return which rules tell the event, its short form, its finding and its outcome."""
    book = grammar()
    short = topic if topic in hazards() or topic in CALM else "none"
    kinds = f"event_{topic}_{sector}", f"event_{topic}"
    return {
        "event": "=" + book.first(*kinds, "event_quality"),
        "brief": "=" + book.first(f"brief_{topic}_{sector}", f"brief_{topic}", f"brief_{short}"),
        "finding": "="
        + book.first(f"finding_{topic}_{sector}", f"finding_{topic}", "finding_none"),
        "harm": "=" + book.first(f"harm_{severity}_{topic}", f"harm_{severity}"),
        "toll": "=" + book.first(f"toll_{severity}_{topic}", f"toll_{severity}"),
        "fear": "=" + book.first(f"brief_{feared}_{sector}", f"brief_{feared}"),
    }


def _facts(world: World, rng: Chance, *, told: pd.DataFrame) -> list[dict[str, str]]:
    """Return the slots of every report: what its writer knows."""
    supply = np.where(told["supply"] >= 0, told["supply"], rng.integers(0, len(world.supplies)))
    trade = world.supplies.iloc[supply]
    firm = world.firms.iloc[trade["enterprise"]]
    luck = rng.random((len(told), 4))
    columns = {
        "goods": _spoken(trade["goods"].tolist(), luck[:, 0].tolist()),
        "brand": trade["brand"].tolist(),
        "firm": np.where(luck[:, 1] < 0.5, firm["short"] + "公司", firm["name"]).tolist(),
        "origin": [places().countries[code] for code in trade["origin"]],
        "district": _districts(rng, len(told)),
        "date": _dates(told["occurred_ms"].tolist(), luck[:, 2].tolist()),
        "amount": _amounts(trade["goods"].tolist(), luck[:, 3].tolist()),
        "sector": [goods()[code].sector for code in trade["goods"]],
        "topic": _topics(told),
        "feared": _fears(rng, trade["goods"].to_numpy()),
        "severity": told["severity"].astype(str).tolist(),
        "register": told["register"].tolist(),
        "titled": np.where(told["titled"], "yes", "").tolist(),
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _topics(told: pd.DataFrame) -> list[str]:
    """Return the hazard told, or the category where there is none."""
    names = list(hazards())
    pairs = zip(told["hazard"], told["category"], strict=True)
    return [names[hazard] if hazard >= 0 else category for hazard, category in pairs]


def _fears(rng: Chance, codes: Ints) -> list[str]:
    """Return a hazard that people fear of these goods, come true or not."""
    return [str(name) for name in HAZARDS[pick_each(rng, hazard_weights()[codes])]]


def _spoken(codes: list[int], luck: list[float]) -> list[str]:
    words = [line.words for line in goods()]
    return [words[c][int(u * len(words[c]))] for c, u in zip(codes, luck, strict=True)]


def _dates(moments: list[int], luck: list[float]) -> list[str]:
    """Return local dates in the several ways that people write them."""
    days = [moment(ms).astimezone(CIVIL) for ms in moments]
    return [DATES[int(u * len(DATES))].format(day) for day, u in zip(days, luck, strict=True)]


def _amounts(codes: list[int], luck: list[float]) -> list[str]:
    """Return a shop price in yuan: dearer than the declared unit value."""
    price = [1.5 * line.value + 5 for line in goods()]
    return [str(round(price[c] * (0.7 + u))) for c, u in zip(codes, luck, strict=True)]


def _districts(rng: Chance, count: int) -> list[str]:
    table = places().districts
    drawn = pick(rng, [district.weight for district in table.values()], size=count)
    return [list(table)[i] for i in drawn]


def _hands(rng: Chance, told: pd.DataFrame) -> list[str]:
    """Return the register of each report: its channel's, or the topic's own."""
    channels = {str(name): channel.registers for name, channel in reporting().channels.items()}
    own = told["category"].isin(OWN_HAND)
    result = np.array(told["category"].where(own, ""), dtype=object)
    for name, weights in channels.items():
        rows = np.flatnonzero((told["channel"] == name) & (result == ""))
        hands = np.array(list(weights), dtype=object)
        result[rows] = hands[pick(rng, list(weights.values()), size=len(rows))]
    return list(result)


def _titled(rng: Chance, told: pd.DataFrame) -> pd.Series:
    share = {str(name): channel.titled for name, channel in reporting().channels.items()}
    return pd.Series(rng.random(len(told)) < told["channel"].map(share).astype(float))
