"""A thread that reads the stream's connection, so that pings are answered whatever the handlers of a bot do.

Messages wait for the handlers in order, in a bounded queue. If a bot falls too far behind, the connection is ended.
After the bot has seen all that waited, the stream resumes, so that no private event is lost.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from openoutcry.client.background import BackgroundLoop
from openoutcry.client.errors import ClientClosedError
from openoutcry.client.settings import ClientSettings
from openoutcry.client.stream.connection import Connection, ConnectionEnded, Ended, StreamTransport
from openoutcry.protocol.stream import ClientMessage

_FOREVER_SECONDS: Final = 1e6
"""The thread itself has no limit for silence. The reader of the queue has one."""

_log = logging.getLogger("openoutcry.client")


class ThreadedTransport:
    """The connections of `inner`, read in a thread. The first connection starts it, and `close` ends it."""

    def __init__(self, inner: StreamTransport, settings: ClientSettings) -> None:
        self._inner = inner
        self._settings = settings
        self._thread = self._new_thread()

    def _new_thread(self) -> BackgroundLoop:
        return BackgroundLoop("openoutcry-stream", self._settings.join_seconds)

    @asynccontextmanager
    async def open(self, query: str, headers: dict[str, str]) -> AsyncIterator[Connection]:
        line = _Line(self._thread, self._settings.max_waiting_bytes)
        self._thread.submit(line.read(self._inner, query, headers))
        try:
            await line.opened()
            yield line
        except GeneratorExit:  # the loop is closed, so nothing can wait
            line.stop()
            raise
        except BaseException:
            await line.leave()
            raise
        else:
            await line.leave()

    async def close(self) -> None:
        self.abandon()

    def abandon(self, *, wait: bool = True) -> None:
        """End all connections. May be called from any thread, also if the loop that reads the stream hangs."""
        thread, self._thread = self._thread, self._new_thread()
        thread.close(self._inner.close, wait=wait)


class _Line:
    """One connection. The thread puts messages in; the event loop that made the line takes them out."""

    def __init__(self, thread: BackgroundLoop, max_waiting_bytes: int) -> None:
        self._thread = thread
        self._max_waiting_bytes = max_waiting_bytes
        self._loop = asyncio.get_running_loop()
        self._connection: Connection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._texts: deque[str] = deque()
        self._put_bytes = 0  # written by the thread only
        self._taken_bytes = 0  # written by the loop only
        self._fell_behind = False
        """Whether the connection is being given up because too much waits. It stays True while it closes."""
        self._ended: Ended | None = None
        self._is_told = False
        self._is_over = False
        self._news = asyncio.Event()
        self._left = asyncio.Event()

    # ---- in the loop

    async def opened(self) -> None:
        """Wait until the connection is open. Raises `ConnectionEnded` if none can be made."""
        while self._connection is None:
            if self._ended is not None:
                raise ConnectionEnded(self._ended)
            await self._hear()

    @property
    def is_behind(self) -> bool:
        return bool(self._texts) or self._fell_behind or self._ended is not None

    async def next_text(self, silence_seconds: float) -> str:
        try:
            async with asyncio.timeout(silence_seconds):
                while not self._texts:
                    if self._ended is not None and not self._texts:
                        raise ConnectionEnded(self._ended)
                    await self._hear()
        except TimeoutError:
            raise ConnectionEnded(Ended(f"nothing came for {silence_seconds:g} s, not even a heartbeat")) from None
        text = self._texts.popleft()
        self._taken_bytes += _size(text)
        return text

    async def say(self, message: ClientMessage) -> bool:
        if self._connection is None or self._ended is not None:
            return False
        try:
            return await asyncio.wrap_future(self._thread.submit(self._connection.say(message)))
        except ClientClosedError:
            return False

    async def leave(self) -> None:
        """Close the connection and wait until it is closed."""
        if self.stop():
            await self._left.wait()

    def stop(self) -> bool:
        """Begin to close the connection. False if the thread has ended."""
        stopping = self._stop_reading()
        try:
            self._thread.submit(stopping)
        except ClientClosedError:
            return False
        return True

    async def _hear(self) -> None:
        """Wait until the thread signals a message, the opening or the end."""
        await self._news.wait()
        self._news.clear()

    def _wake(self) -> None:
        self._is_told = False
        self._news.set()
        if self._is_over:
            self._left.set()

    # ---- in the thread

    async def read(self, inner: StreamTransport, query: str, headers: dict[str, str]) -> None:
        """Open a connection and read it to its end."""
        self._reading = asyncio.current_task()
        ended = Ended("the connection was closed here")
        try:
            async with inner.open(query, headers) as connection:
                self._connection = connection
                self._tell()
                while not self._fell_behind:
                    text = await connection.next_text(_FOREVER_SECONDS)
                    self._put_bytes += _size(text)
                    # Set before the loop can take this text. Otherwise the loop could seem to have caught up.
                    self._fell_behind = self._put_bytes - self._taken_bytes > self._max_waiting_bytes
                    self._texts.append(text)
                    self._tell()
                ended = Ended("the bot fell too far behind", fell_behind=True)
                waiting_bytes = self._put_bytes - self._taken_bytes
                _log.warning("the event stream is given up for now: %d bytes wait for the handlers", waiting_bytes)
        except ConnectionEnded as end:
            ended = end.ended
        except Exception as error:  # noqa: BLE001 - the reader must learn of any exception
            ended = Ended(f"reading failed: {error!r}")
            _log.exception("the event stream's connection could not be read")
        finally:
            self._ended, self._is_over = ended, True
            self._tell()

    def _tell(self) -> None:
        """Wake the loop, unless it is about to wake. If the loop is closed, stop reading."""
        if self._is_told and not self._is_over:
            return
        self._is_told = True
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:
            if self._reading is not None:
                self._reading.cancel()

    async def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()


def _size(text: str) -> int:
    """Bytes of the text in UTF-8, as it was received. ASCII, which most messages are, need not be encoded."""
    return len(text) if text.isascii() else len(text.encode())
