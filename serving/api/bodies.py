"""Bodies: JSON of one record or a list of them, into records, or one problem with every fault.

Nothing of a request is kept unless all of it fits.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Request
from pydantic import ValidationError

from features import moments
from features.errors import Invalid
from features.records import Record
from features.rejections import MONEY
from models.text import privacy
from serving.errors import Misfit

R = TypeVar("R", bound=Record)
PERSONAL = ("text", "title", "url")  # never repeated in an answer
SHOWN = 60  # characters of a wrong value
MOST_FAULTS = 20
SKEW = timedelta(minutes=5)  # how far another clock may run ahead: trade never waits for that


async def body(request: Request) -> object:
    """Return the JSON of a request; ``Invalid`` where it is none."""
    raw = await request.body()
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"the body is not JSON ({error.msg}, character {error.pos})") from None


Body = Annotated[object, Depends(body)]


def records(body: object, kind: type[R], *, now: datetime, limit: int) -> list[R]:
    """Return the records of a body, learned now; one object is a list of one.

    ``Misfit`` names the index, field, value and remedy of what does not fit.
    """
    told = body if isinstance(body, list) else [body]
    if not 1 <= len(told) <= limit:
        raise Invalid(f"the body has {len(told)} records; send 1 to {limit} at a time")
    found: list[R] = []
    faults: list[Mapping[str, object]] = []
    for index, values in enumerate(told):
        try:
            found.append(kind.model_validate(_columns(values, kind, index=index, now=now)))
        except ValidationError as error:
            faults += [_fault(problem, index) for problem in error.errors(include_url=False)]
        except Misfit as misfit:
            faults += misfit.faults
    if faults:
        raise Misfit(faults[:MOST_FAULTS])
    return found


def _columns(values: object, kind: type[Record], *, index: int, now: datetime) -> dict[str, Any]:
    """Return the columns of one record; what only the service may say is refused."""
    if not isinstance(values, dict):
        raise Misfit(
            [fault(index, "", value=None, remedy="must be an object with the columns' names")]
        )
    known = set(kind.model_fields) - {"x", "value_fen", "known_at"}
    known |= {MONEY} if "value_fen" in kind.model_fields else set()
    unknown = [name for name in values if name not in known and name[:2] != "x_"]
    if unknown:
        remedy = "is unknown; take it out, or rename it to x_… if it is to travel"
        raise Misfit(
            [fault(index, _short(name) or "", value=None, remedy=remedy) for name in unknown]
        )
    return {**values, "known_at": _learned(values.get(kind.LEARNED), now)}


def _learned(told: object, now: datetime) -> datetime:
    """Return when a record is learned: now, or its own moment where a clock runs a little ahead."""
    try:
        moment = moments.parse(told, "moment") if isinstance(told, str) else now
    except Invalid:
        return now  # the field's own check says what is wrong with it
    return moment if now < moment <= now + SKEW else now


def _fault(problem: Mapping[str, Any], index: int) -> dict[str, object]:
    names = [str(part) for part in problem["loc"]]
    field = {"value_fen": MONEY}.get(names[0], names[0]) if names else ""
    if field == "x" and len(names) > 1:
        field = names[1]
    message = str(problem["msg"]).removeprefix("Value error, ")
    is_shown = bool(field) and problem["type"] != "missing" and field not in PERSONAL
    return fault(index, field, value=problem["input"] if is_shown else None, remedy=message)


def fault(index: int, field: str, *, value: object, remedy: str) -> dict[str, object]:
    """Return one thing wrong with what was sent, without personal data."""
    masked = privacy.mask(remedy[:300])
    return {"index": index, "field": field, "value": _short(value), "remedy": masked}


def _short(value: object) -> str | None:
    """Return a value as a short text without personal data; ``None`` stays."""
    if value is None:
        return None
    text = privacy.mask(value if isinstance(value, str) else repr(value))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
