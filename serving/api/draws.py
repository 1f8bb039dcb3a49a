"""Draws: what anybody may know of a day's draw, so that nobody need trust it. Asks for no token."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from features.errors import Invalid
from models.inspection.draws import draw
from serving.api import answers, examples
from serving.deps import Now, Parts
from serving.schemas import Draw

router = APIRouter(prefix="/v1/draws", tags=["双随机"])
Day = Annotated[str, Path(max_length=32)]


@router.get(
    "/{day}",
    summary="公布抽签承诺；当日结束后公布密钥",
    responses=answers.told(answers.ref("Draw"), example=examples.DRAW, problems=(422,)),
)
def published(day: Day, parts: Parts, now: Now) -> Response:
    """Return the commitment to a day's draw, and its secret once that day is over in Shanghai."""
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        raise Invalid(f"day {day!r} is not a date; write 2026-07-01") from None
    secret = draw.day_secret(parts.scorer.agency.secret, asked)
    told = Draw(
        day=asked.isoformat(),
        commitment=draw.commitment(secret),
        secret=secret.hex() if asked < draw.day(now) else None,
    )
    return answers.json(told.model_dump())
