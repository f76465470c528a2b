"""Runs the gateway on uvicorn: sockets, signals and the last goodbye, and nothing else."""

import asyncio
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from openoutcry.gateway.app import Gateway
from openoutcry.gateway.http_protocol import MAX_CONNECTIONS, sweep
from openoutcry.gateway.order_protocol import protocol_for
from openoutcry.gateway.stream_protocol import StreamProtocol
from openoutcry.protocol.stream import MAX_MESSAGE_BYTES

BACKLOG: Final = 2048
"""Connections that may wait to be taken by the server; the system refuses or delays those beyond."""

KEEP_ALIVE_SECONDS: Final = 75
"""How long a silent HTTP connection is kept: a bot that thinks for a minute need not connect again."""

GRACE_SECONDS: Final = 5
"""How long answers in progress may take once the server was told to end."""

MAX_FRAME_BYTES: Final = 4 * MAX_MESSAGE_BYTES
"""A message above `MAX_MESSAGE_BYTES` is refused in words; above this the connection is closed unread (1009)."""

PING_SECONDS: Final = 20.0
"""How often every WebSocket is pinged, so that one whose client is silently gone is noticed."""

PONG_SECONDS: Final = 20.0
"""How long the client may take to answer a ping before it counts as gone."""


class CannotListen(Exception):  # noqa: N818 - named for what happened
    """The address cannot be listened on; the text says why and what would do."""


OTHER_FILES: Final = 1_000
"""Open files beside the connections: journal, event logs, what libraries need."""

SWEEP_SECONDS: Final = 5
"""How often connections are looked at that have not finished their request."""

_TICKS_PER_SECOND: Final = 10
"""Of uvicorn's main loop."""


def bind(host: str, port: int) -> socket.socket:
    """A socket at this address, not yet listening; port 0 takes a free one. Raises `CannotListen`."""
    listener: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Listening now, not after a long replay, finds out now whether the port is taken.
        listener.listen(BACKLOG)
    except OSError as error:
        if listener is not None:
            listener.close()
        raise CannotListen(
            f"cannot listen on {host} port {port}: {error.strerror or error};"
            " choose another --port (0 takes a free one), or another --host"
        ) from None
    return listener


def address_of(listener: socket.socket) -> str:
    """The address of a bound socket as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def run_server(
    gateway: Gateway,
    listener: socket.socket,
    *,
    on_ready: Callable[[], None],
    say_goodbye: Callable[[], Awaitable[None]],
    must_end: Callable[[], bool],
) -> None:
    """Serve until SIGINT or SIGTERM, or until `must_end` says so; a second signal ends at once.

    `on_ready` is called when requests are taken, `say_goodbye` when no new connection is taken any more and those that
    are open have not been cut yet.
    """
    _make_room_for_connections()
    configuration = uvicorn.Config(
        gateway.app,
        http="httptools",
        ws=StreamProtocol,
        ws_max_size=MAX_FRAME_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PONG_SECONDS,
        # Compression costs more time than loopback or a local network needs to carry the bytes.
        ws_per_message_deflate=False,
        lifespan="on",
        interface="asgi3",
        # What is logged, and where to, was settled when the process started.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    configuration.load()
    configuration.http_protocol_class = protocol_for(configuration, gateway.order_lane)
    await _Server(configuration, on_ready, say_goodbye, must_end).serve(sockets=[listener])


def _make_room_for_connections() -> None:
    """Let this process have as many open files as it may have connections, as far as the system allows."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + OTHER_FILES
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        say_goodbye: Callable[[], Awaitable[None]],
        must_end: Callable[[], bool],
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._say_goodbye = say_goodbye
        self._must_end = must_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready()

    async def on_tick(self, counter: int) -> bool:
        if counter % (SWEEP_SECONDS * _TICKS_PER_SECOND) == 0:
            sweep(self.server_state.connections)
        if self._must_end():
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        if not self.force_exit:
            await self._say_goodbye()
        await super().shutdown(sockets=sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """In place of uvicorn's, which raises the signal anew at the end: here a signal is a request, not a failure."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._end)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _end(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
