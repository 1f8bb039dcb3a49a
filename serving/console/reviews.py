"""Reviews: a supervisor's verdict on a decision, kept with a name and a time."""

from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from features.errors import Invalid
from features.fields import NO_NUL
from features.judgements import Review
from serving.console import csrf, render
from serving.deps import Id, Now, Parts

router = APIRouter()


class ReviewIn(BaseModel):
    """What the form of a review sends."""

    token: str = Field(max_length=128)
    verdict: Literal["agree", "correct", "dismiss"]
    reviewer: str = Field(max_length=64, pattern=NO_NUL)
    note: str = Field("", max_length=2000, pattern=NO_NUL)


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
    reviewer = told.reviewer.strip()
    if not reviewer:
        raise Invalid("复核人为空；请填写姓名")
    parts.store.find("decisions", decision_id)
    said = Review(
        review_id=uuid4().hex,
        subject="decision",
        subject_id=decision_id,
        verdict=told.verdict,
        reviewer=reviewer,
        reviewed_at=now,
        known_at=now,
        note=told.note.strip() or None,
    )
    parts.store.append([said])
    return RedirectResponse(f"/decisions/{render.path(decision_id)}#reviews", 303)
