"""An asyncio event loop in virtual time, so that a bot's `async` handlers can sleep and wait in a simulation."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog

from openoutcry.lab.virtual.time import VirtualTime

T = TypeVar("T")

_SECOND_US = 1_000_000

_log = structlog.get_logger()


class VirtualLoop(asyncio.AbstractEventLoop):
    """Futures, tasks and timers on a `VirtualTime`. It has no sockets, threads or processes: these raise
    `NotImplementedError`, for nothing of a simulation may depend on them.
    """

    def __init__(self, time: VirtualTime) -> None:
        self._virtual = time

    @contextmanager
    def running(self) -> Generator[None, None, None]:
        """Within it this is the loop of the thread, as `asyncio` sees it."""
        before = asyncio._get_running_loop()  # noqa: SLF001 - the documented way for event loops
        asyncio._set_running_loop(self)  # noqa: SLF001 - likewise
        try:
            yield
        finally:
            asyncio._set_running_loop(before)  # noqa: SLF001 - likewise

    def run_until_complete(self, future: Coroutine[Any, Any, T]) -> T:  # type: ignore[override]  # coroutines only
        """Let time pass until it is done. Raises `RuntimeError` if nothing is left to happen before that."""
        with self.running():
            task: asyncio.Task[T] = self.create_task(future)
            self._virtual.run()
            while not task.done():
                if not self._virtual.leap():
                    task.cancel()
                    self._virtual.run()
                    raise RuntimeError("it waits for something that can never happen in virtual time")
        return task.result()

    def time(self) -> float:
        return self._virtual.now() / _SECOND_US

    def call_soon(  # type: ignore[override]  # callbacks are called with their arguments
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._virtual.call_soon(lambda: _run(handle))
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]  # there is one thread

    def call_later(  # type: ignore[override]  # likewise
        self, delay: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(self.time() + delay, callback, args, self, context)
        self._virtual.call_later(delay, lambda: _run(handle))
        return handle

    def call_at(  # type: ignore[override]  # likewise
        self, when: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_later(when - self.time(), callback, *args, context=context)

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, **options)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        _log.error(str(context.get("message")), exc_info=context.get("exception"))

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Nothing to be done: a cancelled handle is not run."""


def _run(handle: asyncio.Handle) -> None:
    if not handle.cancelled():
        handle._run()  # noqa: SLF001 - the documented way for event loops
