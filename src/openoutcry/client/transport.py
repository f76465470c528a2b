"""The seam between the client and HTTP: one request in, one answer out. The default stands on the standard library."""

import http.client
import select
import socket
from collections import deque
from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

from openoutcry.client.address import Address
from openoutcry.client.errors import AnswerLostError, ClientClosedError, NotConnectedError

MAX_IDLE_CONNECTIONS: Final = 16
"""Connections kept open between requests; one more is closed after its answer."""


class Answer(NamedTuple):
    """An HTTP answer. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Transport(Protocol):
    """Sends one request, once: whether it may be sent again is decided above.

    `request` raises `NotConnectedError` where nothing was sent, `AnswerLostError` where the request may have arrived.
    May be called from several threads at once.
    """

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer: ...

    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """The same for an event loop."""

    async def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer: ...

    async def close(self) -> None: ...


class HttpTransport:
    """`http.client` with connections kept alive and without Nagle's delay; each is used by one thread at a time.

    `timeout_seconds` bounds every wait for the network: connecting, sending, the next bytes of an answer.
    """

    def __init__(self, address: Address, timeout_seconds: float) -> None:
        self._address = address
        self._timeout_seconds = timeout_seconds
        self._idle: deque[http.client.HTTPConnection] = deque()
        self._closed = False

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        connection = self._connection()
        try:
            connection.request(method, self._address.prefix + path, body, dict(headers))
            reply = connection.getresponse()
            content = reply.read()
            if "content-length" not in reply.headers and not reply.chunked:
                # http.client takes an answer that breaks off among its headers for a whole one without a body.
                raise http.client.IncompleteRead(content)  # noqa: TRY301
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise self._lost(method, path, error) from error
        except BaseException:
            connection.close()
            raise
        answer = Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, content)
        if reply.will_close or self._closed or len(self._idle) >= MAX_IDLE_CONNECTIONS:
            connection.close()
        else:
            self._idle.append(connection)
        return answer

    def close(self) -> None:
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _connection(self) -> http.client.HTTPConnection:
        """The connection used last, if the server has not closed it meanwhile; else a new one."""
        if self._closed:
            raise ClientClosedError("this client is closed; make a new one")
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return self._connect()
            if connection.sock is not None and not _has_ended(connection.sock):
                return connection
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        address = self._address
        kind = http.client.HTTPSConnection if address.secure else http.client.HTTPConnection
        connection = kind(address.host, address.port, timeout=self._timeout_seconds)
        try:
            connection.connect()  # sets TCP_NODELAY
        except OSError as error:
            connection.close()
            raise not_connected(address, error) from error
        return connection

    def _lost(self, method: str, path: str, error: Exception) -> AnswerLostError:
        if isinstance(error, TimeoutError):
            return answer_late(self._address, method, path, self._timeout_seconds)
        return answer_lost(self._address, method, path, error)


def not_connected(address: Address, error: Exception) -> NotConnectedError:
    return NotConnectedError(
        f"cannot connect to {address.base_url}: {str(error) or type(error).__name__}."
        " Is the exchange running, and are host and port right?"
    )


def answer_lost(address: Address, method: str, path: str, error: Exception) -> AnswerLostError:
    return AnswerLostError(
        f"{address.base_url} closed the connection before it had answered {method} {path}"
        f" ({str(error) or type(error).__name__})"
    )


def answer_late(address: Address, method: str, path: str, timeout_seconds: float) -> AnswerLostError:
    return AnswerLostError(
        f"{address.base_url} did not answer {method} {path} within {timeout_seconds:g} s;"
        " a larger timeout_seconds waits longer"
    )


def _has_ended(idle: socket.socket) -> bool:
    """Whether an idle connection has something to read, which can only be its end."""
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([idle], [], [], 0)[0])
    poll = select.poll()
    poll.register(idle, select.POLLIN)
    return bool(poll.poll(0))
