"""An asyncio event loop in virtual time, so that a bot's `async` handlers can sleep and wait in a simulation."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import structlog

from openoutcry.lab.virtual.time import VirtualTime

T = TypeVar("T")

MOST_STEPS = 100_000
"""How many steps a task may take in one instant: one that takes more lets no time pass, and a match would never end."""

_SECOND_US = 1_000_000

_log = structlog.get_logger()


class VirtualLoop(asyncio.AbstractEventLoop):
    """Futures, tasks and timers on a `VirtualTime`. It has no sockets, threads or processes: these raise
    `NotImplementedError`, for nothing of a simulation may depend on them.

    A task that takes more than `MOST_STEPS` in one instant is cancelled, and dropped if it goes on for all that.
    """

    def __init__(self, time: VirtualTime) -> None:
        self._virtual = time
        self._instant = time.now()
        self._steps: dict[asyncio.Task[Any], int] = {}
        """How many each task has taken in this instant."""

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
        task = asyncio.current_task(self)
        if task is not None:
            self._count_step(task)
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

    def end_tasks(self) -> None:
        """Cancel every task that is not done. What they wait for then is not waited for."""
        for task in asyncio.all_tasks(self):
            task.cancel()
            task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001 - nobody is to be told
        self._virtual.run()

    def _count_step(self, task: asyncio.Task[Any]) -> None:
        now = self._virtual.now()
        if now != self._instant:
            self._instant = now
            self._steps.clear()
        steps = self._steps[task] = self._steps.get(task, 0) + 1
        if steps == MOST_STEPS:
            task.cancel(f"it took {steps:,} steps, such as `await asyncio.sleep(0)`, and let no time pass")
        elif steps == 2 * MOST_STEPS:
            raise RuntimeError("a task lets no time pass, goes on when it is cancelled, and is dropped")

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


def _raising(name: str) -> Callable[..., NoReturn]:
    def lacking(*_arguments: object, **_options: object) -> NoReturn:
        raise NotImplementedError(f"{name}: a simulation has no threads, processes and sockets; a live bot has them")

    return lacking


for _name in vars(asyncio.AbstractEventLoop).keys() - vars(VirtualLoop).keys():
    if not _name.startswith("__"):
        setattr(VirtualLoop, _name, _raising(_name))


def _run(handle: asyncio.Handle) -> None:
    if not handle.cancelled():
        handle._run()  # noqa: SLF001 - the documented way for event loops
