"""WebSockets over the simulated network: the client's connection on one side, the server's real protocol on the other.

Each direction delivers in order. If a connection breaks, both sides are notified. If its packets are lost or its client
freezes, neither side is notified; the server finds out by its pings.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from openoutcry.client.stream.connection import ConnectionEnded, Ended
from openoutcry.protocol.stream import ClientMessage
from proofs.chaos.machine.server import Server
from proofs.chaos.network.stream_socket import ServerSocket
from proofs.chaos.network.wires import GIVEN_UP_SECONDS, RESET_SECONDS, Fate, Network
from proofs.chaos.parties.observer import Observer
from proofs.chaos.world import World

WINDOW_BYTES: Final = 64 * 1024
"""What a connection holds on its way to a reader; then the server's socket has to."""

GAP_SECONDS: Final = 1e-6
"""Between two messages of one connection: timers of the same moment come in no promised order."""


class StreamLines:
    """The client's way to open connections, one after the other, and the simulation's way to get at the open ones."""

    def __init__(self, world: World, network: Network, server: Server, client: str, observer: Observer) -> None:
        self._world = world
        self._network = network
        self._server = server
        self._client = client
        self._observer = observer
        self._count = 0
        self.is_cut_off = False
        self.open_lines: dict[Line, None] = {}

    @asynccontextmanager
    async def open(self, query: str, headers: dict[str, str]) -> AsyncIterator["Line"]:
        """Raises `ConnectionEnded` if no connection can be made."""
        fate = Fate.REFUSED if self.is_cut_off else self._network.fate()
        await asyncio.sleep(self._network.delay())
        if fate is not Fate.ANSWERED or not self._server.listens:
            raise ConnectionEnded(Ended("the connection was refused"))
        self._count += 1
        line = Line(self._world, self._network, self._server, f"{self._client}/{self._count}", self._observer)
        self.open_lines[line] = None
        line.connect(query, headers)
        try:
            yield line
        finally:
            del self.open_lines[line]
            line.leave()

    async def close(self) -> None:
        """Nothing outlives its connection."""


