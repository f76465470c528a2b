"""Answers that wait until they may leave: see `operations.hold`.

An answer with a status from 500 on tells of the server itself, mostly of the disk that it would wait for. So it leaves
at once.
"""

from typing import Any, Final

from openoutcry.gateway.http.answer import Answer
from openoutcry.gateway.http.answers import answer_result
from openoutcry.gateway.http.asgi import ASGIApp, Message, Receive, Scope, Send, send_answer
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.operations.hold import Hold
from openoutcry.operations.result import Result
from openoutcry.runtime.sequencing.coordination import ProcessingTimeout

HEALTH_PATH: Final = "/health"
"""A route that reports a hanging disk, so it cannot wait for the disk; it tells of nothing that may be lost."""


def may_be_held(status: int) -> bool:
    """Whether an answer with this status may tell of the commands of others."""
    return status < 500


async def released(hold: Hold, answer: Answer[Any]) -> Answer[Any]:
    """Wait until `answer`, made just now, may leave; that answer, or the one that leaves in its place."""
    try:
        await hold.until_released()
    except ProcessingTimeout as timed_out:
        result = hold.in_place_of(answer.sequence, timed_out)
        return _in_place_of(answer, result, Receipt({}, result.time))
    return answer


def _in_place_of(answer: Answer[Any] | None, result: Result[Any], receipt: Receipt) -> Answer[Any]:
    """`result` in place of `answer`, which is None for a document. `receipt` is the request's."""
    if answer is None:
        return answer_result(receipt, result)
    receipt.name_request(answer.response.request_id)
    limits = tuple(header for header in answer.headers if header[0].startswith(b"x-ratelimit-"))
    return answer_result(receipt, result, limits)


class Told:
    """The answer to a request, for code that sees only its bytes. The scope holds one if answers are held."""

    def __init__(self) -> None:
        self.answer: Answer[Any] | None = None


TOLD: Final = "openoutcry.told"
"""The key of the `Told` in the scope."""


class HeldAnswers:
    """`app`, whose answers to HTTP requests wait until they may leave. Streams have their own rule, in `Connection`."""

    def __init__(self, app: ASGIApp, hold: Hold) -> None:
        self._app = app
        self._hold = hold

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, TOLD: Told()}
            send = _HeldAnswer(self._hold, scope, send)
        await self._app(scope, receive, send)


class _HeldAnswer:
    """One request's `send`. If the answer may not leave, another one leaves in its place."""

    def __init__(self, hold: Hold, scope: Scope, send: Send) -> None:
        self._hold = hold
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
                status: int = start["status"]
                if may_be_held(status) and self._hold.holds() and not self._is_healthy(status):
                    await self._hold.until_released()
            except ProcessingTimeout as timed_out:
                self._is_replaced = True
                await send_answer(self._in_place_of(timed_out), self._send)
            else:
                await self._send(start)
        if not self._is_replaced:
            await self._send(message)

    def _is_healthy(self, status: int) -> bool:
        path: str = self._scope["path"]
        return status == 200 and path == HEALTH_PATH

    def _in_place_of(self, timed_out: ProcessingTimeout) -> Answer[Any]:
        told: Told = self._scope[TOLD]
        answer = told.answer
        result = self._hold.in_place_of(None if answer is None else answer.sequence, timed_out)
        return _in_place_of(answer, result, Receipt(dict(self._scope["headers"]), result.time))
