"""The gateway, assembled: an ASGI application for everything, and a lane of its own for orders."""

import time
from typing import NamedTuple

from openoutcry.access.gate import Gate
from openoutcry.access.rate_limits import Buckets, Monotonic
from openoutcry.access.refusals import Refused
from openoutcry.gateway.http.answers import refuse
from openoutcry.gateway.http.asgi import ASGIApp, Receive, Scope, Send, send_answer
from openoutcry.gateway.http.cross_origin import CrossOrigin, Origins
from openoutcry.gateway.http.header_rules import check_headers
from openoutcry.gateway.http.held_answers import HeldAnswers
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.order_lane.lane import OrderLane
from openoutcry.gateway.rest.router import build_router
from openoutcry.gateway.screens.files import Screens
from openoutcry.gateway.stream.anonymous import AnonymousStreams
from openoutcry.gateway.stream.endpoint import refuse_handshake, serve_websocket
from openoutcry.gateway.stream.limits import DEFAULT_LIMITS, EndpointLimits
from openoutcry.operations.hold import Hold
from openoutcry.runtime.exchange import Server


class Gateway(NamedTuple):
    """Two ways to one exchange, through the same gate: the application serves the lane's requests in the same way."""

    app: ASGIApp
    order_lane: OrderLane
    connections_per_address: int


def build_gateway(
    exchange: Server,
    *,
    screens: Screens | None = None,
    monotonic: Monotonic = time.monotonic,
    limits: EndpointLimits = DEFAULT_LIMITS,
) -> Gateway:
    """The gateway to `exchange`, with the `screens` if they were built.

    `monotonic` is the clock of the rate limits, `limits` are those of streams.
    """
    buckets = Buckets(exchange.scenario.rate_limits, monotonic)
    exchange.conduct.seconds_since_asked = buckets.seconds_since_asked
    gate, hold, origins = Gate(exchange, buckets), Hold(exchange), Origins(exchange.scenario.cors_origins)
    app: ASGIApp = _Application(exchange, buckets, build_router(exchange, gate, screens), limits)
    if exchange.durability == "disk":
        app = HeldAnswers(app, hold)
    if origins:
        app = CrossOrigin(app, origins)
    return Gateway(app, OrderLane(exchange, gate, hold, origins), exchange.scenario.connections_per_address)


def build_app(exchange: Server, *, screens: Screens | None = None, monotonic: Monotonic = time.monotonic) -> ASGIApp:
    """The gateway's application alone, for callers that speak ASGI and not bytes."""
    return build_gateway(exchange, screens=screens, monotonic=monotonic).app


class _Application:
    """Routes streams and all other requests; refuses requests with contradictory headers."""

    def __init__(self, exchange: Server, buckets: Buckets, router: ASGIApp, limits: EndpointLimits) -> None:
        self._exchange = exchange
        self._buckets = buckets
        self._anonymous = AnonymousStreams(buckets, limits)
        self._router = router
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        try:
            if kind != "lifespan":
                check_headers(scope["headers"])
        except Refused as refused:
            if kind == "websocket":
                await refuse_handshake(self._exchange, scope, send, refused.reject)
            else:
                now = self._exchange.clock.now()
                await send_answer(refuse(Receipt(dict(scope["headers"]), now), now, refused.reject), send)
            return
        if kind == "websocket":
            await serve_websocket(self._exchange, self._anonymous, self._buckets, scope, receive, send, self._limits)
        else:
            await self._router(scope, receive, send)
