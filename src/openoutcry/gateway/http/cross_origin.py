"""Bots in browsers: which pages may read the answers (CORS). Keys travel in headers, so cookies play no part."""

from collections.abc import Iterable, Mapping
from typing import Final

from openoutcry.gateway.http.answer import Header
from openoutcry.gateway.http.asgi import ASGIApp, Message, Receive, Scope, Send

ALLOWED_METHODS: Final = b"GET, POST, PUT, PATCH, DELETE"
ALLOWED_HEADERS: Final = b"Content-Type, X-API-Key, X-Admin-Key, X-Admin-Name, X-Request-ID"
EXPOSED_HEADERS: Final = (
    b"X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, X-Sequence, X-Received-At"
)
PREFLIGHT_SECONDS: Final = b"600"

_VARY: Final[Header] = (b"vary", b"Origin")
_EXPOSED: Final[tuple[Header, ...]] = ((b"access-control-expose-headers", EXPOSED_HEADERS),)
_PREFLIGHT: Final[tuple[Header, ...]] = (
    (b"access-control-allow-methods", ALLOWED_METHODS),
    (b"access-control-allow-headers", ALLOWED_HEADERS),
    (b"access-control-max-age", PREFLIGHT_SECONDS),
)


class Origins:
    """The pages that may read answers; `*` means any. False if there are none: then answers have no such headers."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)

    def __bool__(self) -> bool:
        return bool(self._origins)

    def headers_for(self, headers: Mapping[bytes, bytes], *, is_preflight: bool = False) -> tuple[Header, ...]:
        """The header lines that let a browser show an answer to the page that sent a request with these `headers`."""
        origin = headers.get(b"origin")
        if origin is None or not (origin in self._origins or b"*" in self._origins):
            return (_VARY,)
        return ((b"access-control-allow-origin", origin), _VARY, *(_PREFLIGHT if is_preflight else _EXPOSED))


class CrossOrigin:
    """`app`, with the header lines for `origins` on every answer to an HTTP request."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        is_preflight = scope["method"] == "OPTIONS" and b"access-control-request-method" in headers
        added = self._origins.headers_for(headers, is_preflight=is_preflight)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_with_headers)
