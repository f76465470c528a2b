"""uvicorn's HTTP on one connection, with bounds on the head of a request, on all times, and on connections.

Bytes that are refused here are not yet a request, but the answer has the one shape all the same.
"""

from functools import partial
from typing import Any, ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.types import TimestampUs
from openoutcry.gateway.connections.endings import cut_off
from openoutcry.gateway.connections.places import PLACE, NoPlace, Place, Places, TakesPlace
from openoutcry.gateway.http.answer_bytes import CLOSE, answer_bytes
from openoutcry.gateway.http.answers import refuse
from openoutcry.gateway.http.asgi import UNKNOWN_ADDRESS, Scope, counted_address
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.runtime.clock import Clock

MAX_HEAD_BYTES: Final = 64 * 1024
"""Most bytes of request line and headers together, and likewise of chunk sizes and trailers. Pieces are counted as they
arrive, so the last one may exceed it a little."""

MAX_TARGET_BYTES: Final = 8 * 1024
"""Most bytes of path and query together, as they are sent; more are refused. The client has not paid a token yet, and
each escape and each slash in a path costs time."""

MAX_DISCARDED_BYTES: Final = 1024 * 1024
"""Bytes that a client may still send after its refusal; beyond them, or at the next sweep, the connection is cut."""

SWEEPS_PER_REQUEST: Final = 6
"""Sweeps that may find a connection with the same unfinished request, or with none yet, before it is closed."""

SWEEPS_UNREAD: Final = 3
"""Sweeps in a row that may find that the client read less than `MIN_READ_BYTES` of its answers since the last one. Then
the connection is aborted."""

