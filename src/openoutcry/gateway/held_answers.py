"""With durability "disk": no answer leaves before everything that it may tell of is on the disk. One rule, all routes.

An answer waits for the last command that had been sequenced when it was made, whoever sent that command. Its own
command is not enough: queries, verdicts and refusals all stand on what others did before. So nobody has to know
which answer tells of what.
"""

from typing import Any, Final

import msgspec

from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.gateway.answers import JSON, Answer, refuse
from openoutcry.gateway.asgi import ASGIApp, Message, Receive, Scope, Send, send_answer
from openoutcry.gateway.receipts import Receipt
from openoutcry.runtime.coordination import ProcessingTimeout
from openoutcry.runtime.exchange import Exchange

HEALTH_PATH: Final = "/health"
"""Says that the disk does not answer, so it cannot wait for it; it tells of nothing that is not on it."""


class HeldAnswers:
    """`app`, whose answers to HTTP requests leave when they may. Streams have a rule of their own, `Connection`'s."""

    def __init__(self, app: ASGIApp, exchange: Exchange) -> None:
        self._app = app
        self._exchange = exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            send = _HeldAnswer(self._exchange, scope, send)
        await self._app(scope, receive, send)


class _HeldAnswer:
    """One request's `send`. Where the answer may not leave, another one does in its place."""

    def __init__(self, exchange: Exchange, scope: Scope, send: Send) -> None:
        self._exchange = exchange
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._is_replaced = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is not None:
            start, self._start = self._start, None
            try:
                await self._until_it_may_leave(start["status"])
            except ProcessingTimeout as timed_out:
                self._is_replaced = True
                await send_answer(self._in_place_of(start, message, timed_out), self._send)
            else:
                await self._send(start)
        if not self._is_replaced:
            await self._send(message)

    async def _until_it_may_leave(self, status: int) -> None:
        is_health = self._scope["path"].rstrip("/") == HEALTH_PATH
        # What has gone wrong within the server tells of the server; most of it of the disk that would be waited for.
        if status < 500 and not (is_health and status == 200):
            await self._exchange.coordinator.until_synced(self._exchange.sequencer.last_sequence)

    def _in_place_of(self, start: Message, body: Message, timed_out: ProcessingTimeout) -> Answer[Any]:
        """The outcome of a command is unknown; a query has none, and may be sent again."""
        now = self._exchange.clock.now()
        receipt = Receipt(self._scope["headers"], now)
        headers = dict(start["headers"])
        if headers[b"content-type"].startswith(JSON):
            receipt.name_request(_named(body["body"]))
        if b"x-sequence" in headers:
            reject = Reject(ErrorCode.PROCESSING_TIMEOUT, str(timed_out))
        else:
            reject = Reject(ErrorCode.SERVICE_UNAVAILABLE, f"Nothing can be told now: {timed_out.reason}")
        limits = tuple(header for header in start["headers"] if header[0].startswith(b"x-ratelimit-"))
        return refuse(receipt, now, reject, headers=limits)


class _Named(msgspec.Struct):
    request_id: str | None = None


def _named(body: bytes) -> str | None:
    return msgspec.json.decode(body, type=_Named).request_id
