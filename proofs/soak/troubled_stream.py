"""A bot's WebSocket with the usual troubles: cut off, not read for a while, or read too slowly."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final

import aiohttp

from openoutcry.client.address import Address
from openoutcry.client.stream.connection import Connection, ConnectionEnded, Ended
from openoutcry.client.stream.websocket import WebSocketTransport
from openoutcry.protocol.stream import ClientMessage

_CUT: Final = Ended("its line was cut")


class TroubledStream:
    """The client's own WebSockets, in trouble. `cuts` and `too_slow` count connections that ended."""

    def __init__(self, address: Address) -> None:
        self._transport = WebSocketTransport(address)
        self._current: _Troubled | None = None
        self._reads = asyncio.Event()
        self._reads.set()
        self.seconds_per_message = 0.0
        """How slowly the reader reads."""
        self.closed_by_exchange: list[int] = []
        """The close codes of connections that the exchange ended."""

    def open(self, query: str, headers: dict[str, str]) -> AbstractAsyncContextManager[Connection]:
        return self._open(query, headers)

    async def close(self) -> None:
        await self._transport.close()

    def cut(self) -> None:
        """End the connection as a broken line does, without a close frame."""
        if self._current is not None:
            self._current.cut()

    def stop_reading(self) -> None:
        """Read nothing from now on, until the socket is full and the exchange must wait."""
        self._reads.clear()

    def read_on(self) -> None:
        self._reads.set()

    async def may_read(self) -> None:
        await self._reads.wait()
        if self.seconds_per_message:
            await asyncio.sleep(self.seconds_per_message)

    @asynccontextmanager
    async def _open(self, query: str, headers: dict[str, str]) -> AsyncIterator[Connection]:
        async with self._transport.open(query, headers) as connection:
            self._current = _Troubled(self, connection)
            try:
                yield self._current
            finally:
                self._current = None


class _Troubled:
    def __init__(self, stream: TroubledStream, connection: Connection) -> None:
        self._stream = stream
        self._connection = connection
        self._is_cut = False

    @property
    def is_behind(self) -> bool:
        return self._connection.is_behind

    async def next_text(self, silence_seconds: float) -> str:
        await self._stream.may_read()
        if self._is_cut:
            raise ConnectionEnded(_CUT)
        try:
            return await self._connection.next_text(silence_seconds)
        except ConnectionEnded as end:
            if end.ended.code is not None and not self._is_cut:
                self._stream.closed_by_exchange.append(end.ended.code)
            raise

    async def say(self, message: ClientMessage) -> bool:
        return await self._connection.say(message)

    def cut(self) -> None:
        self._is_cut = True
        # The client ends its connections with a close frame. A line that breaks does not.
        web_socket: aiohttp.ClientWebSocketResponse = self._connection._socket  # type: ignore[attr-defined] # noqa: SLF001
        line = web_socket.get_extra_info("socket")
        if line is None:
            return  # it is gone already
        with suppress(OSError), socket.socket(fileno=os.dup(line.fileno())) as same_line:
            same_line.shutdown(socket.SHUT_RDWR)
