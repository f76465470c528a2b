"""Bots in browsers: which pages may read the answers (CORS). Keys travel in headers, so cookies play no part."""

from collections.abc import Iterable
from typing import Final

from openoutcry.gateway.answers import Header
from openoutcry.gateway.asgi import ASGIApp, Message, Receive, Scope, Send

ALLOWED_METHODS: Final = b"GET, POST, PUT, PATCH, DELETE"
ALLOWED_HEADERS: Final = b"Content-Type, X-API-Key, X-Admin-Key, X-Request-ID"
EXPOSED_HEADERS: Final = (
    b"X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, X-Sequence, X-Received-At"
)
PREFLIGHT_SECONDS: Final = b"600"

_VARY: Final[Header] = (b"vary", b"Origin")


class CrossOrigin:
    """Adds to every answer what a browser needs to show it to a page of one of `origins`; `*` means any page."""

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = self._headers(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _headers(self, scope: Scope) -> tuple[Header, ...]:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        if origin is None or not (origin in self._origins or b"*" in self._origins):
            return (_VARY,)
        allowed = ((b"access-control-allow-origin", origin), _VARY)
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            return (
                *allowed,
                (b"access-control-allow-methods", ALLOWED_METHODS),
                (b"access-control-allow-headers", ALLOWED_HEADERS),
                (b"access-control-max-age", PREFLIGHT_SECONDS),
            )
        return (*allowed, (b"access-control-expose-headers", EXPOSED_HEADERS))
