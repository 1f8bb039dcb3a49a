"""Slips of typing that real texts have: homophones, mixed width, missing punctuation."""

from collections.abc import Iterator

from pipelines.world.tables import noise

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
NARROW = str.maketrans("，。！？：；（）", ",.!?:;()")
BARE = str.maketrans("，。；", "   ")


def slipped(text: str, chance: Iterator[float]) -> str:
    """Return the text, one time in four with some slip in it."""
    luck = next(chance)
    if luck > 0.25:
        return text
    if luck < 0.13:
        return _mistyped(text, chance)
    return text.translate(WIDE if luck < 0.16 else NARROW if luck < 0.21 else BARE)


def _mistyped(text: str, chance: Iterator[float]) -> str:
    pairs = [pair for pair in noise().typos.items() if pair[0] in text]
    if not pairs:
        return text
    right, wrong = pairs[int(next(chance) * len(pairs))]
    return text.replace(right, wrong, 1)
