"""The synchronous HTTP transport: persistent connections on sockets, without Nagle's algorithm."""

import select
import socket
import ssl
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from weakref import WeakSet

from openoutcry.client.address import Address
from openoutcry.client.errors import ClientClosedError
from openoutcry.client.forks import drop_sockets, let_go_when_forked
from openoutcry.client.http.messages import AnswerReader, BrokenAnswerError, encode_request
from openoutcry.client.http.transport import Answer, answer_late, answer_lost, not_connected

MAX_IDLE_CONNECTIONS: Final = 16
"""How many connections stay open between requests. Any other is closed after its answer."""
_READ_BYTES: Final = 64 * 1024


class HttpTransport:
    """One thread at a time uses a connection. Threads that send at the same time have one each.

    `timeout_seconds` bounds each wait for the network: to connect, to send, and for the next bytes of an answer.
    """

    def __init__(self, address: Address, timeout_seconds: float) -> None:
        self._address = address
        self._timeout_seconds = timeout_seconds
        self._idle: deque[_Connection] = deque()
        self._open: WeakSet[_Connection] = WeakSet()
        self._closed = False
        let_go_when_forked(self)

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        request = encode_request(self._address, method, path, headers, body)
        connection = self._connection()
        try:
            answer = connection.exchange(request)
        except TimeoutError as error:
            connection.close()
            raise answer_late(self._address, method, path, self._timeout_seconds) from error
        except (OSError, BrokenAnswerError) as error:
            connection.close()
            raise answer_lost(self._address, method, path, error) from error
        except BaseException:
            connection.close()
            raise
        if connection.reusable and not self._closed and len(self._idle) < MAX_IDLE_CONNECTIONS:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def hang_up(self) -> None:
        with suppress(IndexError):  # another thread took the last one
            while self._idle:
                self._idle.pop().close()

    def close(self) -> None:
        self._closed = True
        self.hang_up()

    def after_fork(self) -> None:
        drop_sockets(*(connection.descriptor for connection in self._open))
        self._idle, self._open = deque(), WeakSet()

    def _connection(self) -> "_Connection":
        """The connection that was used last if the server has not closed it, else a new one."""
        if self._closed:
            raise ClientClosedError("this client is closed; make a new one")
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread took the last one
                break
            if not connection.has_ended:
                return connection
            connection.close()
        try:
            connection = _Connection(self._address, self._timeout_seconds)
        except OSError as error:
            raise not_connected(self._address, error) from error
        self._open.add(connection)
        return connection


class _Connection:
    def __init__(self, address: Address, timeout_seconds: float) -> None:
        self._reader = AnswerReader()
        plain = socket.create_connection((address.host, address.port), timeout_seconds)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = plain
            if address.secure:
                self._socket = ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)
        except BaseException:
            plain.close()
            raise

    def close(self) -> None:
        self._socket.close()

    @property
    def descriptor(self) -> int:
        return self._socket.fileno()

    @property
    def reusable(self) -> bool:
        return self._reader.reusable

    @property
    def has_ended(self) -> bool:
        """Whether the socket is readable without a request, which means that the server has closed it."""
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([self._socket], [], [], 0)[0])
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def exchange(self, request: bytes) -> Answer:
        self._reader.begin()
        self._socket.sendall(request)
        while (answer := self._reader.feed(self._socket.recv(_READ_BYTES))) is None:
            pass
        return answer
