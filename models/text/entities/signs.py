"""Signs: what a field sees at each place of a text, as short strings.

Characters, their pairs and triples, their kinds; the word that a segmenter finds there, its
neighbours and their parts of speech; title marks around; and columns from word lists, known words
and topics. A second view adds wider pairs, so that two fields err differently.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.text import segment
from models.text.entities.crf import Signs
from models.text.entities.spelling import BREAK, UNSEEN, same_length

BLANK = "_"
MARK = re.compile("[《》]")
LEFT, RIGHT, WIDTH, NEAR, EDGE = "\x02", "\x03", 4, 3, 6
Column = list[str]


@dataclass(frozen=True)
class Told:
    """What is known of a text beforehand: columns of lists, and signs of the whole text."""

    columns: tuple[Column, ...] = ()
    whole: tuple[str, ...] = ()


def spelt(text: str) -> str:
    """Return a text in the spelling that signs are made of; as long as the text."""
    plain = same_length(text)
    return plain.replace(UNSEEN, BLANK).replace(BREAK, BLANK).replace(" ", BLANK)


def views(text: str, told: Told) -> tuple[Signs, Signs]:
    """Return the near and the wide view of a spelt text; as many places as characters."""
    pieces = segment.tagged(text)
    near = [
        *_characters(text),
        *_words(pieces),
        *_parts_of_speech(pieces),
        *_marks(text),
        *_listed(told.columns),
        *([sign] * len(text) for sign in told.whole),
    ]
    wide = [*near, *_wider(text, pieces)]
    return _rows(near), _rows(wide)


def _rows(columns: Iterable[Column]) -> Signs:
    return [list(row) for row in zip(*columns, strict=True)]


def _shifted(text: str) -> dict[int, str]:
    """Return the text moved by -4 to 4 places, marks at its ends."""
    padded = f"{LEFT * WIDTH}{text}{RIGHT * WIDTH}"
    return {by: padded[WIDTH + by : WIDTH + by + len(text)] for by in range(-WIDTH, WIDTH + 1)}


def _characters(text: str) -> Iterator[Column]:
    at = _shifted(text)
    for by in range(-NEAR, NEAR + 1):
        yield [f"{by}={c}" for c in at[by]]
    for by in (-2, -1, 0, 1):
        yield [f"b{by}={c}{d}" for c, d in zip(at[by], at[by + 1], strict=True)]
    for by in (-2, -1, 0):
        triples = zip(at[by], at[by + 1], at[by + 2], strict=True)
        yield [f"t{by}={c}{d}{e}" for c, d, e in triples]
    kinds = f"^^{''.join(map(_kind, text))}$$"
    yield [f"y={kinds[i : i + 5]}" for i in range(len(text))]
    yield [f"y3={kinds[i + 1 : i + 4]}" for i in range(len(text))]


def _kind(character: str) -> str:
    if "一" <= character <= "鿿":
        return "C"
    if character.isdigit():
        return "D"
    return "L" if character.isascii() and character.isalpha() else "P"


Piece = tuple[str, str]


def _placed(pieces: Sequence[Piece]) -> list[tuple[int, str, str]]:
    """Return for each place its piece's number, the piece, and the place in it."""
    return [
        (number, word, "S" if len(word) == 1 else _within(i, len(word)))
        for number, (word, _) in enumerate(pieces)
        for i in range(len(word))
    ]


def _within(i: int, length: int) -> str:
    return "B" if i == 0 else "E" if i == length - 1 else "I"


def _words(pieces: Sequence[Piece]) -> Iterator[Column]:
    placed = _placed(pieces)
    word = [LEFT, LEFT, *(word for word, _ in pieces), RIGHT, RIGHT]
    yield [f"w={own}" for _, own, _ in placed]
    yield [f"q={part}" for _, _, part in placed]
    yield [f"wq={own}{part}" for _, own, part in placed]
    yield [f"w-={word[k + 1]}{part}" for k, _, part in placed]
    yield [f"w+={word[k + 3]}{part}" for k, _, part in placed]
    yield [f"w--={word[k]}" for k, _, _ in placed]
    yield [f"w++={word[k + 4]}" for k, _, _ in placed]


def _parts_of_speech(pieces: Sequence[Piece]) -> Iterator[Column]:
    placed = [(k, part) for k, _, part in _placed(pieces)]
    speech = ["^", *(letters for _, letters in pieces), "$"]
    yield [f"p={speech[k + 1]}{part}" for k, part in placed]
    yield [f"pb-={speech[k]}|{speech[k + 1]}{part}" for k, part in placed]
    yield [f"pb+={speech[k + 1]}|{speech[k + 2]}{part}" for k, part in placed]
    yield [f"pt={speech[k]}|{speech[k + 1]}|{speech[k + 2]}{part}" for k, part in placed]
    yield [f"pf={speech[k]}|{speech[k + 2]}{part}" for k, part in placed]


def _marks(text: str) -> Iterator[Column]:
    """Yield whether each place stands in a title's marks, of which one may be cut off."""
    told = ["o"] * len(text)
    opened: int | None = None
    for i, mark in enumerate(MARK.finditer(text)):
        if mark[0] == "《":
            opened = mark.end()
        elif opened is not None or i == 0:
            start = opened or 0
            told[start : mark.start()] = ["i" if opened else "<"] * (mark.start() - start)
            opened = None
    if opened is not None:
        told[opened:] = [">"] * (len(text) - opened)
    yield [f"m={within}" for within in told]
    yield [f"mc={within}{c}" for within, c in zip(told, text, strict=True)]


def _listed(columns: Sequence[Column]) -> Iterator[Column]:
    for k, column in enumerate(columns):
        after = [*column[1:], "$"]
        yield [f"g{k}={sign}" for sign in column]
        yield [f"g{k}-={sign}" for sign in ["^", *column[:-1]]]
        yield [f"g{k}+={sign}" for sign in after]
        yield [f"g{k}b={sign}{then}" for sign, then in zip(column, after, strict=True)]
    if len(columns) > 1:
        yield [f"gj={'|'.join(row)}" for row in zip(*columns, strict=True)]


def _wider(text: str, pieces: Sequence[Piece]) -> Iterator[Column]:
    at, last = _shifted(text), len(text) - 1
    for by in (-3, 2):
        yield [f"b{by}={c}{d}" for c, d in zip(at[by], at[by + 1], strict=True)]
    placed = _placed(pieces)
    word = [LEFT, *(word for word, _ in pieces), RIGHT]
    yield [f"wb-={word[k]}|{own}{part}" for k, own, part in placed]
    yield [f"wb+={own}|{word[k + 2]}{part}" for k, own, part in placed]
    yield [f"pl={min(i, EDGE)}" for i in range(len(text))]
    yield [f"pr={min(last - i, EDGE)}" for i in range(len(text))]
