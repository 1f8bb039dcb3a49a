"""Who may ask: bearer tokens for the API, one password for the console, each only where set."""

import base64
import binascii
import hmac
from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Header
from pydantic import SecretStr
from starlette.exceptions import HTTPException

from serving.deps import Parts

Authorization = Annotated[str | None, Header(include_in_schema=False)]


def bearer(parts: Parts, authorization: Authorization = None) -> None:
    """Let a request pass that carries one of the tokens, or any where none is set."""
    tokens = parts.settings.api_tokens
    scheme, _, told = (authorization or "").partition(" ")
    if tokens and not (scheme.lower() == "bearer" and _is_one_of(told.strip(), tokens)):
        raise HTTPException(
            401,
            "a bearer token is needed: send Authorization: Bearer TOKEN",
            {"WWW-Authenticate": "Bearer"},
        )


def password(parts: Parts, authorization: Authorization = None) -> None:
    """Let a page be seen with the password, under any user name, or by all where none is set."""
    expected = parts.settings.console_password
    if expected is not None and not _is_one_of(_password(authorization or ""), [expected]):
        challenge = 'Basic realm="yujing", charset="UTF-8"'
        raise HTTPException(401, "请输入控制台密码", {"WWW-Authenticate": challenge})


def _password(authorization: str) -> str:
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(coded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _is_one_of(told: str, secrets: Iterable[SecretStr]) -> bool:
    """Compare with every secret in constant time."""
    matches = [
        hmac.compare_digest(told.encode(), secret.get_secret_value().encode()) for secret in secrets
    ]
    return any(matches)


Bearer = Depends(bearer)
Password = Depends(password)
