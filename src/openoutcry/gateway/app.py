"""The gateway as one ASGI application: streams, the fast lane, and everything else."""

import time
from collections.abc import Awaitable

from openoutcry.gateway.admission import Gate
from openoutcry.gateway.anonymous_streams import AnonymousStreams
from openoutcry.gateway.asgi import ASGIApp, Receive, Scope, Send
from openoutcry.gateway.cross_origin import CrossOrigin
from openoutcry.gateway.fast_lane import FastLane
from openoutcry.gateway.framework.application import build_framework
from openoutcry.gateway.held_answers import HeldAnswers
from openoutcry.gateway.rate_limits import Buckets, Monotonic
from openoutcry.gateway.websocket import serve_websocket
from openoutcry.runtime.exchange import Exchange


def build_app(exchange: Exchange, *, monotonic: Monotonic = time.monotonic) -> ASGIApp:
    """The application that serves `exchange`. `monotonic` is the clock of the rate limits."""
    buckets = Buckets(exchange.scenario.rate_limits, monotonic)
    gate, anonymous = Gate(exchange, buckets), AnonymousStreams(buckets)
    app: ASGIApp = Gateway(exchange, anonymous, FastLane(exchange, gate), build_framework(exchange, gate))
    if exchange.durability == "disk":
        app = HeldAnswers(app, exchange)
    return CrossOrigin(app, exchange.scenario.cors_origins) if exchange.scenario.cors_origins else app


class Gateway:
    """Sends each request to where it is served."""

    def __init__(
        self, exchange: Exchange, anonymous: AnonymousStreams, fast_lane: FastLane, framework: ASGIApp
    ) -> None:
        self._exchange = exchange
        self._anonymous = anonymous
        self._fast_lane = fast_lane
        self._framework = framework

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._serve_http(scope, receive, send)
        elif scope["type"] == "websocket":
            await serve_websocket(self._exchange, self._anonymous, scope, receive, send)
        else:
            await self._framework(scope, receive, send)

    def _serve_http(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        method, path = scope["method"], scope["path"]
        if method == "POST" and path == "/orders":
            return self._fast_lane.submit(scope, receive, send)
        if method == "DELETE":
            order_id = self._fast_lane.order_id_to_cancel(path)
            if order_id is not None:
                return self._fast_lane.cancel(order_id, scope, receive, send)
        return self._framework(scope, receive, send)
