"""Errors as HTTP: one table from kinds to statuses, one shape (RFC 9457) for the API.

The console shows the same as a page. A problem names the field, the value and the remedy; what is
long or personal is never repeated.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from features.errors import Conflict, Invalid, NotFound, NotReady, YujingError
from models.text import privacy
from serving.console import render

STATUS: dict[type[YujingError], int] = {Invalid: 422, NotFound: 404, Conflict: 409, NotReady: 503}
TITLES = {
    400: "请求有误",
    401: "需要身份验证",
    403: "不允许",
    404: "未找到",
    405: "不支持此方法",
    409: "与已有记录冲突",
    413: "请求过大",
    415: "不支持的内容类型",
    422: "内容不符合要求",
    500: "服务内部错误",
    503: "尚未就绪",
}
NAMES = {422: "invalid", 409: "conflict", 404: "not-found", 503: "not-ready", 413: "too-large"}
MEDIA_TYPE = "application/problem+json"
SHOWN = 300  # characters of a message
API = ("/v1", "/health", "/openapi.json")
RETRY_SECONDS = "5"
logger = logging.getLogger(__name__)


class Misfit(Invalid):
    """What was sent does not fit; ``faults`` says where, each with value and remedy."""

    def __init__(self, faults: Sequence[Mapping[str, object]]) -> None:
        first = faults[0]
        place = f"[{first['index']}] {first['field']}"
        value = "" if first["value"] is None else f" {first['value']!r}"
        super().__init__(f"{place}{value}: {first['remedy']}")
        self.faults = faults


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[Mapping[str, object]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document; ``type`` is stable and names the kind."""
    name = NAMES.get(status) or HTTPStatus(status).phrase.lower().replace(" ", "-")
    body = {
        "type": f"urn:yujing:problem:{name}",
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": safe(detail),
        **({"errors": list(errors)} if errors else {}),
    }
    return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)


def safe(message: str) -> str:
    """Return a message without personal data, cut to a length."""
    masked = privacy.mask(message)
    return masked if len(masked) <= SHOWN else f"{masked[:SHOWN]}…"


def answer(
    request: Request, status: int, *, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem for the API, a page for the console."""
    if request.url.path.startswith(API):
        return problem(status, detail, headers=headers)
    title = TITLES.get(status, HTTPStatus(status).phrase)
    shown = {"status": status, "title": title, "detail": safe(detail), "degraded": False}
    page = render.page("error.html", shown)
    return Response(page, status, headers, "text/html")


def of_kind(request: Request, error: Exception) -> Response:
    """Answer a failure that is the caller's or the world's."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    headers = {"Retry-After": RETRY_SECONDS} if status == 503 else None
    if isinstance(error, Misfit):
        return problem(status, str(error), errors=error.faults)
    return answer(request, status, detail=str(error), headers=headers)


def of_http(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses: an unknown address, a method, an oversized body."""
    assert isinstance(error, HTTPException)
    told = error.detail != HTTPStatus(error.status_code).phrase
    detail = str(error.detail) if told else _usual(request, error.status_code)
    return answer(request, error.status_code, detail=detail, headers=error.headers)


def of_request(request: Request, error: Exception) -> Response:
    """Answer an address or a form whose parameters do not fit."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = str(first["loc"][-1])
    return answer(request, 422, detail=f"{name}: {first['msg']}")


def of_mistake(request: Request, error: Exception) -> Response:
    """Answer a programming mistake without its details, which the log has."""
    logger.error("%s %s failed: %s", request.method, request.url.path, type(error).__name__)
    return answer(request, 500, detail="服务内部错误，已记录；请稍后重试")


def _usual(request: Request, status: int) -> str:
    path = request.url.path
    if status == 404:
        return f"{path} is no address of this service; see /openapi.json"
    if status == 405:
        return f"{path} cannot be asked by {request.method}; the Allow header says by what"
    return HTTPStatus(status).description or HTTPStatus(status).phrase


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Response]] = {
    YujingError: of_kind,
    HTTPException: of_http,
    RequestValidationError: of_request,
    Exception: of_mistake,
}
