"""Litestar behind the gateway's own words: requests that it would answer in its own way are put to it differently."""

from typing import Any, Final, cast

from litestar import Litestar
from litestar.types import Receive as LitestarReceive
from litestar.types import Scope as LitestarScope
from litestar.types import Send as LitestarSend
from msgspec.structs import replace

from openoutcry.access.echoes import echo
from openoutcry.access.gate import Gate
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.gateway.http.answer import Answer, header_lines
from openoutcry.gateway.http.answers import answer_result, refuse
from openoutcry.gateway.http.asgi import Message, Receive, Scope, Send, send_answer
from openoutcry.gateway.http.held_answers import TOLD
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.rest.framework.visits import Visit, begin_visit
from openoutcry.operations.result import Result
from openoutcry.runtime.exchange import Exchange

MAX_PATH_PART: Final = 64
"""Characters between two slashes of a path: no id and no symbol has more, and a path with more is no route's."""

_NO_METHOD: Final = "NONE"
_HOST: Final = (b"host", b"openoutcry")


class Framework:
    """Every route but the WebSocket, as an ASGI application."""

    def __init__(self, litestar: Litestar, exchange: Exchange, gate: Gate) -> None:
        self._litestar = litestar
        self._exchange = exchange
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope:
            case {"type": "http", "path": str(path)} if (reason := _names_nothing(path)) is not None:
                await send_answer(self._no_route(scope, path, reason), send)
            case {"type": "http", "method": "OPTIONS"}:
                await self._serve_options(scope, receive, send)
            case {"type": "http", "method": "HEAD"}:
                await self._serve({**scope, "method": "GET"}, receive, _without_body(send))
            case _:
                await self._serve(scope, receive, send)

    def _no_route(self, scope: Scope, path: str, reason: str) -> Answer[Any]:
        now = self._exchange.clock.now()
        reject = Reject(ErrorCode.ROUTE_NOT_FOUND, f"There is no {echo(path)!r} here: {reason}")
        return refuse(Receipt(dict(scope["headers"]), now), now, reject)

    async def _serve_options(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What a path can do: asked for a method that no path has, Litestar says in its refusal which ones it has."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._serve({**scope, "method": _NO_METHOD}, receive, keep)
        start = messages[0]
        if start["status"] == 405:
            now = self._exchange.clock.now()
            done: Answer[None] = answer_result(Receipt(dict(scope["headers"]), now), Result(now))
            await send_answer(
                replace(done, header_lines=header_lines([(b"allow", dict(start["headers"])[b"allow"])])), send
            )
            return
        for message in messages:
            await send(message)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            receipt = Receipt(dict(scope["headers"]), self._exchange.clock.now())
            # The exchange answers under any name; of this header Litestar would refuse some values, the fast lane none.
            headers = [header for header in scope["headers"] if header[0] != _HOST[0]]
            scope = {**scope, "headers": [*headers, _HOST], "state": {}}
            begin_visit(scope, Visit(self._exchange, self._gate, receipt, scope.get(TOLD)))
        await self._litestar(cast(LitestarScope, scope), cast(LitestarReceive, receive), cast(LitestarSend, send))


def _names_nothing(path: str) -> str | None:
    """Why `path` can be no route's, whatever routes there are.

    Litestar overlooks slashes too many; `DELETE /orders/` without an id must not be a mass cancel.
    """
    if "//" in f"{path}/" and path != "/":
        return "a part of the path is empty"
    if len(path) > MAX_PATH_PART and any(len(part) > MAX_PATH_PART for part in path.split("/")):
        return f"a part of the path has more than {MAX_PATH_PART} characters"
    return None


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
