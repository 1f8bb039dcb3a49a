"""Labelling: which reports a person should judge next, the most instructive first.

Copies of one text are judged once, and the next report is one that resembles those before it
little: ten copies of the hardest complaint teach less than ten different hard ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from features.errors import Invalid
from features.judgements import Annotation
from features.records import Report, reading
from models.text import corrections
from models.text.annotate import Annotator
from models.text.lessons import Kind, Lesson, Teacher, Unread, telling
from models.text.normalize import normalize
from models.text.suspects import Suspect

WEIGHTS: dict[Kind, float] = {"suspect": 1.0, "disagreeing": 1.0, "uncertain": 1.0, "novel": 0.5}
RESEMBLANCE = 0.5  # what a report loses that is word for word like one before it
COMPARED = 10  # times as many reports as are asked for are compared with one another
Told = tuple[Report, Annotation, Sequence[Annotation]]  # a report, its reading, other readings


@dataclass(frozen=True)
class Pick:
    """A report to judge next: how instructive it is, and why."""

    unread: Unread
    score: float
    lessons: tuple[Lesson, ...]


def queue(
    reports: Sequence[Told],
    labelled: Iterable[Report],
    *,
    annotator: Annotator,
    suspects: Iterable[Suspect] = (),
    limit: int,
) -> list[Pick]:
    """Return what to judge next among reports that the annotator read, as ``rank`` orders them.

    What the lexicon reads in each is another opinion.
    """
    taxonomy = annotator.taxonomy
    told = [report for report, _, _ in reports]
    second = annotator.lexicon.annotate(told) if annotator.lexicon is not annotator else []
    by_report: dict[str, list[Suspect]] = {}
    for suspect in suspects:
        by_report.setdefault(suspect.report_id, []).append(suspect)
    unread = [
        Unread(
            text=words(report),
            annotation=annotation,
            others=(*others, *second[place : place + 1]),
            suspects=tuple(by_report.get(report.report_id, ())),
        )
        for place, (report, annotation, others) in enumerate(reports)
    ]
    seen = frozenset[str]().union(*(telling(words(report)) for report in labelled))
    return rank(
        unread, Teacher(taxonomy, tuple(corrections.questions(taxonomy)), seen), limit=limit
    )


def words(report: Report) -> str:
    """Return the normalised words of a report."""
    return normalize(reading(report.title, report.text))


def rank(unread: Iterable[Unread], teacher: Teacher, *, limit: int) -> list[Pick]:
    """Return at most ``limit`` reports, the most instructive and least alike first.

    One of each cluster of near-duplicates; a report that would teach nothing is left out.
    """
    if limit < 1:
        raise Invalid(f"limit is {limit}; ask for one report or more")
    picks = [
        Pick(one, sum(WEIGHTS[own.kind] * own.weight for own in lessons), lessons)
        for one in unread
        if (lessons := teacher.lessons(one))
    ]
    best = sorted(picks, key=lambda pick: (-pick.score, pick.unread.report_id))
    return _different(_one_of_each(best)[: COMPARED * limit], limit=limit)


def _one_of_each(picks: Iterable[Pick]) -> list[Pick]:
    """Return the first pick of each cluster, and of each text."""
    clusters: set[str] = set()
    texts: set[str] = set()
    kept = []
    for pick in picks:
        cluster = pick.unread.annotation.cluster_id or pick.unread.report_id
        if cluster not in clusters and pick.unread.text not in texts:
            kept.append(pick)
        clusters.add(cluster)
        texts.add(pick.unread.text)
    return kept


def _different(picks: Sequence[Pick], *, limit: int) -> list[Pick]:
    """Return picks in the order of their score less what they repeat of those before them."""
    scores = np.array([pick.score for pick in picks])
    repeated = np.zeros(len(picks))
    left = np.ones(len(picks), dtype=bool)
    chosen: list[Pick] = []
    while left.any() and len(chosen) < limit:
        best = int(np.where(left, scores - RESEMBLANCE * repeated, -np.inf).argmax())
        left[best] = False
        chosen.append(picks[best])
        alike = [_resemblance(picks[best].unread, pick.unread) for pick in picks]
        repeated = np.maximum(repeated, alike)
    return chosen


def _resemblance(one: Unread, other: Unread) -> float:
    """Return the share of the words of both that both have."""
    both = len(one.words | other.words)
    return len(one.words & other.words) / both if both else 0.0
