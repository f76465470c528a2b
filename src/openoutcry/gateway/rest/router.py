"""Finds a request's row in the table of routes, asks the operation, and makes an answer from its result.

Starlette finds the path. The rest is the gateway's own code and uses the same functions as the order lane.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.routing import Route as StarletteRoute
from starlette.routing import Router

from openoutcry.access.caller import NO_TEAM
from openoutcry.access.echoes import echo
from openoutcry.access.gate import Gate
from openoutcry.access.refusals import Refused
from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.connections.places import ORGANISER, know_client
from openoutcry.gateway.http.answer import Answer
from openoutcry.gateway.http.answers import answer_result, refuse
from openoutcry.gateway.http.asgi import (
    ASGIApp,
    Message,
    Receive,
    Scope,
    Send,
    client_address,
    send_answer,
    send_bytes,
    send_head,
)
from openoutcry.gateway.http.bodies import Disconnected, read_body
from openoutcry.gateway.http.decoding import decode, decode_empty
from openoutcry.gateway.http.failures import answer_failure
from openoutcry.gateway.http.held_answers import TOLD
from openoutcry.gateway.http.query_strings import decode_query, refuse_query
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.rest.admission import admit
from openoutcry.gateway.rest.documents import Document, Show, documents
from openoutcry.gateway.rest.route import Route
from openoutcry.gateway.rest.routes import ROUTES
from openoutcry.gateway.rest.unknown_paths import has_long_part, unknown_path
from openoutcry.gateway.screens.files import Screens
from openoutcry.operations.result import Result
from openoutcry.runtime.exchange import Exchange, Server

Reply = Answer[Any] | Document
Serve = Callable[[Scope, Receive, Receipt], Awaitable[Reply]]
"""Answers one method of a path. Raises `Disconnected`, `Refused`, and any exception of the operation."""


def build_router(exchange: Server, gate: Gate, screens: Screens | None) -> ASGIApp:
    """Serves all of `ROUTES`, the documents about them, and the screens, if they were built."""
    methods: dict[str, dict[str, Serve]] = {}
    for route in ROUTES:
        methods.setdefault(route.path, {})[route.method] = _Operation(route, exchange, gate)
    for path, show in documents(screens).items():
        methods[path] = {"GET": _Page(show, exchange, gate)}
    nowhere = _Nowhere(exchange)
    endpoints: dict[str, ASGIApp] = {path: _Path(path, methods[path], exchange, nowhere) for path in methods}
    for path in methods:
        for beginning in _beginnings(path):
            # Otherwise `/orders/by-client-id`, the beginning of a longer path, would be taken for an order.
            endpoints.setdefault(beginning, nowhere)
    return Router(
        [_ExactRoute(path, endpoints[path]) for path in sorted(endpoints, key=_parameters_last)],
        default=nowhere,
        redirect_slashes=False,
    )


def _beginnings(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(2, len(parts))]


def _parameters_last(path: str) -> list[bool]:
    """Sorts words before parameters, so that `/orders/batch` is not taken for an order."""
    return [part.startswith("{") for part in path.split("/")]


class _ExactRoute(StarletteRoute):
    """Starlette ignores a line break at the end of a path. `DELETE /orders%0A` must not be a mass cancel."""

    def __init__(self, path: str, endpoint: ASGIApp) -> None:
        super().__init__(path, endpoint)
        self.path_regex = re.compile(self.path_regex.pattern.removesuffix("$") + r"\Z")


class _Path:
    """All methods of one path, as an ASGI application."""

    def __init__(self, path: str, methods: dict[str, Serve], exchange: Exchange, nowhere: ASGIApp) -> None:
        self._path = path
        self._methods = methods
        self._exchange = exchange
        self._nowhere = nowhere
        self._allowed = tuple(sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if has_long_part(scope["path"]):
            await self._nowhere(scope, receive, send)
            return
        receipt = Receipt(dict(scope["headers"]), self._exchange.clock.now())
        method = scope["method"]
        if method == "HEAD":
            method, send = "GET", _without_body(send)
        try:
            reply = await self._serve(method, scope, receive, receipt)
        except Disconnected:
            return
        except Exception as error:  # noqa: BLE001 - every failure has an answer
            reply = answer_failure(self._exchange, receipt, error, f"{method} {self._path}")
        await _send(reply, scope, send)

    async def _serve(self, method: str, scope: Scope, receive: Receive, receipt: Receipt) -> Reply:
        serve = self._methods.get(method)
        if serve is not None:
            return await serve(scope, receive, receipt)
        if method == "OPTIONS":
            allow = ", ".join(self._allowed).encode()
            return answer_result(receipt, Result[None](self._exchange.clock.now()), ((b"allow", allow),))
        raise Refused(
            ErrorCode.METHOD_NOT_ALLOWED,
            f"{echo(scope['path'])} takes {', '.join(self._allowed)}",
            {"allowed": list(self._allowed)},
            allowed=self._allowed,
        )


class _Nowhere:
    """Answers a request that has no route, in the shape of all answers."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        now = self._exchange.clock.now()
        answer = refuse(Receipt(dict(scope["headers"]), now), now, unknown_path(scope["path"]).reject)
        await _send(answer, scope, _without_body(send) if scope["method"] == "HEAD" else send)


