"""A report as it was read: its words with the evidence marked, and each answer to correct."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from features.judgements import Annotation, Review, Span
from features.records import Report, reading
from models.text import corrections, taxonomy
from serving.console import csrf, render, things, words
from serving.console.things import Thing
from serving.deps import Id, Parts

router = APIRouter()
ASKED = ("relevance", "category", "hazards", "severity", "sentiment", "request", "demands")


@dataclass(frozen=True)
class Piece:
    """A stretch of a report's text, what it speaks for and names; mostly nothing."""

    words: str
    answers: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What a reader who points at the words is told."""
        return "；".join((*map(words.spoken, self.answers), *self.named))


@dataclass(frozen=True)
class Question:
    """A question of an annotation: what it answered, how surely, why, and what else it could be."""

    name: str
    answer: str
    standing: str  # as people corrected it, else the answer
    confidence: float | None
    is_uncertain: bool
    evidence: tuple[str, ...]
    choices: dict[str, str]

    @property
    def chosen(self) -> set[str]:
        """The codes of the answer that stands."""
        return set(self.standing.split(","))

    @property
    def is_several(self) -> bool:
        """Whether there may be several answers."""
        return self.name in corrections.SEVERAL


@dataclass(frozen=True)
class Said:
    """A review, and what the annotation had answered that it is about."""

    review: Review
    answers: dict[str, str]

    @property
    def changed(self) -> dict[str, str]:
        """The corrections that say other than the annotation."""
        return changed(self.review.corrections, self.answers)


@router.get("/reports/{report_id:path}")
def report(report_id: Id, request: Request, parts: Parts) -> Response:
    """Show a report, masked, with the places that the text models read marked."""
    found = parts.store.find("reports", report_id)
    assert isinstance(found, Report)
    annotations = read(parts, report_id)
    session = csrf.session(request)
    newest = annotations[0] if annotations else None
    said = reviews(parts, annotations)
    firms = things.firms(parts.store, newest) if newest else {}
    named = things.things(newest, firms) if newest else []
    evidence = newest.evidence if newest else ()
    shown = {
        "report": found,
        "annotations": annotations,
        "questions": questions(newest, said) if newest else (),
        "pieces": pieces(reading(found.title, found.text), evidence, named=named),
        "things": things.different(named),
        "firms": firms,
        "reviews": said,
        "token": csrf.token(parts.settings, session),
        "degraded": False,
    }
    return csrf.keep(request, HTMLResponse(render.page("report.html", shown)), session=session)


def read(parts: Parts, report_id: str) -> list[Annotation]:
    """Return what was read in a report: by the version in office first, then the newest."""
    found = parts.store.select("annotations", "report_id", values=[report_id])
    annotations = [a for a in reversed(found) if isinstance(a, Annotation)]
    version = parts.watch.annotator.version
    return sorted(annotations, key=lambda a: a.model_version != version)


def reviews(parts: Parts, annotations: Sequence[Annotation]) -> list[Said]:
    """Return what people said of annotations, newest first."""
    known = {annotation.fact_id: answers(annotation) for annotation in annotations}
    said = parts.store.select("reviews", "subject_id", values=list(known))
    kept = [r for r in said if isinstance(r, Review) and r.subject == "annotation"]
    return [Said(review, known[review.subject_id]) for review in reversed(kept)]


def answers(annotation: Annotation) -> dict[str, str]:
    """Return what an annotation answered, in the words of corrections."""
    return corrections.answers(annotation, taxonomy=taxonomy.load())


def changed(said: dict[str, str], answers: dict[str, str]) -> dict[str, str]:
    """Return the corrections that say other than the annotation."""
    return {name: answer for name, answer in said.items() if answers.get(name) != answer}


def standing(said: Sequence[Said]) -> dict[str, str]:
    """Return what people last said of each question: none where it was taken back."""
    stands: dict[str, str] = {}
    for one in reversed(said):
        if one.review.verdict == "correct":
            stands = {**stands, **one.review.corrections}
        else:
            stands = one.answers if one.review.verdict == "agree" else {}
    return stands


def questions(annotation: Annotation, said: Sequence[Said]) -> list[Question]:
    """Return the questions that may be corrected, with the annotation's answers and people's."""
    told, stands = answers(annotation), standing(said)
    evidence: dict[str, dict[str, None]] = {}
    for span in annotation.evidence:
        evidence.setdefault(words.question_of(span.answer), {})[span.words] = None
    return [
        Question(
            name=name,
            answer=told[name],
            standing=stands.get(name, told[name]),
            confidence=annotation.confidence.get(name),
            is_uncertain=name in annotation.uncertain,
            evidence=tuple(evidence.get(name, ())),
            choices=words.choices()[name],
        )
        for name in ASKED
    ]


def pieces(text: str, spans: Sequence[Span], *, named: Sequence[Thing] = ()) -> list[Piece]:
    """Return the text in pieces, cut wherever a span or a named thing begins or ends.

    >>> pieces("水壶漏电", [Span(start=2, end=4, words="漏电", answer="危害")])
    [Piece(words='水壶', answers=(), named=()), Piece(words='漏电', answers=('危害',), named=())]
    """
    places: list[Span | Thing] = [*spans, *named]
    ends = {edge for one in places for edge in (one.start, one.end) if edge <= len(text)}
    cuts = sorted({0, len(text)} | ends)
    return [
        Piece(
            text[start:end],
            tuple(one.answer for one in spans if one.start <= start and end <= one.end),
            tuple(one.told for one in named if one.start <= start and end <= one.end),
        )
        for start, end in pairwise(cuts)
    ]
