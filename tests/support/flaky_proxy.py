"""A TCP proxy that cuts, holds, swallows and refuses connections at a chosen byte or moment, in front of a real server.

It knows of HTTP only that a request begins with its method and path, and that a client waits for an answer before
it sends the next one. Runs in a thread of its own, so that blocking and asynchronous tests can both use it.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

CHUNK = 65536


@dataclass
class Fault:
    """What goes wrong with one request. `None`: nothing."""

    request_bytes: int | None = None
    """Pass on only so much of the request, then cut: it may not have arrived."""
    answer_bytes: int | None = None
    """Pass the request on, wait for the answer, pass on only so much of it, then cut: it was carried out."""
    hold: bool = False
    """Keep the answer back until `release`; the connection stays open."""
    reset: bool = False
    """Cut with a reset in place of an orderly end."""
    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        self.released.set()


def lost_answer() -> Fault:
    return Fault(answer_bytes=0)


class FlakyProxy:
    """Use in a `with`. `seen` lists the first line of every request, in order of arrival."""

    def __init__(self, target_url: str) -> None:
        self.target_url = target_url
        """May be changed: connections made afterwards go there."""
        self.seen: list[str] = []
        self.rule: Callable[[str], Fault | None] = lambda _line: None
        """Asked for every request that no planned fault fits."""
        self._planned: list[tuple[str, Fault]] = []
        self._links: set[_Link] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._listener: asyncio.Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self.listen()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.refuse_connections()
        self._in_loop(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def plan(self, line_start: str, fault: Fault) -> Fault:
        """Apply `fault` to the next request whose first line begins so, such as `POST /orders `."""
        self._planned.append((line_start, fault))
        return fault

    def count(self, line_start: str) -> int:
        return sum(line.startswith(line_start) for line in self.seen)

    def cut_all(self) -> None:
        """End every connection now, in good order."""
        self._in_loop(self._cut_links())

    def swallow(self) -> None:
        """From now on nothing comes through on the connections that there are, and nobody is told."""
        self._in_loop(self._swallow_links())

    def refuse_connections(self) -> None:
        """Close the listening socket, as a server that is down."""
        if self._listener is not None:
            self._in_loop(self._close_listener())

    def listen(self) -> None:
        """Take connections (again), at the same port."""
        self._in_loop(self._open_listener())

    # ---- in the proxy's own thread

    def _in_loop(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _open_listener(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._listener.sockets[0].getsockname()[1]

    async def _close_listener(self) -> None:
        listener, self._listener = self._listener, None
        listener.close()
        await self._cut_links()

    async def _cut_links(self) -> None:
        for link in list(self._links):
            link.cut(reset=False)

    async def _swallow_links(self) -> None:
        for link in self._links:
            link.swallows = True

    async def _finish(self) -> None:
        while self._links:  # noqa: ASYNC110 - each ends in its own time
            await asyncio.sleep(0.005)
        await self._loop.shutdown_asyncgens()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = urlsplit(self.target_url)
        try:
            up_reader, up_writer = await asyncio.open_connection(target.hostname, target.port)
        except OSError:
            writer.close()
            return
        link = _Link(self, writer, up_writer)
        self._links.add(link)
        try:
            await asyncio.gather(link.carry_requests(reader), link.carry_answers(up_reader))
        except OSError:
            pass
        finally:
            if link.swallows:
                await link.is_cut.wait()
            link.cut(reset=False)
            self._links.discard(link)

    def _fault_for(self, line: str) -> Fault | None:
        self.seen.append(line)
        for planned in self._planned:
            if line.startswith(planned[0]):
                self._planned.remove(planned)
                return planned[1]
        return self.rule(line)


class _Link:
    """One connection through the proxy."""

    def __init__(self, proxy: FlakyProxy, down: asyncio.StreamWriter, up: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._down = down
        self._up = up
        self._fault: Fault | None = None
        self._answer_bytes = 0
        self._is_stream = False
        self.swallows = False
        """Whether what comes goes nowhere, the news that one side has ended among it."""
        self.is_cut = asyncio.Event()

    def cut(self, *, reset: bool) -> None:
        self.is_cut.set()
        if reset:
            self._down.transport.abort()
        self._down.close()
        self._up.close()

    async def carry_requests(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(CHUNK):
            if self.swallows:
                continue
            if not self._is_stream and data.split(b" ", 1)[0].isalpha() and b" HTTP/1.1\r\n" in data:
                line = data.split(b"\r\n", 1)[0].decode()
                self._is_stream = line.startswith("GET /ws")
                self._fault, self._answer_bytes = self._proxy._fault_for(line), 0
            fault = self._fault
            if fault is not None and fault.request_bytes is not None:
                self._up.write(data[: fault.request_bytes])
                await self._up.drain()
                self.cut(reset=fault.reset)
                return
            self._up.write(data)
            await self._up.drain()
        if not self.swallows:
            self.cut(reset=False)

    async def carry_answers(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(CHUNK):
            if self.swallows:
                continue
            fault = self._fault
            if fault is not None and fault.hold:
                while not fault.released.is_set() and not self._down.is_closing():  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            if fault is not None and fault.answer_bytes is not None:
                self._down.write(data[: fault.answer_bytes - self._answer_bytes])
                self._answer_bytes += len(data)
                if self._answer_bytes >= fault.answer_bytes:
                    await self._down.drain()
                    self.cut(reset=fault.reset)
                    return
                continue
            self._down.write(data)
            await self._down.drain()
        if not self.swallows:
            self.cut(reset=False)
