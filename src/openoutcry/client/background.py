"""An event loop in a thread of its own, for clients whose callers have none."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final, TypeVar

from openoutcry.client.errors import ClientClosedError
from openoutcry.client.forks import leave_behind, let_go_when_forked

T = TypeVar("T")

WAKE_SECONDS: Final = 0.2
"""How often a wait for another thread is interrupted. On Windows, Ctrl-C has no effect before that."""

_log = logging.getLogger("openoutcry.client")


class BackgroundLoop:
    """The thread starts with the first piece of work. A client that only sends requests has no thread."""

    def __init__(self, name: str, join_seconds: float) -> None:
        """`close` waits `join_seconds` for the thread."""
        self._name = name
        self._join_seconds = join_seconds
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False
        let_go_when_forked(self)

    @property
    def is_current(self) -> bool:
        """Whether the caller runs in this thread."""
        return threading.current_thread() is self._thread

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the work in the thread and wait for its result. Must not be called from the thread itself.

        Raises `ClientClosedError`, and what the work raises.
        """
        future = self.submit(work)
        try:
            while True:
                with suppress(TimeoutError):
                    return future.result(None if future.done() else WAKE_SECONDS)
                if future.done():
                    return future.result()
        except BaseException:
            future.cancel()
            raise

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run the work in the thread and return the future of its result. Raises `ClientClosedError`."""
        return asyncio.run_coroutine_threadsafe(work, self._open(work))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run the work later. Must be called from the thread itself. What the work raises is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def close(self, last_work: Callable[[], Coroutine[Any, Any, None]], *, wait: bool = True) -> None:
        """Run the last work and end the thread. May be called twice, and from the thread itself."""
        with self._lock:
            self._closed = True
            loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(_end(loop, last_work()), loop)
        if wait and not self.is_current:
            self._thread.join(self._join_seconds)

    def after_fork(self) -> None:
        """Forget the thread, which belongs to the parent. The next piece of work starts another."""
        leave_behind(self._loop, self._thread, self._tasks)
        self._lock = threading.Lock()
        self._loop, self._thread, self._tasks = None, None, set()

    def _open(self, work: Coroutine[Any, Any, Any]) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                work.close()
                raise ClientClosedError("this client is closed; make a new one")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_serve, args=(self._loop,), name=self._name, daemon=True)
                self._thread.start()
            return self._loop

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("%s", error)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _end(loop: asyncio.AbstractEventLoop, last_work: Coroutine[Any, Any, None]) -> None:
    try:
        await last_work
    finally:
        loop.stop()
