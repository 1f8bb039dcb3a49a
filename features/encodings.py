"""The encoding of a text file: UTF-8, with or without a byte order mark, or GB18030.

It is found by reading the whole file strictly; nothing is replaced and nothing is guessed.
"""

import codecs
import gzip
from collections.abc import Iterable, Iterator
from io import BufferedReader, TextIOWrapper
from pathlib import Path

from features.errors import Invalid

BLOCK = 1 << 20  # bytes read at a time


def opened(path: Path) -> TextIOWrapper:
    """Return a text file (also ``.gz``) to read, with its line ends as they are."""
    codec = encoding(path)  # first: it may refuse the file, which then is not open
    return TextIOWrapper(_bytes(path), encoding=codec, newline="")


def encoding(path: Path) -> str:
    """Return ``utf-8-sig`` or ``gb18030``, whichever the whole file is; else ``Invalid``."""
    not_utf_8 = _first_wrong_byte(_blocks(path), "utf-8")
    if not_utf_8 is None:
        return "utf-8-sig"
    not_gb18030 = _first_wrong_byte(_blocks(path), "gb18030")
    if not_gb18030 is None:
        return "gb18030"
    raise Invalid(
        f"{path.name} is neither UTF-8 (byte {not_utf_8} does not fit) nor GB18030 "
        f"(byte {not_gb18030} does not fit); save it as UTF-8"
    )


def _first_wrong_byte(blocks: Iterable[bytes], codec: str) -> int | None:
    """Return the offset (from 0) of the first byte that the codec cannot read."""
    decoder = codecs.getincrementaldecoder(codec)()
    read = 0
    for block in blocks:
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            return read + len(block) - len(error.object) + error.start
        read += len(block)
    return None


def _blocks(path: Path) -> Iterator[bytes]:
    """Return a file's bytes in blocks; the last one is empty."""
    with _bytes(path) as stream:
        while block := stream.read(BLOCK):
            yield block
    yield b""


def _bytes(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")
