"""Suspects: labels that are probably wrong, by confident learning (Northcutt et al. 2021).

Judged by probabilities of models that had not seen the text: a label is suspect where another class
is as likely as that class usually is for its own texts.
"""

import json
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.errors import NotReady
from models.text.classifier import Labels, Probabilities

FILE = "suspects.json"


class Suspect(NamedTuple):
    """A report whose label is doubted: what was given, what is likelier, and how likely both are.

    text: the beginning of its normalised words, personal data masked before they were stored.
    """

    report_id: str
    question: str
    given: str
    likely: str
    given_probability: float
    likely_probability: float
    by_person: bool
    text: str


def rows(labels: Labels, held_out: Probabilities, *, classes: Labels) -> NDArray[np.intp]:
    """Return the rows of labels that are probably wrong, the least probable label first.

    held_out: each text's probabilities by a model that had not seen it; ``classes`` its columns.
    """
    from cleanlab.filter import find_label_issues  # two seconds that only a training needs

    truth = np.searchsorted(classes, labels)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a rare class hides some of its errors
        found = find_label_issues(
            truth, held_out, return_indices_ranked_by="self_confidence", n_jobs=1
        )
    return np.asarray(found, dtype=np.intp)


def write(directory: Path, suspects: Iterable[Suspect]) -> None:
    """Write ``suspects.json``, a row each, into a folder that exists."""
    told = [suspect._asdict() for suspect in suspects]
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (directory / FILE).write_text(text + "\n", encoding="utf-8")


def read(directory: Path) -> tuple[Suspect, ...]:
    """Return what ``write`` wrote; none where it wrote nothing, ``NotReady`` where it is broken."""
    path = directory / FILE
    if not path.exists():
        return ()
    try:
        return tuple(Suspect(**told) for told in json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise NotReady(f"{path} cannot be read ({error}); fetch the text model again") from None
