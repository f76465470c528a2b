"""HTTP on one connection, one request at a time: the next is parsed after the last was answered.

uvicorn parses every request that it has read, and reads on with each answer, so nothing bounds what a client may have
waiting. Here requests wait as bytes, with a bound. A client gets all its answers even if it has closed its sending side
meanwhile.
"""

import asyncio
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.server import ServerState

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.connections.bounded_http import BoundedHttpProtocol
from openoutcry.gateway.connections.places import Places
from openoutcry.gateway.http.header_rules import MAX_LENGTH_DIGITS
from openoutcry.runtime.clock import Clock

MAX_WAITING_BYTES: Final = 64 * 1024
"""Most bytes of requests that wait for the answer to an earlier one; beyond them the connection is not read."""

MAX_PIECES_PER_TURN: Final = 64
"""Pieces of one connection that are parsed in one turn of the event loop; then other connections have theirs."""

_END: Final = b"\r\n\r\n"
_TAIL: Final = len(_END) - 1


class RequestTurns(BoundedHttpProtocol):
    """Waiting bytes are in `_unread`; uvicorn has the current request, and at most the beginning of the next."""

    flow: "_Flow"

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._unread = b""
        """Requests that wait for their turn."""
        self._waits = False
        """Whether parsing must wait, because the last request is not finished or this turn has been used."""
        self._body_left = 0
        """Bytes of the body that are still to come, if its length was announced."""
        self._is_beside_parser = False
        """Whether the current body is read without the parser, which takes it for another protocol."""
        self._last_bytes = b""
        """The last three bytes parsed of an unfinished request: the end of its head may begin in them."""
        self._turn_comes = False
        """Whether `_take_next` is to be called in the next turn of the loop."""
        self._has_ended = False
        """Whether the client has closed its sending side."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.flow = _Flow(transport)

    def data_received(self, data: bytes) -> None:
        if self._waits:
            self._keep(self._unread + data)
        else:
            unread, self._unread = self._unread, b""
            self._serve(unread + data)

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client sends nothing more, and may still read: the connection stays until it has all its answers."""
        self._has_ended = True
        self.flow.hold()
        return self._owes_an_answer()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        announced = [value for name, value in self.headers if name == b"content-length"]
        self._body_left = int(announced[0][-MAX_LENGTH_DIGITS:]) if announced else 0

    def on_body(self, body: bytes) -> None:
        if self._body_left:
            self._body_left -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._body_left and not self._should_upgrade():
            self._is_beside_parser = True
        else:
            super().on_message_complete()

    def _unsupported_upgrade_warning(self) -> None:
        """No warning: Java's client asks for HTTP/2 on every new connection, and accepts HTTP/1.1."""
        if any(name == b"transfer-encoding" for name, _ in self.headers):
            self._turn_away(
                ErrorCode.MALFORMED_REQUEST,
                "A request with Upgrade must give the length of its body in Content-Length; or leave Upgrade out",
            )

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._waits:
            self._wait_for_next_turn()
        else:
            self._end_if_done()

    def shutdown(self) -> None:
        self._waits = False
        unread, self._unread = self._unread, b""
        if unread:
            super().data_received(unread)
        super().shutdown()

    def _serve(self, data: bytes) -> None:
        """Process the request that `data` begins with, and the rest when its turn comes."""
        self._leave_to_uvicorn(data)

    def _leave_to_uvicorn(self, data: bytes) -> None:
        start = pieces = 0
        while start < len(data) and not self._is_over():
            is_its_turn = not self._is_between_requests or self._is_answered()
            if not is_its_turn or pieces == MAX_PIECES_PER_TURN:
                self._waits = True
                self._keep(data[start:])
                if is_its_turn:
                    self._wait_for_next_turn()
                return
            end = len(data) if self._turned_away else self._end_of_piece(data, start)
            piece = data[start:end]
            if self._is_beside_parser:
                self._read_body(piece)
            else:
                super().data_received(piece)
            self._last_bytes = b"" if self._is_between_requests else (self._last_bytes + piece[-_TAIL:])[-_TAIL:]
            start = end
            pieces += 1

    def _read_body(self, piece: bytes) -> None:
        self.on_body(piece)
        if not self._body_left:
            self._is_beside_parser = False
            super().on_message_complete()

    def _end_of_piece(self, data: bytes, start: int) -> int:
        """Where to stop, so that at most one request ends before: a head with its end is one piece."""
        if self._body_left:
            return start + self._body_left
        before = self._last_bytes
        if before:
            at = (before + data[start : start + _TAIL]).find(_END)
            if at >= 0:
                return start + at + len(_END) - len(before)
        at = data.find(_END, start)
        return len(data) if at < 0 else at + len(_END)

    def _is_idle(self) -> bool:
        return not self._waits and super()._is_idle()

    def _owes_an_answer(self) -> bool:
        """Whether there is, or may be, a whole request without its answer."""
        return self._waits or bool(self.pipeline) or not (self._receiving or self._is_answered())

    def _end_if_done(self) -> None:
        if self._has_ended and not self._owes_an_answer():
            self.transport.close()

    def _keep(self, data: bytes) -> None:
        self._unread = data
        if len(data) > MAX_WAITING_BYTES:
            self.flow.hold()

    def _wait_for_next_turn(self) -> None:
        self._waits = True
        if not self._turn_comes:
            self._turn_comes = True
            self.loop.call_soon(self._take_next)

    def _take_next(self) -> None:
        self._turn_comes = False
        if not self._waits or self.transport.is_closing():
            return
        self._waits = False
        unread, self._unread = self._unread, b""
        if not self._has_ended:
            self.flow.release()
        if unread:
            self._serve(unread)
        self._end_if_done()


def plain_protocol(clock: Clock, places: Places) -> type[RequestTurns]:
    """The protocol of a server without an order lane, for an exchange with this clock."""
    return type("PlainProtocol", (RequestTurns,), {"clock": clock, "places": places})


class _Flow(FlowControl):
    """Reading stays paused, although uvicorn resumes it with each answer."""

    _is_held = False

    def hold(self) -> None:
        self._is_held = True
        self.pause_reading()

    def release(self) -> None:
        self._is_held = False
        self.resume_reading()

    def resume_reading(self) -> None:
        if not self._is_held:
            super().resume_reading()
