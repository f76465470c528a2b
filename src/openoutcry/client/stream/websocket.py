"""The connections of the event stream as WebSockets of aiohttp."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import msgspec

from openoutcry.client.address import Address
from openoutcry.client.forks import drop_sockets, leave_behind, let_go_when_forked
from openoutcry.client.stream.connection import CONNECT_SECONDS, Connection, ConnectionEnded, Ended
from openoutcry.protocol.stream import ClientMessage

MAX_MESSAGE_BYTES: Final = 16 * 1024 * 1024
"""The largest message that is accepted. A `welcome` with 1,000 open orders is far below it."""
CLOSE_SECONDS: Final = 1.0


class WebSocketTransport:
    """WebSockets in the event loop that uses them. Pings are answered only while `next_text` waits."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._session: aiohttp.ClientSession | None = None
        self._open: set[_WebSocket] = set()
        let_go_when_forked(self)

    def after_fork(self) -> None:
        drop_sockets(*(connection.descriptor for connection in self._open))
        leave_behind(self._session, *self._open)
        self._session, self._open = None, set()

    @asynccontextmanager
    async def open(self, query: str, headers: dict[str, str]) -> AsyncIterator[Connection]:
        timeout = aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS)
        opening = self._open_session().ws_connect(
            self._address.stream_url + query, headers=headers, max_msg_size=MAX_MESSAGE_BYTES, timeout=timeout
        )
        try:
            socket = await opening
        except aiohttp.WSServerHandshakeError as error:
            raise ConnectionEnded(Ended(f"it answered HTTP {error.status}", error.status)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise ConnectionEnded(Ended(str(error) or f"no connection within {CONNECT_SECONDS:g} s")) from error
        connection = _WebSocket(socket)
        self._open.add(connection)
        try:
            yield connection
        finally:
            self._open.discard(connection)
            await socket.close()

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=None)
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout)
        return self._session


class _WebSocket:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    @property
    def descriptor(self) -> int:
        transport_socket = self._socket.get_extra_info("socket")
        return -1 if transport_socket is None else int(transport_socket.fileno())

    @property
    def is_behind(self) -> bool:
        return False  # messages wait in the socket

    async def next_text(self, silence_seconds: float) -> str:
        try:
            message = await self._socket.receive(timeout=silence_seconds)
        except TimeoutError:
            raise ConnectionEnded(Ended(f"nothing came for {silence_seconds:g} s, not even a heartbeat")) from None
        except (OSError, aiohttp.ClientError) as error:
            # Reading also answers pings, so on a broken line it fails as writing does.
            raise ConnectionEnded(Ended(str(error) or "the connection broke")) from error
        if message.type is aiohttp.WSMsgType.TEXT:
            return str(message.data)
        reason = str(message.extra or "") if message.type is aiohttp.WSMsgType.CLOSE else ""
        raise ConnectionEnded(Ended(reason or "the connection broke", self._socket.close_code))

    async def say(self, message: ClientMessage) -> bool:
        try:
            await self._socket.send_str(msgspec.json.encode(message).decode())
        except (OSError, aiohttp.ClientError):
            return False
        return True
