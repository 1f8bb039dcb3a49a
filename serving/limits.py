"""Limits: a body beyond so many bytes is refused; pages may load nothing from elsewhere."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


class BodyLimit:
    """Refuses a body of more than ``most`` bytes, told in advance or counted while it comes."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a counter on its body."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        told = dict(scope["headers"]).get(b"content-length", b"0")
        count = int(told) if told.isdigit() and int(told) > self.most else 0

        async def counted() -> Message:
            nonlocal count
            message = await receive() if count <= self.most else {"type": "http.request"}
            count += len(message.get("body", b""))
            if count > self.most:
                remedy = "send fewer records at a time"
                raise HTTPException(413, f"the body is over {self.most} bytes; {remedy}")
            return message

        await self.app(scope, counted, send)


class Headers:
    """Adds the headers that keep pages to this service."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add to the head of its answer."""

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *HEADERS]}
            await send(message)

        await self.app(scope, receive, headed if scope["type"] == "http" else send)
