"""What is done to every connection of a server: the failure of one keeps no other from its turn."""

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
        """End the connection if it has been at the same thing for too many sweeps. Called at even intervals."""

    def shutdown(self) -> None:
        """End the connection as soon as what was begun is answered."""


def do_to_each(connections: Iterable[ServerConnection], do: Callable[[ServerConnection], None]) -> None:
    """`do` may make connections come and go. One that it fails on is aborted."""
    for connection in tuple(connections):
        try:
            do(connection)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must have their turn
            _log.error("connection aborted: it could not be handled", error=repr(error))
            cut_off(connection.transport)


def cut_off(transport: asyncio.Transport) -> None:
    """End a connection at once; what its client has not taken goes nowhere, and is not kept by the system either."""
    connected: socket.socket | None = transport.get_extra_info("socket")
    if connected is not None:
        # It may be closed already.
        with suppress(OSError):
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


def sweep(connections: Iterable[ServerConnection]) -> None:
    """To be called at even intervals with all connections of a server."""
    do_to_each(connections, lambda connection: connection.be_swept())


def shut_down(connections: Iterable[ServerConnection]) -> None:
    """Have all end in good order, which may take them a while."""
    do_to_each(connections, lambda connection: connection.shutdown())


def abort(connections: Iterable[ServerConnection]) -> None:
    """End all at once."""
    do_to_each(connections, lambda connection: connection.transport.abort())
