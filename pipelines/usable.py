"""Usable: which labelled texts may train, and how many may not for which reason."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.labelled import Labelled, Labels

FEWEST = 2  # texts of a class: a fit and its calibration each need one


@dataclass(frozen=True)
class Usable:
    """Texts that may train, one row for each text, and what was left out.

    left_out: rows by reason. empty: nothing is left of the text. unlabelled. in_test: the same text
    is tested. repeated: the text is there already. contradicted: so it is, with more rows that say
    another label. rare: its class has a single text. rare: the names of those classes.
    self_labelled: how many of the rows have their label from the model alone.
    """

    rows: Labelled
    left_out: Mapping[str, int]
    rare: Sequence[str] = ()
    self_labelled: int = 0


def usable(rows: Labelled, *, tested: Collection[str] = (), many: bool = False) -> Usable:
    """Return the texts to train on; ``tested`` are normalised texts that must stay out.

    many: a text may have several labels; then it has those of all its rows. Otherwise it has the
    one that most of its rows say, the first of equals.
    """
    reasons = {i: _reason(rows, i, tested=tested) for i in range(len(rows))}
    kept = [i for i, reason in reasons.items() if not reason]
    left = Counter(reason for reason in reasons.values() if reason)
    by_text: dict[str, list[int]] = {}
    for i in kept:
        by_text.setdefault(rows.normal[i], []).append(i)
    labels = [_agreed([rows.labels[i] for i in own], many=many) for own in by_text.values()]
    once = replace(rows.take([own[0] for own in by_text.values()]), labels=labels)
    left.update(_surplus(rows, by_text, labels=labels, many=many))
    return Usable(once, left) if many else _common(once, left)


def _reason(rows: Labelled, row: int, *, tested: Collection[str]) -> str:
    if not rows.normal[row]:
        return "empty"
    if not rows.labels[row]:
        return "unlabelled"
    return "in_test" if rows.normal[row] in tested else ""


def _agreed(told: Sequence[Labels], *, many: bool) -> Labels:
    if many:
        return tuple(sorted({label for labels in told for label in labels}))
    return Counter(told).most_common(1)[0][0]


def _surplus(
    rows: Labelled,
    by_text: Mapping[str, Sequence[int]],
    *,
    labels: Sequence[Labels],
    many: bool,
) -> dict[str, int]:
    """Return how many rows say a text again, and how many of them say another label."""
    surplus = sum(len(own) - 1 for own in by_text.values())
    pairs = zip(by_text.values(), labels, strict=True)
    others = 0 if many else sum(rows.labels[i] != label for own, label in pairs for i in own)
    told = {"repeated": surplus - others, "contradicted": others}
    return {reason: count for reason, count in told.items() if count}


def _common(rows: Labelled, left: Counter[str]) -> Usable:
    """Return the rows without those of classes that have too few."""
    sizes = Counter(rows.labels)
    few = sorted(label for labels, size in sizes.items() if size < FEWEST for label in labels)
    kept = [i for i, labels in enumerate(rows.labels) if sizes[labels] >= FEWEST]
    rare = {"rare": len(rows) - len(kept)} if few else {}
    return Usable(rows.take(kept), left + Counter(rare), few)
