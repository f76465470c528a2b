"""The gateway as one ASGI application: streams, the fast lane, and everything else."""

import time
from collections.abc import Awaitable
from typing import Final, cast

from litestar import Litestar
from litestar.types import Receive as LitestarReceive
from litestar.types import Scope as LitestarScope
from litestar.types import Send as LitestarSend
from msgspec.structs import replace

from openoutcry.gateway.admission import Gate
from openoutcry.gateway.answers import Answer, succeed
from openoutcry.gateway.asgi import ASGIApp, Message, Receive, Scope, Send, send_answer
from openoutcry.gateway.cross_origin import CrossOrigin
from openoutcry.gateway.fast_lane import FastLane
from openoutcry.gateway.framework.application import build_framework
from openoutcry.gateway.rate_limits import Buckets, Monotonic
from openoutcry.gateway.receipts import Receipt
from openoutcry.gateway.websocket import serve_websocket
from openoutcry.runtime.exchange import Exchange


def build_app(exchange: Exchange, *, monotonic: Monotonic = time.monotonic) -> ASGIApp:
    """The application that serves `exchange`. `monotonic` is the clock of the rate limits."""
    gate = Gate(exchange, Buckets(exchange.scenario.rate_limits, monotonic))
    app = Gateway(exchange, FastLane(exchange, gate), build_framework(exchange, gate))
    return CrossOrigin(app, exchange.scenario.cors_origins) if exchange.scenario.cors_origins else app


_NO_METHOD: Final = "NONE"


class Gateway:
    """Sends each request to where it is served."""

    def __init__(self, exchange: Exchange, fast_lane: FastLane, framework: Litestar) -> None:
        self._exchange = exchange
        self._fast_lane = fast_lane
        self._framework = framework

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._serve_http(scope, receive, send)
            case "websocket":
                await serve_websocket(self._exchange, scope, receive, send)
            case _:
                await self._serve_framework(scope, receive, send)

    def _serve_http(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        method, path = scope["method"], scope["path"]
        if method == "POST" and path == "/orders":
            return self._fast_lane.submit(scope, receive, send)
        if method == "DELETE":
            order_id = self._fast_lane.order_id_to_cancel(path)
            if order_id is not None:
                return self._fast_lane.cancel(order_id, scope, receive, send)
        if method == "OPTIONS":
            return self._serve_options(scope, receive, send)
        if method == "HEAD":
            # The answer to GET, without its body.
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        return self._serve_framework(scope, receive, send)

    async def _serve_options(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What a path can do: asked for a method that no path has, Litestar says in its refusal which ones it has."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._serve_framework({**scope, "method": _NO_METHOD}, receive, keep)
        start = messages[0]
        if start["status"] == 405:
            now = self._exchange.clock.now()
            done: Answer[None] = succeed(Receipt(scope["headers"], now), now)
            await send_answer(replace(done, headers=((b"allow", dict(start["headers"])[b"allow"]),)), send)
            return
        for message in messages:
            await send(message)

    async def _serve_framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # The exchange answers under any name. Litestar would refuse some values of this header, the fast lane none.
            headers = [header for header in scope["headers"] if header[0] != b"host"]
            scope = {**scope, "headers": [*headers, (b"host", b"openoutcry")]}
        await self._framework(cast(LitestarScope, scope), cast(LitestarReceive, receive), cast(LitestarSend, send))


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
