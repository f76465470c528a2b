"""uvicorn's WebSocket on one connection, with bounds on what a client sends, and with many messages sent in one write.

Reading: every frame costs a token, also pings, pongs and fragments; a connection without tokens is cut off. A few
frames are read in each turn of the loop, so that a flood delays no other connection. None are read while messages wait
for the application, or while the client does not read what was written. So the memory of one connection is bounded by
one read and the transport's buffer. A connection that is closed, or does not answer pings, is aborted without being
drained.

Writing: a text frame from the server is a head with the length of the text, and the text; it is neither masked nor
compressed. It depends on no connection, so the library's own frames, made one at a time, are not needed.
"""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from struct import pack
from typing import Any, ClassVar, Final, cast

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import InvalidHandshake, InvalidMethod
from websockets.http11 import Request

from openoutcry.access.rate_limits import Bucket
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.gateway.connections.endings import cut_off
from openoutcry.gateway.connections.places import PLACE, Place
from openoutcry.gateway.http.answer import Header
from openoutcry.gateway.http.answer_bytes import CLOSE, answer_bytes
from openoutcry.gateway.http.answers import refuse
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.stream.frame_gate import put_gate
from openoutcry.gateway.stream.wire import WIRE
from openoutcry.protocol.stream import FRAME_BURST, MAX_FRAMES_PER_SECOND, CloseCode
from openoutcry.runtime.clock import Clock
from openoutcry.scenarios.model import Rate

FRAMES_PER_TURN: Final = 16
"""Frames of one connection that are read in one turn of the loop; more wait for the next turn."""

_FRAME_RATE: Final = Rate(per_second=MAX_FRAMES_PER_SECOND, burst=FRAME_BURST)

_REASON_LENGTH: Final = 100
"""Most characters of the library's text about a handshake, because it quotes what was sent."""

_INVALID_TEXT: Final = 1007
"""The close code of RFC 6455 for text that is not UTF-8."""

_FINAL_TEXT: Final = 0x81
_ONE_BYTE: Final = 126
"""The mark before a length of two bytes,"""
_TWO_BYTES: Final = 127
"""and the mark before a length of eight bytes."""


