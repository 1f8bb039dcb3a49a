"""Approval: who lets a model decide, and that it is not who trained it (四眼原则)."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from features.errors import Invalid
from models.gates import Check

TRAINED_BY = "trained_by"  # the tag of a version
LONGEST = 100  # characters of a name


@dataclass(frozen=True)
class Approval:
    """Who approved a version, when, why, and which gates it had passed with which numbers."""

    by: str
    at: datetime
    why: str
    passed: Mapping[str, float]

    def tags(self, how: str = "approved") -> dict[str, str]:
        """The approval as the tags of a version; ``restored`` by a rollback, the first stays."""
        told = {"by": self.by, "at": self.at.isoformat(), "because": self.why}
        gates = {"gates": json.dumps(self.passed)} if self.passed else {}
        return {f"{how}_{name}": text for name, text in {**told, **gates}.items()}


def person(name: str, option: str) -> str:
    """Return a person's name without blanks around it; ``Invalid`` where nobody is named.

    >>> person(" 张三 ", "--by")
    '张三'
    """
    told = " ".join(name.split())
    if not any(c.isalnum() for c in told) or len(told) > LONGEST or not told.isprintable():
        raise Invalid(
            f"{option} {name!r} names nobody; give the name of the person, "
            f"at most {LONGEST} characters"
        )
    return told


def second_person(by: str, trained_by: str | None, *, promote: str) -> Check:
    """Return whether another person approves than the one who trained.

    trained_by: ``None`` where nobody recorded it; then any named person may approve. promote: the
    command that a second person can run.
    """
    passed = trained_by is None or _alike(by) != _alike(trained_by)
    return Check(
        "second_person",
        float(passed),
        passed,
        f"a second person must approve: {trained_by} trained this version; "
        f"let somebody else run {promote} --approved-by NAME",
    )


def passed(checks: Sequence[Check]) -> dict[str, float]:
    """Return the gates that were passed, each with its number."""
    return {check.gate: round(check.number, 6) for check in checks if check.passed}


def _alike(name: str) -> str:
    """Return a name so that two spellings of one person are equal: width, case and blanks."""
    plain = unicodedata.normalize("NFKC", name)
    return " ".join("".join(c for c in plain if c.isprintable()).split()).casefold()
