"""Complaints with a known truth: which are told again, and which only begin alike."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from features.marks import Told
from tests.benchmarks.test_annotate_speed import ENDINGS, EVENTS, GOODS

OPENINGS = [f"您好，我要投诉，本人于{n}月在某平台的旗舰店购买了一台" for n in range(1, 13)]
INTRODUCTIONS = ["转发：", "网友爆料：", "看到有人说：", "同一件事，"]
ADDED = ["请尽快给我一个说法。", "到现在还没有人联系我。", "求扩散！"]
MINUTE_MS = 60_000


class Copied(NamedTuple):
    """Reports in order, and the report that each one repeats or is: the truth."""

    told: list[Told]
    truth: dict[str, str]


def own_words(rng: np.random.Generator) -> str:
    """Return a few clauses of common characters in an order of their own: what only one tells."""
    codes = rng.integers(0x4E00, 0x4E00 + 3_000, int(rng.integers(35, 70)))
    return "".join(map(chr, codes))


def written(count: int, *, seed: int) -> Copied:
    """Return complaints, a tenth of them copies: exact, introduced, added to, cut or mistyped.

    Every complaint opens by a template and has a sentence that others have too.
    """
    rng = np.random.default_rng(seed)
    texts: list[str] = []
    firsts: list[int] = []
    for number in range(count):
        if number and rng.random() < 0.1:
            first = firsts[int(rng.integers(max(0, number - 100_000), number))]
            texts.append(edited(texts[first], rng))
            firsts.append(first)
        else:
            parts = (OPENINGS, GOODS, ["，"], EVENTS)
            head = "".join(str(rng.choice(own)) for own in parts)
            texts.append(f"{head}，{own_words(rng)}，{rng.choice(ENDINGS)}")
            firsts.append(number)
    told = [Told(str(n), "12315", n * MINUTE_MS, text) for n, text in enumerate(texts)]
    return Copied(told, {str(n): str(first) for n, first in enumerate(firsts)})


def edited(text: str, rng: np.random.Generator) -> str:
    """Return a copy of a text as people copy."""
    match int(rng.integers(5)):
        case 0:
            return text
        case 1:
            return str(rng.choice(INTRODUCTIONS)) + text
        case 2:
            return text + str(rng.choice(ADDED))
        case 3:
            return text[: int(len(text) * 0.75)] + "……"
    at = sorted(int(place) for place in rng.integers(1, len(text) - 1, 3))
    return text[: at[0]] + "的" + text[at[0] : at[1]] + text[at[1] + 1 : at[2]] + text[at[2] + 1 :]


def pairs(groups: Iterator[tuple[str, str]]) -> int:
    """Return how many pairs share a group, of (report, group)."""
    sizes: dict[str, int] = {}
    for _, group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    return sum(size * (size - 1) // 2 for size in sizes.values())


def precision_recall(truth: dict[str, str], found: dict[str, str]) -> tuple[float, float]:
    """Return the share of found pairs that are true, and of true pairs that were found."""
    both = pairs((name, f"{found[name]}/{group}") for name, group in truth.items())
    return both / max(pairs(iter(found.items())), 1), both / max(pairs(iter(truth.items())), 1)
