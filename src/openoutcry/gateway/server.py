"""Runs the gateway on uvicorn: sockets, and a clean end in every state of its connections."""

import asyncio
import resource
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, cast

import structlog
import uvicorn

from openoutcry.gateway.app import Gateway
from openoutcry.gateway.connections.endings import ServerConnection, abort, shut_down, sweep
from openoutcry.gateway.connections.places import MAX_CONNECTIONS, Places
from openoutcry.gateway.http.asgi import ASGIApp, Receive, Scope, Send
from openoutcry.gateway.order_lane.protocol import protocol_for
from openoutcry.gateway.stream.protocol import stream_protocol
from openoutcry.protocol.stream import MAX_MESSAGE_BYTES

BACKLOG: Final = 2048
"""Connections that may wait for the server to accept them; the system refuses or delays more."""

KEEP_ALIVE_SECONDS: Final = 75
"""How long a silent HTTP connection is kept, in seconds: a bot that pauses for a minute need not connect again."""

GOODBYE_SECONDS: Final = 10
"""How long streams may take to be told that the server ends: longer than the disk and a reader may take together."""

GRACE_SECONDS: Final = 5
"""How long answers in progress may take after that; connections that still wait are cut off."""

ABORT_SECONDS: Final = 1
"""How long the tasks of a connection that was cut off may take to notice; then they are cancelled."""

MAX_FRAME_BYTES: Final = 4 * MAX_MESSAGE_BYTES
"""A message above `MAX_MESSAGE_BYTES` is refused with an error; above this the connection is closed unread (1009)."""

PING_SECONDS: Final = 20.0
"""Seconds between pings on every WebSocket, by which a client that is silently gone is noticed."""

PONG_SECONDS: Final = 20.0
"""How long the client may take to answer a ping before it counts as gone."""


class CannotListen(Exception):  # noqa: N818 - named for what happened
    """The address cannot be listened on; the text says why and what to do."""


OTHER_FILES: Final = 1_000
"""Open files kept for other uses than connections: journal, event logs, libraries."""

SWEEP_SECONDS: Final = 5
"""Seconds between checks of connections that have not finished their request."""

_TICKS_PER_SECOND: Final = 10
"""Seconds of one tick of uvicorn's main loop."""

_LOOK_SECONDS: Final = 0.02
"""Seconds between checks whether the next step of the end may begin."""

_log: Final = structlog.get_logger()


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
        # Listen now, not after a long replay, to find out at once whether the port is taken.
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
    must_hurry: Callable[[], bool] = lambda: False,
    ping_seconds: float = PING_SECONDS,
    pong_seconds: float = PONG_SECONDS,
    sweep_seconds: int = SWEEP_SECONDS,
) -> None:
    """Serve until `must_end` says so: then tell streams, finish answers in progress, and end all connections.

    That takes at most `GOODBYE_SECONDS` + `GRACE_SECONDS` + 2 * `ABORT_SECONDS`; once `must_hurry` says so, the server
    does not wait. Both are called several times a second. `on_ready` is called when requests are taken, `say_goodbye`
    after the last new connection was taken and before open ones are cut.
    """
    places = Places(_room_for_connections(), gateway.connections_per_address)
    configuration = uvicorn.Config(
        _ends_quietly(gateway.app),
        http="httptools",
        ws=stream_protocol(gateway.order_lane.clock),
        ws_max_size=MAX_FRAME_BYTES,
        ws_ping_interval=ping_seconds,
        ws_ping_timeout=pong_seconds,
        # Compression costs more time than loopback or a local network needs to carry the bytes.
        ws_per_message_deflate=False,
        lifespan="on",
        interface="asgi3",
        # The process configured its log when it started.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    configuration.load()
    configuration.http_protocol_class = protocol_for(configuration, gateway.order_lane, places)
    await _Server(configuration, on_ready, say_goodbye, must_end, must_hurry, sweep_seconds).serve(sockets=[listener])


def _room_for_connections() -> int:
    """How many connections this process can have, after its limit of open files was raised as far as the system allows.

    A connection that has just given way still has its file, so there is room for as many more as may come at once.
    """
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    others = BACKLOG + OTHER_FILES
    wanted = MAX_CONNECTIONS + others
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return max(min(MAX_CONNECTIONS, wanted - others), wanted // 4)


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        say_goodbye: Callable[[], Awaitable[None]],
        must_end: Callable[[], bool],
        must_hurry: Callable[[], bool],
        sweep_seconds: int,
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._say_goodbye = say_goodbye
        self._must_end = must_end
        self._must_hurry = must_hurry
        self._sweep_seconds = sweep_seconds

    @property
    def _connections(self) -> set[ServerConnection]:
        return cast("set[ServerConnection]", self.server_state.connections)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """In place of uvicorn's, which raises signals again at the end: here the caller handles signals."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready()

    async def on_tick(self, counter: int) -> bool:
        if counter % (self._sweep_seconds * _TICKS_PER_SECOND) == 0:
            sweep(self._connections)
        if self._must_end():
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """In place of uvicorn's, which stops at the failure of one connection, and logs a traceback for each
        that does not end. Here every wait is bounded, and shorter in a hurry.
        """
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        goodbye = asyncio.ensure_future(self._say_goodbye())
        await self._until(lambda: goodbye.done() or self._must_hurry(), GOODBYE_SECONDS)
        goodbye.cancel()
        (outcome,) = await asyncio.gather(goodbye, return_exceptions=True)
        if isinstance(outcome, Exception):
            _log.error("not all streams were told that the exchange ends", error=repr(outcome))
        shut_down(self._connections)
        await self._until(lambda: self._all_gone() or self._must_hurry(), GRACE_SECONDS)
        abort(self._connections)
        await self._until(self._all_gone, ABORT_SECONDS)
        for task in tuple(self.server_state.tasks):
            task.cancel()
        await self._until(self._all_gone, ABORT_SECONDS)
        await self.lifespan.shutdown()

    def _all_gone(self) -> bool:
        return not (self.server_state.connections or self.server_state.tasks)

    @staticmethod
    async def _until(condition: Callable[[], bool], seconds: float) -> None:
        """Return when the condition holds, or after so many seconds."""
        now = asyncio.get_running_loop().time
        end = now() + seconds
        while not condition() and now() < end:  # noqa: ASYNC110 - signals, connections and tasks: no one event has all
            await asyncio.sleep(_LOOK_SECONDS)


def _ends_quietly(app: ASGIApp) -> ASGIApp:
    """`app`, whose calls may be cancelled when the server ends; uvicorn alone would log that as a failure."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(asyncio.CancelledError):
            await app(scope, receive, send)

    return serve
