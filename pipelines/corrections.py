"""Corrections as labels: what supervisors said of annotations, for the next training.

A correction labels the questions that it names; an agreement labels every question with what the
annotation had read; a dismissal takes back what was said of the report before. What was said later
wins. A label belongs to the words that were read: it does not go over to a later version of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import pandas as pd

from features import moments
from features.judgements import Annotation, Review
from features.store import Store
from models.text import corrections
from models.text.taxonomy import Taxonomy

COLUMNS = ("report_id", "read_at", "question", "answer", "said_at")


def read(store: Store, *, taxonomy: Taxonomy, until: datetime) -> pd.DataFrame:
    """Return the labels of every review that was known before a moment; see ``labels``."""
    _, kept = store.after("reviews", 0)
    reviews = [r for r in kept if isinstance(r, Review) and r.subject == "annotation"]
    found = store.told("annotations", "fact_id", values=[r.subject_id for r in reviews])
    annotations = [a for a in found if isinstance(a, Annotation)]
    return labels(reviews, annotations, taxonomy=taxonomy, until=until)


def labels(
    reviews: Sequence[Review],
    annotations: Sequence[Annotation],
    *,
    taxonomy: Taxonomy,
    until: datetime,
) -> pd.DataFrame:
    """Return ``COLUMNS``: a report, when its words were learned, a question, its answer, and when.

    Only reviews with ``known_at < until`` count, and only of annotations that are given.
    """
    moments.aware(until, "until")
    versions: dict[str, list[Annotation]] = {}
    for annotation in sorted(annotations, key=lambda a: a.known_at):
        versions.setdefault(annotation.fact_id, []).append(annotation)
    said: dict[tuple[str, str], tuple[datetime, str, datetime]] = {}
    known = (r for r in reviews if r.subject == "annotation" and r.known_at < until)
    for review in sorted(known, key=lambda r: (r.known_at, r.review_id)):
        seen = _seen(review, versions.get(review.subject_id, ()))
        if seen is None:
            continue
        name = seen.report_id
        if review.verdict == "dismiss":
            said = {key: own for key, own in said.items() if key[0] != name}
        for question, answer in _answers(review, seen, taxonomy=taxonomy).items():
            said[name, question] = (seen.known_at, answer, review.known_at)
    rows = [(name, at, question, *rest) for (name, question), (at, *rest) in said.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _seen(review: Review, versions: Iterable[Annotation]) -> Annotation | None:
    """Return the version of the annotation that the reviewer saw: the newest at that moment."""
    there = [annotation for annotation in versions if annotation.known_at <= review.known_at]
    return there[-1] if there else None


def _answers(review: Review, annotation: Annotation, *, taxonomy: Taxonomy) -> Mapping[str, str]:
    if review.verdict == "agree":
        return corrections.answers(annotation, taxonomy=taxonomy)
    return review.corrections if review.verdict == "correct" else {}


def answers(said: pd.DataFrame, known: pd.DataFrame, *, question: str) -> "pd.Series[str]":
    """Return what people said, in the rows of ``known``; missing where nothing was said.

    ``known`` has ``report_id``, ``known_at`` and ``normal``: reports of the same words share an
    answer, the one that was said last.
    """
    own = said[said["question"] == question].merge(
        known[["report_id", "known_at", "normal"]], on="report_id"
    )
    holds = own[own["known_at"] <= own["read_at"]].sort_values("said_at", kind="stable")
    newest = holds.drop_duplicates("normal", keep="last").set_index("normal")["answer"]
    return known["normal"].map(newest).astype(object)
