"""The server's socket of one stream: the transport under its real WebSocket protocol, on the simulated network.

It holds what the client's side has no room for. The protocol is told when reading stops, as with any transport. Only
the protocol's own pings find out that the reader is gone.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from openoutcry.gateway.stream.protocol import StreamProtocol
from proofs.chaos.machine.process import Process

HIGH_WATER_BYTES: Final = 8 * 1024
"""What it holds of what was written before the protocol is told to write no more."""

Carry = Callable[[bytes], None]


class ServerSocket(asyncio.Transport):
    """`room` tells how many bytes the client's side takes now, `carry` takes them there, `hang_up` tells of the end."""

    def __init__(
        self,
        process: Process,
        loop: asyncio.AbstractEventLoop,
        name: str,
        *,
        room: Callable[[], int],
        carry: Carry,
        hang_up: Callable[[], None],
    ) -> None:
        super().__init__({"peername": (name, 40_000), "sockname": ("exchange", 80)})
        self.protocol: StreamProtocol | None = None
        self._process = process
        self._loop = loop
        self._room = room
        self._carry = carry
        self._hang_up = hang_up
        self._unsent = bytearray()
        self._unread: deque[bytes] = deque()
        self._is_reading = True
        self._is_closing = False
        self._is_lost = False
        self._is_full = False

    @property
    def is_lost(self) -> bool:
        """Whether the protocol knows, or will in the next turn, that there is nobody any more."""
        return self._is_lost or not self._process.alive

    # ---- the network's side, called from outside the server's process

    def receive(self, data: bytes) -> None:
        """So much has come."""
        self._unread.append(data)
        self._process.run(self._read)

    def has_room(self) -> None:
        """The client's side takes more than before."""
        if not self.is_lost:
            self._process.run(self._send)

    def break_off(self) -> None:
        """The client's side has gone, and says so."""
        self._lose(ConnectionResetError("the client has gone"))

    # ---- the transport

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self.is_lost:
            self._unsent += data
            self._send()

    def get_write_buffer_size(self) -> int:
        return len(self._unsent)

    def is_closing(self) -> bool:
        return self._is_closing or self.is_lost

    def is_reading(self) -> bool:
        return self._is_reading

    def pause_reading(self) -> None:
        self._is_reading = False

    def resume_reading(self) -> None:
        if not self._is_reading and not self.is_closing():
            self._is_reading = True
            self._process.call_soon(self._read)

    def close(self) -> None:
        """What was written is still sent."""
        self._is_closing = True
        if not self._unsent:
            self._lose(None)

    def abort(self) -> None:
        self._is_closing = True
        self._unsent.clear()
        self._lose(None)

    def _read(self) -> None:
        while self._unread and self._is_reading and not self.is_closing():
            assert self.protocol is not None  # noqa: S101 - set before anything comes
            self.protocol.data_received(self._unread.popleft())

    def _send(self) -> None:
        sent = bytes(self._unsent[: max(self._room(), 0)])
        del self._unsent[: len(sent)]
        if sent:
            self._carry(sent)
        if self._is_closing and not self._unsent:
            self._lose(None)
        elif not self._is_closing and self._is_full != (is_full := len(self._unsent) > self._limit):
            assert self.protocol is not None  # noqa: S101 - set before anything is written
            self._is_full = is_full
            if is_full:
                self.protocol.pause_writing()
            else:
                self.protocol.resume_writing()

    @property
    def _limit(self) -> int:
        return HIGH_WATER_BYTES // 4 if self._is_full else HIGH_WATER_BYTES

    def _lose(self, error: Exception | None) -> None:
        if self.is_lost:
            return
        self._is_lost = True
        self._hang_up()
        self._process.call_soon(lambda: self._tell_of_loss(error))

    def _tell_of_loss(self, error: Exception | None) -> None:
        assert self.protocol is not None  # noqa: S101 - set before anything happens
        self.protocol.connection_lost(error)