class _Operation:
    """Answers requests of one row of the table, in the same steps as the order lane."""

    def __init__(self, route: Route, exchange: Exchange, gate: Gate) -> None:
        self._route = route
        self._exchange = exchange
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, receipt: Receipt) -> Answer[Any]:
        body = await read_body(receipt.headers, receive)
        self._admit(scope, receipt, body)
        arguments = self._arguments(scope, body, receipt)
        return answer_result(receipt, self._route.operation(self._exchange, receipt, *arguments))

    def _admit(self, scope: Scope, receipt: Receipt, body: bytes) -> None:
        try:
            admit(self._gate, receipt, self._route, body, client_address(scope))
            if self._route.access == "organiser":
                know_client(scope, ORGANISER)
        finally:
            # This also applies to a team that has no tokens left.
            if receipt.team_id != NO_TEAM:
                know_client(scope, receipt.team_id)

    def _arguments(self, scope: Scope, body: bytes, receipt: Receipt) -> list[Any]:
        """The path's parameters, then the decoded query string, then the decoded body."""
        route = self._route
        arguments: list[Any] = list(scope["path_params"].values())
        if route.asks is None:
            refuse_query(scope["query_string"])
        else:
            arguments.append(decode_query(scope["query_string"], route.asks))
        if route.takes is None:
            decode_empty(body, receipt)
        else:
            if not body and route.body_may_be_left_out:
                body = b"{}"
            request: Any = decode(body, route.takes, receipt)
            # The answers to the orders of a batch carry the request id of the batch.
            request.request_id = receipt.request_id
            arguments.append(request)
        return arguments


class _Page:
    """Answers with a document, which costs a token of the address. A body or a query string is ignored."""

    def __init__(self, show: Show, exchange: Server, gate: Gate) -> None:
        self._show = show
        self._exchange = exchange
        self._gate = gate

    async def __call__(self, scope: Scope, _: Receive, receipt: Receipt) -> Document:
        self._gate.admit_anybody(receipt, client_address(scope))
        return self._show(self._exchange, receipt, *scope["path_params"].values())


async def _send(reply: Reply, scope: Scope, send: Send) -> None:
    if isinstance(reply, Document):
        if reply.status == 304:
            await send_head(send, reply.status, reply.headers)
        else:
            await send_bytes(send, reply.status, reply.content_type, reply.content, reply.headers)
        return
    if TOLD in scope:
        scope[TOLD].answer = reply
    await send_answer(reply, send)


def _without_body(send: Send) -> Send:
    async def send_head_only(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head_only
