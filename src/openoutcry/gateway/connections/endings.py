"""Actions on every connection of a server. A failure of one does not affect the others."""

import asyncio
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from struct import pack
from typing import Final, Protocol

import structlog

_NO_LINGER: Final = pack("ii", 1, 0)

_log = structlog.get_logger()


class ServerConnection(Protocol):
    """HTTP or a WebSocket; `transport` may be closing or lost."""

    transport: asyncio.Transport

    def be_swept(self) -> None:
        """End the connection if it has been in the same state for too many sweeps. Called at regular intervals."""

    def shutdown(self) -> None:
        """End the connection as soon as begun requests are answered."""


def do_to_each(connections: Iterable[ServerConnection], do: Callable[[ServerConnection], None]) -> None:
    """Apply `do` to each connection; it may add and remove connections. If it fails on one, that one is aborted."""
    for connection in tuple(connections):
        try:
            do(connection)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must have their turn
            _log.error("connection aborted: it could not be handled", error=repr(error))
            cut_off(connection.transport)


def cut_off(transport: asyncio.Transport) -> None:
    """End a connection at once. Bytes that its client has not read are discarded, also by the system."""
    connected: socket.socket | None = transport.get_extra_info("socket")
    if connected is not None:
        # The socket may be closed already.
        with suppress(OSError):
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


def sweep(connections: Iterable[ServerConnection]) -> None:
    """Check all connections of a server; to be called at regular intervals."""
    do_to_each(connections, lambda connection: connection.be_swept())


def shut_down(connections: Iterable[ServerConnection]) -> None:
    """Have all connections end in good order, which may take a while."""
    do_to_each(connections, lambda connection: connection.shutdown())


def abort(connections: Iterable[ServerConnection]) -> None:
    """End all connections at once."""
    do_to_each(connections, lambda connection: connection.transport.abort())