MIN_READ_BYTES: Final = 16 * 1024
"""Bytes of waiting answers that a client must read between two sweeps."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """A server uses a class of its own, made by `plain_protocol` or `protocol_for`."""

    clock: ClassVar[Clock]
    """The exchange's clock: refusals have its time, like all other answers."""

    places: ClassVar[Places]
    """Where connections are counted."""

    place: Place
    _is_between_requests = True
    _in_head = True
    _is_target_too_long = False
    _has_body = False
    """Whether the piece that is being parsed holds a part of a body."""
    _bytes_without_body = 0
    _is_upgraded = False
    _receiving = True
    _sweeps = 0
    _turned_away = False
    _discarded_bytes = 0
    _sweeps_unread = 0
    _unread_bytes = 0
    """Bytes that waited for the client at the latest sweep."""
    _has_read = False
    """Whether the client has read nearly everything that waited then."""
    _answered_at: float | None = None
    """When the latest answer was complete, by the loop's clock."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        address = UNKNOWN_ADDRESS if self.client is None else counted_address(self.client[0])
        try:
            self.place = self.places.enter(address, partial(cut_off, transport))
        except NoPlace as full:
            self.place = Place(self.places, address, transport.abort)
            self._turned_away = True
            transport.write(_refusal(self.clock.now(), ErrorCode.SERVICE_UNAVAILABLE, str(full)))
            # At once: a connection without a place must not stay even for a while.
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.place.leave()

    def data_received(self, data: bytes) -> None:
        if self._turned_away:
            self._discard(data)
            return
        self._has_body = False
        super().data_received(data)
        if self._has_body or not self._receiving:
            self._bytes_without_body = 0
        else:
            self._bytes_without_body += len(data)
            if self._bytes_without_body > MAX_HEAD_BYTES:
                self._turn_away(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    f"A request's first line and headers, and likewise its trailers, may have at most"
                    f" {MAX_HEAD_BYTES} bytes",
                )

    def on_message_begin(self) -> None:
        self._is_between_requests = False
        self._in_head = self._receiving = True
        self._bytes_without_body = self._sweeps = 0
        super().on_message_begin()
        cast("Scope", self.scope)["extensions"] = {PLACE: self.place}

    def on_header(self, name: bytes, value: bytes) -> None:
        """Trailers are not headers: a proxy does not look for keys or types there."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A target that is too long ends the parsing: uvicorn then calls `send_400_response`.

        A handshake is not decoded here; the stream's protocol bounds its lines itself.
        """
        if len(self.url) > MAX_TARGET_BYTES and not (self.parser.should_upgrade() and self._should_upgrade()):
            self._is_target_too_long = True
            raise ValueError(MAX_TARGET_BYTES)
        self._in_head = False
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._has_body = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_between_requests = True
        self._receiving = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._answered_at = self.loop.time()

    def handle_websocket_upgrade(self) -> None:
        self._is_upgraded = True
        super().handle_websocket_upgrade()
        cast("TakesPlace", self.transport.get_protocol()).take(self.place)
        # The stream has the connection now. This object and its parser form a cycle, which would wait for a collection.
        del self.parser

    def send_400_response(self, msg: str) -> None:
        """In place of uvicorn's answer in plain text."""
        if self._is_target_too_long:
            message = f"A request's path and query together may have at most {MAX_TARGET_BYTES} bytes"
        else:
            message = f"{msg} Send HTTP/1.1"
        self._turn_away(ErrorCode.MALFORMED_REQUEST, message)

    def resume_writing(self) -> None:
        self._has_read = True
        super().resume_writing()

    def be_swept(self) -> None:
        """End the connection if it has been in the same state for too long."""
        if self._is_unread():
            cut_off(self.transport)
            return
        if self._turned_away:
            self.transport.close()
            return
        self._sweeps += self._receiving
        if self._sweeps > SWEEPS_PER_REQUEST:
            self._turn_away(ErrorCode.MALFORMED_REQUEST, "The request did not arrive completely in time; send it again")
        elif (
            self._answered_at is not None
            and self._is_idle()
            and self.loop.time() - self._answered_at > self.timeout_keep_alive
        ):
            self.transport.close()

    def _is_unread(self) -> bool:
        """Whether answers have waited for too many sweeps because the client does not read them."""
        if self.transport.is_closing() or self.flow.write_paused:
            size = self.transport.get_write_buffer_size()
            if self._has_read or self._unread_bytes - size >= MIN_READ_BYTES:
                self._sweeps_unread = 0
            self._sweeps_unread += 1
            self._unread_bytes = size
        else:
            self._sweeps_unread = 0
        self._has_read = False
        return self._sweeps_unread > SWEEPS_UNREAD

    def _turn_away(self, code: ErrorCode, message: str) -> None:
        """Say why, unless that would mix with the answer to an earlier request, and end the connection.

        Bytes that still arrive are read and dropped for a while: closing at once would discard the answer.
        """
        self._turned_away = True
        may_speak = self._is_answered()
        if not may_speak:
            cycle: RequestResponseCycle = self.cycle
            may_speak = self._receiving and not self._in_head and not cycle.response_started
            # The refused request may be running already: this is its answer.
            cycle.disconnected = True
            cycle.message_event.set()
        if may_speak and not self.transport.is_closing():
            self.transport.write(_refusal(self.clock.now(), code, message))
            self.transport.write_eof()
        else:
            self.transport.close()

    def _is_answered(self) -> bool:
        """Whether uvicorn is processing no request."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _is_idle(self) -> bool:
        """Whether there is no request, and no beginning of one."""
        return not self._receiving and self._is_answered()

    def _is_over(self) -> bool:
        """Whether further requests on this connection are ignored."""
        return self._is_upgraded or self.transport.is_closing()

    def _discard(self, data: bytes) -> None:
        self._discarded_bytes += len(data)
        if self._discarded_bytes > MAX_DISCARDED_BYTES:
            self.transport.close()


def _refusal(now: TimestampUs, code: ErrorCode, message: str) -> bytes:
    return answer_bytes(refuse(Receipt({}, now), now, Reject(code, message), headers=(CLOSE,)))
