"""Named stretches of a text, and the same as one tag for each character.

Tags read are BIO, BIOES, BMES and their kin; tags written are BIO. A sentence keeps every stretch
that its file has; where two overlap, tags can hold only the first and longest.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

OUTSIDE = "O"
TAG = re.compile(r"O|[BIMESLUW][-_](\S+)")
BEGINS, ALONE, ENDS = frozenset("BSUW"), frozenset("SUW"), frozenset("ELSUW")


class Named(NamedTuple):
    """A stretch of a text that names something of a kind."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Sentence:
    """A text and what it names, in order of place."""

    text: str
    named: tuple[Named, ...]


def named(tags: Sequence[str]) -> tuple[Named, ...]:
    """Return the stretches that tags tell; a stretch without its first tag still counts.

    >>> named(["B-HP", "E-HP", "O", "S-HC"])
    (Named(start=0, end=2, label='HP'), Named(start=3, end=4, label='HC'))
    """
    found: list[Named] = []
    start, open_label = 0, ""
    for i, tag in enumerate([*tags, OUTSIDE]):
        part, label = tag[0], tag[2:]
        if open_label and (label != open_label or part in BEGINS):
            found.append(Named(start, i, open_label))
            open_label = ""
        if label and not open_label:
            start, open_label = i, label
        if label and part in ENDS:
            found.append(Named(start, i + 1, open_label))
            open_label = ""
    return tuple(found)


def tags(sentence: Sentence) -> list[str]:
    """Return one BIO tag for each character.

    >>> tags(Sentence("买热水壶", (Named(1, 4, "HC"),)))
    ['O', 'B-HC', 'I-HC', 'I-HC']
    """
    told = [OUTSIDE] * len(sentence.text)
    for start, end, label in flat(sentence.named):
        told[start] = f"B-{label}"
        told[start + 1 : end] = [f"I-{label}"] * (end - start - 1)
    return told


def full_tags(sentence: Sentence) -> list[str]:
    """Return one BIOES tag for each character, which also tells where a stretch ends.

    >>> full_tags(Sentence("买热水壶", (Named(1, 4, "HC"),)))
    ['O', 'B-HC', 'I-HC', 'E-HC']
    """
    told = tags(sentence)
    for start, end, label in flat(sentence.named):
        told[end - 1] = f"E-{label}" if end - start > 1 else f"S-{label}"
    return told


def flat(stretches: Sequence[Named]) -> tuple[Named, ...]:
    """Return the stretches without those that overlap an earlier or, from one place, longer one."""
    kept: list[Named] = []
    for one in sorted(stretches, key=lambda one: (one.start, -one.end, one.label)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)
