"""Reviews: a supervisor's verdict on a decision or on what was read, with a name and a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from features.errors import Invalid, NotFound
from features.fields import NO_NUL
from features.judgements import Annotation, Review
from models.text import corrections, privacy, taxonomy
from serving.console import csrf, render, report, words
from serving.console.report import changed
from serving.deps import Id, Now, Parts

router = APIRouter()
Code = Annotated[str, Field(max_length=64, pattern=NO_NUL)]
Subject = Literal["decision", "annotation"]
Codes = Annotated[list[Code], Field(max_length=64)]


class ReviewIn(BaseModel):
    """What the form of a review sends."""

    token: str = Field(max_length=128)
    verdict: Literal["agree", "correct", "dismiss"]
    reviewer: str = Field(max_length=64, pattern=NO_NUL)
    note: str = Field("", max_length=2000, pattern=NO_NUL)


class CorrectionIn(ReviewIn):
    """What the form below an annotation sends; an empty answer is one that nobody judged."""

    annotation_id: str = Field(max_length=400, pattern=NO_NUL)
    relevance: Code = ""
    category: Code = ""
    hazards: Codes = []
    severity: Code = ""
    sentiment: Code = ""
    request: Code = ""
    demands: Codes = []

    def answers(self) -> dict[str, str]:
        """Return the answers of the form; ``Invalid`` for a code that nobody knows."""
        told = {name: getattr(self, name) for name in report.ASKED}
        several = {name: corrections.joined(told[name]) for name in corrections.SEVERAL}
        given = {name: code for name, code in {**told, **several}.items() if code}
        return corrections.checked(given, taxonomy=taxonomy.load())


@router.post("/decisions/{decision_id:path}/review")
def review(
    request: Request,
    decision_id: Id,
    *,
    told: Annotated[ReviewIn, Form()],
    parts: Parts,
    now: Now,
) -> Response:
    """Keep a verdict on a decision, and show the decision again."""
    csrf.check(request, parts.settings, told=told.token)
    parts.store.find("decisions", decision_id)
    parts.store.append([said(told, "decision", subject_id=decision_id, now=now)])
    return RedirectResponse(f"/decisions/{render.path(decision_id)}#reviews", 303)


@router.post("/reports/{report_id:path}/review")
def correct(
    request: Request,
    report_id: Id,
    *,
    told: Annotated[CorrectionIn, Form()],
    parts: Parts,
    now: Now,
) -> Response:
    """Keep what a report should have been read as, and show the report again."""
    csrf.check(request, parts.settings, told=told.token)
    found = parts.store.find("annotations", told.annotation_id)
    if not isinstance(found, Annotation) or found.report_id != report_id:
        raise NotFound(f"标注 {told.annotation_id!r} 不属于这条风险信息；请返回页面刷新")
    answers = told.answers()
    check(told.verdict, changed(answers, report.answers(found)))
    kept = said(told, "annotation", subject_id=found.fact_id, now=now)
    if told.verdict == "correct":
        kept = kept.model_copy(update={"corrections": answers})
    parts.store.append([kept])
    return RedirectResponse(f"/reports/{render.path(report_id)}#reviews", 303)


def check(verdict: str, changed: Mapping[str, str]) -> None:
    """Refuse to agree where answers were changed, and to correct where none was."""
    if verdict == "agree" and changed:
        names = "、".join(words.QUESTIONS[question] for question in changed)
        raise Invalid(f"已改动 {names}，不能同意；请返回后点「更正」，或刷新页面再点「同意」")
    if verdict == "correct" and not changed:
        raise Invalid("没有改动任何答案；请先改动，标注无误则点「同意」")


def said(told: ReviewIn, subject: Subject, *, subject_id: str, now: datetime) -> Review:
    """Return the review that a form makes; ``Invalid`` where nobody signs it."""
    reviewer = told.reviewer.strip()
    if not reviewer:
        raise Invalid("复核人为空；请填写姓名")
    return Review(
        review_id=uuid4().hex,
        subject=subject,
        subject_id=subject_id,
        verdict=told.verdict,
        reviewer=reviewer,
        reviewed_at=now,
        known_at=now,
        note=privacy.mask(told.note.strip()) or None,
    )
