"""A form can only be sent from a page of ours: its token is the HMAC of the reader's own cookie."""

import hmac
import secrets

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from serving.settings import Settings

COOKIE = "yujing"


def session(request: Request) -> str:
    """Return the reader's cookie, or a new one."""
    return request.cookies.get(COOKIE) or secrets.token_urlsafe(24)


def token(settings: Settings, session: str) -> str:
    """Return the token that a form of this session carries."""
    secret = settings.draw_secret.get_secret_value().encode()
    key = hmac.digest(secret, b"yujing csrf", "sha256")  # never the draw's own
    return hmac.new(key, session.encode(), "sha256").hexdigest()


def keep(request: Request, response: Response, *, session: str) -> Response:
    """Return the answer with the session's cookie."""
    is_secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, session, httponly=True, samesite="strict", secure=is_secure)
    return response


def check(request: Request, settings: Settings, *, told: str) -> None:
    """Refuse a form that no page of ours gave to this reader."""
    kept = request.cookies.get(COOKIE, "")
    if not kept or not hmac.compare_digest(told.encode(), token(settings, kept).encode()):
        raise HTTPException(403, "表单已失效；请返回页面刷新后重新提交")
