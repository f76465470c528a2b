"""WebSockets over the simulated network: the client's connection on one side, the exchange's endpoint on the other.

Each way delivers in order. A connection can break, and then both sides hear of it; or fall silent, and neither does.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from openoutcry.client.connection import ConnectionEnded, Ended
from openoutcry.gateway.asgi import Message, Scope
from openoutcry.gateway.stream_wire import WIRE
from openoutcry.protocol.stream import ClientMessage
from simulator.network import RESET_SECONDS, SILENCE_UNNOTICED_SECONDS, Fate, Network
from simulator.observer import Observer
from simulator.server import Server
from simulator.world import World

WINDOW_BYTES: Final = 64 * 1024
"""What a connection holds on its way to a reader; then the server's writer waits."""

GAP_SECONDS: Final = 1e-6
"""Between two messages of one connection: timers of the same moment come in no promised order."""

NO_CLOSE_FRAME: Final = 1006


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
        """Raises `ConnectionEnded` where no connection can be made."""
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
    """One WebSocket: to the client a `Connection`, to the exchange ASGI's `receive` and `send`, and a `Wire`."""

    def __init__(self, world: World, network: Network, server: Server, name: str, observer: Observer) -> None:
        self.name = name
        self.life = 0
        self._world = world
        self._network = network
        self._server = server
        self._observer = observer
        self._is_silent = False
        # To the client.
        self._arrived: deque[str] = deque()
        self._client_end: Ended | None = None
        self._client_news = asyncio.Event()
        self._on_the_way = 0
        self._room = asyncio.Event()
        self._next_to_client = 0.0
        # To the server.
        self._to_server: deque[Message] = deque([{"type": "websocket.connect"}])
        self._server_news = asyncio.Event()
        self._server_has_lost_it = False
        self._next_to_server = 0.0

    # ---- what befalls it

    def connect(self, query: str, headers: dict[str, str]) -> None:
        scope: Scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": "/ws",
            "raw_path": b"/ws",
            "query_string": query.removeprefix("?").encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": (self.name, 40_000),
            "server": ("exchange", 80),
            "subprotocols": [],
            "state": {},
            "extensions": {WIRE: self},
        }
        self.life = self._server.life.number
        self._observer.opened(self.name, self.life, query)
        self._server.serve(self, scope, self._receive, self._send)

    def cut(self) -> None:
        """Break it: what is on its way is gone."""
        self._is_silent = True
        self._end_client_later(Ended("the connection broke"))
        self._end_server_later(RESET_SECONDS, NO_CLOSE_FRAME)

    def fall_silent(self) -> None:
        """Nothing comes through any more; the server's pings find out at last."""
        self._is_silent = True
        self._end_server_later(SILENCE_UNNOTICED_SECONDS, NO_CLOSE_FRAME)

    def server_died(self, *, silently: bool) -> None:
        self._is_silent = True
        if not silently:
            self._end_client_later(Ended("the connection broke"))

    def _end_client_later(self, ended: Ended) -> None:
        self._world.loop.call_later(RESET_SECONDS, self._end_client, ended)

    def _end_client(self, ended: Ended) -> None:
        if self._client_end is None:
            self._client_end = ended
            self._client_news.set()

    def _end_server_later(self, seconds: float, code: int) -> None:
        self._world.loop.call_later(seconds, self._end_server, code)

    def _end_server(self, code: int) -> None:
        if not self._server_has_lost_it:
            self._server_has_lost_it = True
            self._to_server.append({"type": "websocket.disconnect", "code": code})
            self._server_news.set()
            self._room.set()

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
        self._on_the_way -= len(text)
        self._room.set()
        self._observer.heard(self.name, self.life, text)
        return text

    async def say(self, message: ClientMessage) -> bool:
        if self._client_end is not None:
            return False
        self._observer.said(self.name, message)
        self._to_server_in_order({"type": "websocket.receive", "text": msgspec.json.encode(message).decode()})
        return True

    def leave(self) -> None:
        """The client closes it."""
        self._end_client(Ended("closed here"))
        if not self._is_silent:
            self._end_server_later(self._network.delay(), 1000)

    def _to_server_in_order(self, message: Message) -> None:
        loop = self._world.loop
        self._next_to_server = max(self._next_to_server + GAP_SECONDS, loop.time() + self._network.delay())
        loop.call_at(self._next_to_server, self._reach_server, message)

    def _reach_server(self, message: Message) -> None:
        if not self._is_silent:
            self._to_server.append(message)
            self._server_news.set()

    # ---- the server's side

    @property
    def is_full(self) -> bool:
        return self._on_the_way >= WINDOW_BYTES and not self._server_has_lost_it

    async def room(self) -> None:
        while self.is_full:
            self._room.clear()
            await self._room.wait()

    def write(self, messages: Sequence[bytes]) -> None:
        if self._server_has_lost_it:
            return
        for message in messages:
            self._on_the_way += len(message)
            self._to_client_in_order(message.decode())

    def abort(self) -> None:
        self._end_server(NO_CLOSE_FRAME)
        self.cut()

    async def _receive(self) -> Message:
        while not self._to_server:
            self._server_news.clear()
            await self._server_news.wait()
        return self._to_server.popleft()

    async def _send(self, message: Message) -> None:
        """Waits while the reader does not read; raises `OSError` once the connection is known to be gone."""
        await self.room()
        if self._server_has_lost_it:
            raise OSError("the client has left")
        if message["type"] == "websocket.close":
            self._to_client_in_order(Ended(message.get("reason") or "", message["code"]))

    def _to_client_in_order(self, what: str | Ended) -> None:
        loop = self._world.loop
        self._next_to_client = max(self._next_to_client + GAP_SECONDS, loop.time() + self._network.delay())
        loop.call_at(self._next_to_client, self._reach_client, what)

    def _reach_client(self, what: str | Ended) -> None:
        if self._is_silent or self._client_end is not None:
            return
        if isinstance(what, Ended):
            self._end_client(what)
        else:
            self._arrived.append(what)
            self._client_news.set()
