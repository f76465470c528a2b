"""The asynchronous HTTP transport: persistent connections on the transports of the event loop."""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Final, cast

from openoutcry.client.address import Address
from openoutcry.client.errors import ClientClosedError
from openoutcry.client.forks import drop_sockets, leave_behind, let_go_when_forked
from openoutcry.client.http.messages import AnswerReader, BrokenAnswerError, encode_request
from openoutcry.client.http.transport import Answer, answer_late, answer_lost, not_connected

MAX_CONNECTIONS: Final = 100
"""How many requests may be under way at once. Others wait for their turn."""


class AsyncHttpTransport:
    """Belongs to the event loop of its first request. `timeout_seconds` bounds connecting, and then each request."""

    def __init__(self, address: Address, timeout_seconds: float) -> None:
        self._address = address
        self._timeout_seconds = timeout_seconds
        self._turns = asyncio.Semaphore(MAX_CONNECTIONS)
        self._idle: list[_Connection] = []
        self._open: set[_Connection] = set()
        self._closed = False
        let_go_when_forked(self)

    async def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        request = encode_request(self._address, method, path, headers, body)
        async with self._turns:
            connection = await self._connection()
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    answer = await connection.exchange(request)
            except TimeoutError as error:
                connection.abort()
                raise answer_late(self._address, method, path, self._timeout_seconds) from error
            except (OSError, BrokenAnswerError) as error:
                connection.abort()
                raise answer_lost(self._address, method, path, error) from error
            except BaseException:
                connection.abort()
                raise
            if connection.reusable and not self._closed:
                self._idle.append(connection)
            else:
                connection.abort()
            return answer

    def hang_up(self) -> None:
        while self._idle:
            self._idle.pop().abort()

    def after_fork(self) -> None:
        drop_sockets(*(connection.descriptor for connection in self._open))
        leave_behind(*self._open)
        self._turns = asyncio.Semaphore(MAX_CONNECTIONS)
        self._idle, self._open = [], set()

    async def close(self) -> None:
        self._closed = True
        for connection in self._open:
            connection.abort()
        await asyncio.gather(*(connection.ended for connection in self._open))

    async def _connection(self) -> "_Connection":
        """The connection that was used last if it is still open, else a new one."""
        if self._closed:
            raise ClientClosedError("this client is closed; make a new one")
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable:
                return connection
        address = self._address
        try:
            async with asyncio.timeout(self._timeout_seconds):
                _, connection = await asyncio.get_running_loop().create_connection(
                    _Connection,
                    address.host,
                    address.port,
                    ssl=ssl.create_default_context() if address.secure else None,
                )
        except OSError as error:
            raise not_connected(address, error) from error
        self._open.add(connection)
        connection.ended.add_done_callback(lambda _ended: self._open.discard(connection))
        return connection


class _Connection(asyncio.Protocol):
    """One connection, with one request at a time. `ended` is done once the connection is closed."""

    def __init__(self) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reader = AnswerReader()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None

    @property
    def reusable(self) -> bool:
        assert self._transport is not None  # noqa: S101 - set before anyone has the connection
        return self._reader.reusable and not self._transport.is_closing()

    @property
    def descriptor(self) -> int:
        assert self._transport is not None  # noqa: S101 - set before anyone has the connection
        return int(self._transport.get_extra_info("socket").fileno())

    def abort(self) -> None:
        assert self._transport is not None  # noqa: S101 - set before anyone has the connection
        self._transport.abort()

    async def exchange(self, request: bytes) -> Answer:
        assert self._transport is not None  # noqa: S101 - set before anyone has the connection
        self._reader.begin()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    # ---- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            answer = self._reader.feed(data)
        except BrokenAnswerError as error:
            self._fail(error)
        else:
            if answer is not None and self._answer is not None and not self._answer.done():
                self._answer.set_result(answer)

    def eof_received(self) -> None:
        self.data_received(b"")

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or BrokenAnswerError("it ended the connection"))
        if not self.ended.done():
            self.ended.set_result(None)

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self.abort()
