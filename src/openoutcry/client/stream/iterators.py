"""Iterators over events. Each has a bounded buffer between the stream and the bot.

While a buffer is full, the stream delivers nothing. If too much waits then, the connection is given up and resumed
later: private events are late but never lost, and books arrive as new snapshots.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Self

from openoutcry.client.background import WAKE_SECONDS
from openoutcry.client.errors import ClientClosedError
from openoutcry.client.events import Event
from openoutcry.client.forks import let_go_when_forked
from openoutcry.client.settings import ClientSettings
from openoutcry.client.stream.buffers import EventBuffer


class Events:
    """Asynchronous iterator over the events since it was made. One task reads it.

    It ends with the client, or when no event has come for `timeout_seconds`. If an error ends the stream, it raises
    that error. An iterator that nobody reads holds the stream up: use it in an `async with` block, or `close()` it
    when you stop reading before its end.
    """

    def __init__(
        self,
        start: Callable[[], Awaitable[object]],
        detach: Callable[[EventBuffer], None],
        timeout_seconds: float | None,
        settings: ClientSettings,
    ) -> None:
        self._max_events = settings.max_buffered_events
        self._start: Callable[[], Awaitable[object]] | None = start
        self._detach = detach
        self._timeout_seconds = timeout_seconds
        self._waiting: deque[Event] = deque()
        self._changed = asyncio.Event()
        self._taken = asyncio.Event()
        self._ended = False
        self._error: Exception | None = None
        let_go_when_forked(self)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        await self._open()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                while not self._waiting:
                    if self._ended:
                        raise self._error or StopAsyncIteration
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            if self._error is not None:
                raise
            raise StopAsyncIteration from None
        self._taken.set()
        return self._waiting.popleft()

    async def __aenter__(self) -> Self:
        await self._open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    async def _open(self) -> None:
        if self._start is not None:
            start, self._start = self._start, None
            await start()

    def close(self) -> None:
        """End the iterator and drop the events that wait."""
        self._detach(self)
        self._waiting.clear()
        self.end(None)

    def offer(self, event: Event) -> asyncio.Event | None:
        if len(self._waiting) >= self._max_events and not self._ended:
            self._taken.clear()
            return self._taken
        if not self._ended:
            self._waiting.append(event)
            self._changed.set()
        return None

    def end(self, error: Exception | None) -> None:
        if not self._ended:
            self._ended, self._error = True, error
        self._changed.set()
        self._taken.set()

    def after_fork(self) -> None:
        self._waiting.clear()
        self._changed, self._taken = asyncio.Event(), asyncio.Event()
        self.end(_of_another_process())


class ThreadedEvents:
    """Iterator over the events since it was made, for a plain thread. The stream runs in the client's own thread.

    It ends with the client, or when no event has come for `timeout_seconds`. If an error ends the stream, it raises
    that error. An iterator that nobody reads holds the stream up: use it in a `with` block, or `close()` it when you
    stop reading before its end.
    """

    def __init__(
        self,
        detach: Callable[[EventBuffer], None],
        timeout_seconds: float | None,
        settings: ClientSettings,
        client: object = None,
    ) -> None:
        self._max_events = settings.max_buffered_events
        self._monotonic = settings.monotonic
        self._client = client  # keeps the client alive while its events are read
        self._detach = detach
        self._timeout_seconds = timeout_seconds
        self._waiting: deque[Event] = deque()
        self._changed = threading.Condition()
        self._wake_stream: Callable[[], object] | None = None
        self._ended = False
        self._error: Exception | None = None
        let_go_when_forked(self)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        with self._changed:
            if not self._wait():
                raise StopIteration
            if not self._waiting:
                raise self._error or StopIteration
            event = self._waiting.popleft()
            self._wake()
            return event

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the iterator and drop the events that wait."""
        self._detach(self)
        with self._changed:
            self._waiting.clear()
        self.end(None)

    def offer(self, event: Event) -> asyncio.Event | None:
        with self._changed:
            if self._ended:
                return None
            if len(self._waiting) < self._max_events:
                self._waiting.append(event)
                self._changed.notify()
                return None
            room, loop = asyncio.Event(), asyncio.get_running_loop()
            self._wake_stream = lambda: loop.call_soon_threadsafe(room.set)
            return room

    def end(self, error: Exception | None) -> None:
        with self._changed:
            if not self._ended:
                self._ended, self._error = True, error
            self._changed.notify_all()
            self._wake()

    def _wait(self) -> bool:
        """Whether an event or the end comes in time. Waits in slices, since Windows hears Ctrl-C only in between."""
        monotonic = self._monotonic
        ends_at = None if self._timeout_seconds is None else monotonic() + self._timeout_seconds
        while True:
            left = WAKE_SECONDS if ends_at is None else min(WAKE_SECONDS, ends_at - monotonic())
            if self._changed.wait_for(lambda: bool(self._waiting) or self._ended, max(left, 0.0)):
                return True
            if left <= 0:
                return False

    def after_fork(self) -> None:
        self._waiting.clear()
        self._changed, self._wake_stream = threading.Condition(), None
        self.end(_of_another_process())

    def _wake(self) -> None:
        if self._wake_stream is not None:
            self._wake_stream()
            self._wake_stream = None


def _of_another_process() -> ClientClosedError:
    return ClientClosedError("this iterator belongs to the process that made it: call events() again in this one")
