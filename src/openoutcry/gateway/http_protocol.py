"""uvicorn's HTTP on one connection, with bounds: the length of a request's head, its time, the number of connections.

What is refused here has not become a request yet, and is answered in the one shape all the same.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.types import TimestampUs
from openoutcry.gateway.answer_bytes import CLOSE, answer_bytes
from openoutcry.gateway.answers import refuse
from openoutcry.gateway.receipts import Receipt
from openoutcry.runtime.clock import Clock

MAX_HEAD_BYTES: Final = 64 * 1024
"""Request line and headers together, counted in pieces as they arrive: a little more may pass in the last one."""

MAX_CONNECTIONS: Final = 10_000
"""Open at a time, WebSockets among them; those beyond are told so and closed."""

MAX_DISCARDED_BYTES: Final = 1024 * 1024
"""What a client may still send after it was turned away; past it, or at the next sweep, the connection is cut."""

SWEEPS_PER_REQUEST: Final = 6
"""How many sweeps may find a connection at the same unfinished request, or at none yet, before it is closed."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """A server uses a class of its own, made by `bounded_protocol` or `protocol_for`."""

    clock: ClassVar[Clock]
    """The exchange's: refusals bear its time, like all other answers."""

    _is_between_requests = True
    _in_head = True
    _head_bytes = 0
    _receiving = True
    _sweeps = 0
    _turned_away = False
    _discarded_bytes = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            self._turn_away(
                ErrorCode.SERVICE_UNAVAILABLE,
                f"The exchange has {MAX_CONNECTIONS} connections open and takes no more; close some or come back later",
            )

    def data_received(self, data: bytes) -> None:
        if self._turned_away:
            self._discard(data)
            return
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._turn_away(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    f"A request's first line and headers may have at most {MAX_HEAD_BYTES} bytes",
                )

    def on_message_begin(self) -> None:
        self._is_between_requests = False
        self._in_head = self._receiving = True
        self._head_bytes = self._sweeps = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_between_requests = True
        self._receiving = False
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        # The stream has the connection now. This and its parser, which know each other, would stay for a collection.
        del self.parser

    def send_400_response(self, msg: str) -> None:
        """In place of uvicorn's plain text."""
        self._turn_away(ErrorCode.MALFORMED_REQUEST, f"{msg} Send HTTP/1.1")

    def be_swept(self) -> None:
        """End the connection if it has been at the same unfinished request for too many sweeps."""
        if self._turned_away:
            self.transport.close()
            return
        self._sweeps += self._receiving
        if self._sweeps > SWEEPS_PER_REQUEST:
            self._turn_away(ErrorCode.MALFORMED_REQUEST, "The request did not arrive completely in time; send it anew")

    def _turn_away(self, code: ErrorCode, message: str) -> None:
        """Say why, unless that would run into the answer to an earlier request, and end the connection.

        What is still on its way is taken and dropped, for a while: closing on it would take the words back.
        """
        self._turned_away = True
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            may_speak = True
        else:
            may_speak = self._receiving and not self._in_head and not cycle.response_started
        if may_speak and not self.transport.is_closing():
            self.transport.write(_refusal(self.clock.now(), code, message))
            self.transport.write_eof()
        else:
            self.transport.close()

    def _discard(self, data: bytes) -> None:
        self._discarded_bytes += len(data)
        if self._discarded_bytes > MAX_DISCARDED_BYTES:
            self.transport.close()


def bounded_protocol(clock: Clock) -> type[BoundedHttpProtocol]:
    """The protocol of a server that serves an exchange with this clock."""
    return type("BoundedHttpProtocolWithClock", (BoundedHttpProtocol,), {"clock": clock})


def sweep(connections: Iterable[object]) -> None:
    """To be called at even intervals with all connections of a server."""
    for connection in tuple(connections):
        if isinstance(connection, BoundedHttpProtocol):
            connection.be_swept()


def _refusal(now: TimestampUs, code: ErrorCode, message: str) -> bytes:
    return answer_bytes(refuse(Receipt({}, now), now, Reject(code, message), headers=(CLOSE,)))
