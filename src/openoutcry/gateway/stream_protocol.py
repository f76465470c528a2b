"""uvicorn's WebSocket on one connection, which can send many messages in one write.

A text frame from the server is a head that says how long the text is, and the text: it is not masked, and not
compressed here. So nothing of a connection is in it, and the library's own frames, made one at a time, need not be.
"""

from collections.abc import Sequence
from functools import lru_cache
from struct import pack
from typing import Any, Final, cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from openoutcry.gateway.stream_wire import WIRE

_FINAL_TEXT: Final = 0x81
_ONE_BYTE: Final = 126
"""Lengths from here on stand in two bytes after this mark,"""
_TWO_BYTES: Final = 127
"""and those that do not fit there in eight, after this one."""


class StreamProtocol(WebSocketsSansIOProtocol):
    """Puts itself into the scope as the `Wire`."""

    _extensions: dict[str, Any] | None = None
    """Of the scope that it stands in."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:  # refused handshakes have no scope
            self._extensions = cast("dict[str, Any]", self.scope["extensions"])
            self._extensions[WIRE] = self

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if self.close_sent:
            # A handshake refused in words is complete, too; uvicorn would log it as a mistake of the application.
            self.handshake_complete = True

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        # Whoever still writes has the wire. What knows itself by way of others would stay for a full collection.
        self.conn.parser.close()
        if self._extensions is not None:
            del self._extensions[WIRE]

    @property
    def is_full(self) -> bool:
        return not self.writable.is_set()

    async def room(self) -> None:
        await self.writable.wait()

    def write(self, messages: Sequence[bytes]) -> None:
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.transport.write(text_frames(messages))


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
