"""Complaints of the sample world's grammar, some told again with more and more edits: the truth."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from features.marks import Told
from features.records import reading
from models.text.duplicates.shingles import bare
from pipelines.world import declarations, inspections, reports, reposts, truth, writing
from pipelines.world.chance import Chance, uniforms
from pipelines.world.slips import slipped
from pipelines.world.world import World, build

UNTIL = datetime(2025, 7, 1, tzinfo=UTC)
LINES, FIRMS = 20_000, 200
MOST_EDITS = 4
MINUTE_MS = 60_000
STOPS = "，。！？；,.!?;"


class Retold(NamedTuple):
    """Reports in order, the first that each one tells again, and each copy's edit distance.

    The distance counts changed characters of the bared texts, as a share of the longer one.
    """

    told: list[Told]
    truth: dict[str, str]
    distance: dict[str, float]


def retold(*, seed: int) -> Retold:
    """Return a world's complaints, each with one copy in ten, in the order of their ids."""
    rng = np.random.default_rng(seed)
    chance = uniforms(rng)
    own = _written(build(seed=seed, until=UNTIL, enterprises=FIRMS))
    texts, firsts = list[str](), list[int]()
    for text in own:
        firsts.append(len(texts))
        texts.append(text)
        if rng.random() < 0.1:
            first = int(rng.integers(len(texts)))
            firsts.append(firsts[first])
            texts.append(_edited(texts[firsts[first]], own, rng=rng, chance=chance))
    told = [Told(str(n), "12315", n * MINUTE_MS, text) for n, text in enumerate(texts)]
    pairs = [(n, first) for n, first in enumerate(firsts) if n != first]
    distance = {str(n): _distance(texts[n], texts[first]) for n, first in pairs}
    return Retold(told, {str(n): str(first) for n, first in enumerate(firsts)}, distance)


def _distance(one: str, other: str) -> float:
    return float(Levenshtein.normalized_distance(bare(one), bare(other)))


def _written(world: World) -> list[str]:
    """Return what people wrote of some lots, nothing of it copied."""
    lots = declarations.declarations(world, np.arange(LINES), total=LINES, part=1)
    facts = truth.truths(world, lots, part=1)
    visits = inspections.inspections(world, lots, truths=facts, part=1)
    stopped = visits.loc[visits["fails"], "lot"].to_numpy()
    told = reports.events(world, lots, truths=facts, stopped=stopped, part=1).assign(copied=-1)
    words = writing.written(world, told, part=1)
    return [reading(a, b) for a, b in zip(words["title"], words["text"], strict=True)]


def _edited(text: str, others: list[str], *, rng: Chance, chance: Iterator[float]) -> str:
    """Return a copy: introduced or cut as the world's reposts are, then edited clause by clause."""
    text = reposts.repeated(text, chance)
    for _ in range(int(rng.integers(MOST_EDITS + 1))):
        text = _clause(slipped(text, chance), str(rng.choice(others)), rng=rng)
    return text


def _clause(text: str, other: str, *, rng: Chance) -> str:
    """Return a text with one clause left out, moved, told otherwise or put in."""
    clauses, foreign = _clauses(text), _clauses(other)
    at, to = (int(place) for place in rng.integers(len(clauses), size=2))
    new = foreign[int(rng.integers(len(foreign)))]
    match int(rng.integers(4)):
        case 0 if len(clauses) > 1:
            del clauses[at]
        case 1:
            clauses.insert(to, clauses.pop(at))
        case 2:
            clauses[at] = new
        case _:
            clauses.insert(at, new)
    return "".join(clauses)


def _clauses(text: str) -> list[str]:
    """Return the clauses of a text, each with the stops behind it; one where there is none."""
    found = [""]
    for character in text:
        if found[-1][-1:] in STOPS and found[-1] and character not in STOPS:
            found.append("")
        found[-1] += character
    return found