class Line:
    """One WebSocket: to the client a `Connection`, to the server a client on the other end of its socket."""

    def __init__(self, world: World, network: Network, server: Server, name: str, observer: Observer) -> None:
        self.name = name
        self.life = 0
        self._world = world
        self._network = network
        self._server = server
        self._observer = observer
        self._is_swallowed = False
        """Whether nothing comes through, either way."""
        self._is_frozen = False
        """Whether the client is frozen while its connection stays open."""
        # To the client.
        self._protocol = ClientProtocol(parse_uri("ws://exchange/ws"), max_size=None)
        self._arrived: deque[str] = deque()
        self._client_end: Ended | None = None
        self._client_news = asyncio.Event()
        self._on_the_way = 0
        self._next_to_client = 0.0
        # To the server.
        self._socket: ServerSocket
        self._next_to_server = 0.0

    # ---- what befalls it

    def connect(self, query: str, headers: dict[str, str]) -> None:
        self.life = self._server.life.number
        self._observer.opened(self.name, self.life, query)
        self._socket = self._server.accept(
            self, self.name, room=self._room, carry=self._carry, hang_up=self._hear_of_the_end
        )
        request = self._protocol.connect()
        request.path += query
        request.headers.update({name.lower(): value for name, value in headers.items()})  # as HTTP hands them over
        self._protocol.send_request(request)
        self._socket.receive(b"".join(self._protocol.data_to_send()))

    def cut(self) -> None:
        """Break it: what is on its way is gone."""
        self._is_swallowed = True
        self._end_client_later(Ended("the connection broke"))
        self._world.loop.call_later(RESET_SECONDS, self._socket.break_off)

    def swallow(self) -> None:
        """Drop everything from now on, without telling either side."""
        self._is_swallowed = True
        self._expect_the_end()

    def freeze(self) -> None:
        """The client reads and answers nothing any more; its machine has no room for what it does not read."""
        self._is_frozen = True
        self._expect_the_end()

    def server_died(self, *, silently: bool) -> None:
        if silently:
            self._is_swallowed = True
        else:
            self._end_client_later(Ended("the connection broke"))

    def _expect_the_end(self) -> None:
        self._world.loop.call_later(GIVEN_UP_SECONDS, self._check_given_up)

    def _check_given_up(self) -> None:
        self._observer.expected_to_be_given_up(self.name, self._socket.is_lost)

    def _end_client_later(self, ended: Ended) -> None:
        self._world.loop.call_later(RESET_SECONDS, self._end_client, ended)

    def _end_client(self, ended: Ended) -> None:
        if self._client_end is None and not self._is_frozen:
            self._client_end = ended
            self._client_news.set()

    # ---- the client's side

    @property
    def is_behind(self) -> bool:
        return bool(self._arrived)

    async def next_text(self, silence_seconds: float) -> str:
        try:
            async with asyncio.timeout(silence_seconds):
                while not self._arrived:
                    if self._client_end is not None:
                        raise ConnectionEnded(self._client_end)
                    self._client_news.clear()
                    await self._client_news.wait()
        except TimeoutError:
            raise ConnectionEnded(Ended("nothing came, not even a heartbeat")) from None
        text = self._arrived.popleft()
        self._take(len(text))
        self._observer.heard(self.name, self.life, text)
        return text

    async def say(self, message: ClientMessage) -> bool:
        if self._client_end is not None or self._is_frozen:
            return False
        self._observer.said(self.name, message)
        self._protocol.send_text(msgspec.json.encode(message))
        self._say_what_waits()
        return True

    def leave(self) -> None:
        """The client closes it."""
        self._end_client(Ended("closed here"))
        if not (self._is_swallowed or self._is_frozen):
            self._world.loop.call_later(self._network.delay(), self._socket.break_off)

    def _say_what_waits(self) -> None:
        data = b"".join(self._protocol.data_to_send())
        if not data:
            return
        loop = self._world.loop
        self._next_to_server = max(self._next_to_server + GAP_SECONDS, loop.time() + self._network.delay())
        loop.call_at(self._next_to_server, self._reach_server, data)

    def _reach_server(self, data: bytes) -> None:
        if not self._is_swallowed and not self._socket.is_lost:
            self._socket.receive(data)

    def _take(self, size: int) -> None:
        """So much is read, and makes room, as soon as the server's machine hears of it."""
        self._on_the_way -= size
        if not (self._is_swallowed or self._is_frozen):
            self._world.loop.call_later(GAP_SECONDS, self._socket.has_room)

    # ---- the server's side

    def _room(self) -> int:
        return 0 if self._is_frozen else WINDOW_BYTES - self._on_the_way

    def _carry(self, data: bytes) -> None:
        self._on_the_way += len(data)
        self._to_client_in_order(data)

    def _hear_of_the_end(self) -> None:
        self._to_client_in_order(None)

    def _to_client_in_order(self, data: bytes | None) -> None:
        loop = self._world.loop
        self._next_to_client = max(self._next_to_client + GAP_SECONDS, loop.time() + self._network.delay())
        loop.call_at(self._next_to_client, self._reach_client, data)

    def _reach_client(self, data: bytes | None) -> None:
        if self._is_swallowed or self._is_frozen or self._client_end is not None:
            return
        if data is None:
            self._end_client(Ended("the connection broke"))
            return
        self._protocol.receive_data(data)
        size = len(data)
        for event in self._protocol.events_received():
            if not isinstance(event, Frame):
                continue
            if event.opcode is Opcode.TEXT:
                text = bytes(event.data).decode()
                self._arrived.append(text)
                size -= len(text)
                self._client_news.set()
            elif event.opcode is Opcode.CLOSE:
                closed = self._protocol.close_rcvd
                assert closed is not None  # noqa: S101 - it has just come
                self._end_client(Ended(closed.reason, closed.code))
        self._take(size)
        self._say_what_waits()