class StreamProtocol(WebSocketsSansIOProtocol):
    """Puts itself into the scope as the `Wire`. A server uses a class of its own, made by `stream_protocol`."""

    clock: ClassVar[Clock]
    """The exchange's clock: refusals have its time."""

    _extensions: dict[str, Any] | None = None
    """The key under which the scope holds it."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._gate = put_gate(self.conn)
        self._tokens = Bucket(_FRAME_RATE, self.loop.time)
        self._is_blocked = False
        """Whether the client has not read what was written."""
        self._reads_next_turn = False
        self._was_closing = False
        self._place: Place | None = None

    def take(self, place: Place) -> None:
        """Take over the place of the handshake's connection."""
        self._place = place
        if self._extensions is not None:
            self._extensions[PLACE] = place

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if self.close_sent:
            # A handshake that was refused with an answer is complete too; uvicorn would log it as an application error.
            self.handshake_complete = True

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        # A writer may still hold the wire. Objects in a reference cycle would wait for a full collection.
        self.conn.parser.close()
        if self._extensions is not None:
            del self._extensions[WIRE]
        if self._place is not None:
            self._place.leave()

    # ---- the handshake -----------------------------------------------------------------------------------------

    def handle_connect(self, event: Request) -> None:
        try:
            self.conn.process_request(event)
        except InvalidHandshake as error:
            self._refuse_handshake(error)
            return
        super().handle_connect(event)
        self._extensions = cast("dict[str, Any]", self.scope["extensions"])
        self._extensions[WIRE] = self

    def _refuse_handshake(self, error: Exception) -> None:
        """Refuse in the one shape of answers. The library has its own text, or none, and then keeps the connection."""
        self.close_sent = self.handshake_complete = True
        reason, now = str(error.__cause__ or error)[:_REASON_LENGTH], self.clock.now()
        message = f"This is no WebSocket handshake: {reason}. Send a GET with few, short headers and without a body"
        headers: tuple[Header, ...] = (CLOSE,)
        if isinstance(error, InvalidMethod):
            reject = Reject(ErrorCode.METHOD_NOT_ALLOWED, message)
            headers += ((b"allow", b"GET"),)
        else:
            reject = Reject(ErrorCode.MALFORMED_REQUEST, message)
        self.transport.write(answer_bytes(refuse(Receipt({}, now), now, reject, headers=headers)))
        self.transport.close()

    # ---- what is read ------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if not self.conn.eof_sent:  # bytes after the last frame do not count
            self._read(data)

    async def receive(self) -> ASGIReceiveEvent:
        self._read_on()  # now that the handshake is answered
        message = await self.queue.get()
        self._read_on()
        return message

    @property
    def _may_read(self) -> bool:
        return self.handshake_complete and not self._is_blocked and (self.close_sent or self.queue.empty())

    def _read(self, data: bytes) -> None:
        conn, gate = self.conn, self._gate
        admitted = gate.admitted = FRAMES_PER_TURN if self._may_read and not self._reads_next_turn else 0
        conn.receive_data(data)
        self._tokens.charge(admitted - gate.admitted)
        if conn.parser_exc is not None:
            self.handle_parser_exception()
        elif conn.handshake_exc is not None and not self.handshake_initiated:
            self._refuse_handshake(conn.handshake_exc)
        elif not (self._tokens.take(0) or conn.eof_sent):
            self._fail(CloseCode.PROTOCOL_ERROR, f"more than {MAX_FRAMES_PER_SECOND} frames a second")
        else:
            self.handle_events()
            self._regulate()

    def send_receive_event_to_app(self) -> None:
        """In place of uvicorn's, which fails if a text frame is not UTF-8."""
        content = b"".join(self.frames)
        self.frames = []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "bytes":
            self.queue.put_nowait({"type": "websocket.receive", "bytes": content})
            return
        try:
            text = content.decode()
        except UnicodeDecodeError:
            self._fail(_INVALID_TEXT, "a text frame must hold UTF-8")
        else:
            self.queue.put_nowait({"type": "websocket.receive", "text": text})

    def _read_on(self) -> None:
        """Read waiting frames, if they may be read now."""
        if self.conn.eof_sent or self.transport.is_closing():
            return
        if self._gate.buffer and self._may_read and not self._reads_next_turn:
            self._read(b"")
        else:
            self._regulate()

    def _read_in_this_turn(self) -> None:
        self._reads_next_turn = False
        self._read_on()

    def _regulate(self) -> None:
        """Let the transport read only while frames can be processed."""
        if self.transport.is_closing():
            return
        keeps_frames = self._gate.keeps_frames
        if keeps_frames and self._may_read and not self._reads_next_turn:
            self._reads_next_turn = True
            self.loop.call_soon(self._read_in_this_turn)
        if keeps_frames or not self._may_read:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def _fail(self, code: int, reason: str) -> None:
        """End the connection because of what its client sent."""
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        if self._is_blocked or self.close_sent:
            cut_off(self.transport)
            return
        self.close_sent = True
        self.conn.fail(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    # ---- who does not read, and who is gone --------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self._is_blocked = True
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Read what has arrived meanwhile before more is written; otherwise a slow reader's pong might never be
        read.
        """
        self._is_blocked = False
        self._read_on()
        # The loop polls its sockets once between two turns.
        self.loop.call_soon(self.loop.call_soon, self._write_on)

    def _write_on(self) -> None:
        if not self._is_blocked:
            super().resume_writing()

    def keepalive_timeout(self) -> None:
        """No pong has come: the client is gone, and will not read the buffer or a close frame."""
        cut_off(self.transport)

    def be_swept(self) -> None:
        """Abort the connection if it was closing at the last sweep already: its client will never read the rest."""
        if self._was_closing:
            cut_off(self.transport)
        self._was_closing = self.transport.is_closing()

    # ---- the wire ----------------------------------------------------------------------------------------------

    @property
    def is_full(self) -> bool:
        return not self.writable.is_set()

    async def room(self) -> None:
        await self.writable.wait()

    def write(self, messages: Sequence[bytes]) -> None:
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.transport.write(text_frames(messages))

    def abort(self) -> None:
        cut_off(self.transport)


def stream_protocol(clock: Clock) -> type[StreamProtocol]:
    """The protocol of a server that serves an exchange with this clock."""
    return type("StreamProtocolWithClock", (StreamProtocol,), {"clock": clock})


def text_frames(messages: Sequence[bytes]) -> bytes:
    """Each message as a frame of its own, one after the other."""
    parts: list[bytes] = []
    for message in messages:
        parts += (_frame_head(len(message)), message)
    return b"".join(parts)


@lru_cache(maxsize=4_096)
def _frame_head(size: int) -> bytes:
    if size < _ONE_BYTE:
        return pack("!BB", _FINAL_TEXT, size)
    if size < 1 << 16:
        return pack("!BBH", _FINAL_TEXT, _ONE_BYTE, size)
    return pack("!BBQ", _FINAL_TEXT, _TWO_BYTES, size)
