"""Word lists: names that people have gathered, a kind in each file, and where a text has them.

Files whose names differ only in their last figures (brand1.dic, brand2.dic) are one list. A line
is a word; what follows a tab, such as a frequency, is left out.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from features import encodings
from features.errors import Invalid
from models.text.entities import spelling
from models.text.matcher import Matcher

SUFFIXES = (".dic", ".txt")
LEAST = 2  # characters of a word
LONGEST = 5  # from here on a word's length makes no difference

WordLists = Mapping[str, tuple[str, ...]]


def load(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the lists of a folder by name, each word once; ``Invalid`` where there is none."""
    if not folder.is_dir():
        raise Invalid(f"{folder} is no folder; give one with word lists (*.dic, *.txt)")
    gathered: dict[str, set[str]] = {}
    for path in sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES):
        name = re.sub(r"[\d_-]+$", "", path.stem) or path.stem
        gathered.setdefault(name, set()).update(_words(path))
    lists = {name: tuple(sorted(words)) for name, words in gathered.items() if words}
    if not lists:
        raise Invalid(f"{folder} holds no words in any *.dic or *.txt; write one word in a line")
    return lists


def _words(path: Path) -> Iterable[str]:
    with encodings.opened(path) as file:
        lines = file.read().split("\n")
    words = (spelling.same_length(line.split("\t")[0].strip()) for line in lines)
    return [word for word in words if len(word) >= LEAST]


def longest(matcher: Matcher, text: str) -> list[str]:
    """Return for each place its part in the longest word there, and how long that is.

    >>> longest(Matcher(("热水壶",)), "买热水壶")
    ['-', 'B3', 'I3', 'E3']
    """
    told = ["-"] * len(text)
    for start, end, _ in matcher.apart(text):
        size = min(end - start, LONGEST)
        told[start:end] = [f"I{size}"] * (end - start)
        told[start], told[end - 1] = f"B{size}", f"E{size}"
    return told


def every(matcher: Matcher, text: str) -> list[str]:
    """Return for each place the longest word that begins, ends and runs through there.

    >>> every(Matcher(("热水", "热水壶")), "热水壶")
    ['300', '023', '030']
    """
    begins, ends, inside = ([0] * len(text) for _ in range(3))
    for start, end, _ in matcher.every(text):
        size = min(end - start, LONGEST)
        begins[start] = max(begins[start], size)
        ends[end - 1] = max(ends[end - 1], size)
        for i in range(start + 1, end - 1):
            inside[i] = max(inside[i], size)
    return [f"{b}{e}{i}" for b, e, i in zip(begins, ends, inside, strict=True)]
