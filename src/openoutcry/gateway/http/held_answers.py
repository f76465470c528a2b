"""With durability "disk": no answer leaves before everything that it may tell of is on the disk. One rule, all routes.

An answer waits for the last command that had been sequenced when it was made, whoever sent that command. Its own
command is not enough: queries, verdicts and refusals all stand on what others did before. So nobody has to know
which answer tells of what.
"""

from typing import Any, Final

from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.gateway.http.answer import Answer
from openoutcry.gateway.http.answers import refuse
from openoutcry.gateway.http.asgi import ASGIApp, Message, Receive, Scope, Send, send_answer
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.coordination import ProcessingTimeout

HEALTH_PATH: Final = "/health"
"""Says that the disk does not answer, so it cannot wait for it; it tells of nothing that is not on it."""


class Hold:
    """What may leave, and when; with durability "os" everything at once."""

    def __init__(self, exchange: Exchange) -> None:
        self._coordinator = exchange.coordinator
        self._sequencer = exchange.sequencer
        self.now = exchange.clock.now

    def holds(self, status: int) -> bool:
        """Whether an answer with this status may not leave now."""
        # What has gone wrong within the server tells of the server; most of it of the disk that would be waited for.
        return status < 500 and self._coordinator.holds(self._sequencer.last_sequence)

    async def until_released(self) -> None:
        """Return when an answer that was made just now may leave. Raises `ProcessingTimeout`."""
        await self._coordinator.until_synced(self._sequencer.last_sequence)

    async def released(self, answer: Answer[Any]) -> Answer[Any]:
        """`answer`, made just now, when it may leave, or the one that leaves in its place."""
        try:
            await self.until_released()
        except ProcessingTimeout as timed_out:
            return self.in_place_of(answer, Receipt({}, self.now()), timed_out)
        return answer

    def in_place_of(self, answer: Answer[Any] | None, receipt: Receipt, timed_out: ProcessingTimeout) -> Answer[Any]:
        """What leaves in place of `answer`; None of a document, which is none. `receipt`: of the request.

        The outcome of a command is unknown; a query has none, and may be sent again.
        """
        reject = Reject(ErrorCode.SERVICE_UNAVAILABLE, f"The answer cannot be given now: {timed_out.reason}")
        if answer is None:
            return refuse(receipt, self.now(), reject)
        if answer.sequence is not None:
            reject = Reject(ErrorCode.PROCESSING_TIMEOUT, str(timed_out))
        receipt.name_request(answer.response.request_id)
        limits = tuple(header for header in answer.headers if header[0].startswith(b"x-ratelimit-"))
        return refuse(receipt, self.now(), reject, headers=limits)


class Told:
    """What a request was answered, for those who see only its bytes. The scope holds one where answers are held."""

    def __init__(self) -> None:
        self.answer: Answer[Any] | None = None


TOLD: Final = "openoutcry.told"
"""Where the `Told` stands in the scope."""


class HeldAnswers:
    """`app`, whose answers to HTTP requests leave when they may. Streams have a rule of their own, `Connection`'s."""

    def __init__(self, app: ASGIApp, hold: Hold) -> None:
        self._app = app
        self._hold = hold

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, TOLD: Told()}
            send = _HeldAnswer(self._hold, scope, send)
        await self._app(scope, receive, send)


class _HeldAnswer:
    """One request's `send`. Where the answer may not leave, another one does in its place."""

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
                if self._hold.holds(start["status"]) and not self._is_healthy(start["status"]):
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
        return status == 200 and path.rstrip("/") == HEALTH_PATH

    def _in_place_of(self, timed_out: ProcessingTimeout) -> Answer[Any]:
        told: Told = self._scope[TOLD]
        receipt = Receipt(dict(self._scope["headers"]), self._hold.now())
        return self._hold.in_place_of(told.answer, receipt, timed_out)
