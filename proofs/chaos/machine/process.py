"""A simulated operating-system process: tasks and timers that end together."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextvars import ContextVar, copy_context
from typing import Any

from proofs.chaos.machine.loop import VirtualLoop


class ProcessKilled(BaseException):
    """Raised out of an operation in which its process died: no handler of ordinary errors may take it for one."""


_current: ContextVar["Process | None"] = ContextVar("process", default=None)


class Process:
    """The exchange uses it as its event loop (`call_soon`, `call_later`). Calls of a dead process never happen.

    A task belongs to the process in which it was made. The tasks that it makes belong to the same process.
    """

    def __init__(self, name: str, loop: VirtualLoop) -> None:
        self.name = name
        self.alive = True
        self._loop = loop
        self._tasks: dict[asyncio.Task[Any], None] = {}
        self._context = copy_context()
        self._context.run(_current.set, self)

    def run(self, function: Callable[[], Any]) -> Any:
        """Call `function` as this process, now. Not from within it."""
        return self._context.run(function)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the work as this process. What it raises is the world's business: nobody waits for it."""
        self._loop.create_task(work, context=self._context.copy()).add_done_callback(self._ended)

    def kill(self) -> None:
        """Nothing of this process happens from here on. Its tasks are unwound, without visible effects."""
        self.alive = False
        for task in list(self._tasks):
            task.cancel()

    # ---- the event loop as this process sees it

    def call_soon(self, callback: Callable[[], None], /) -> object:
        return self._loop.call_soon(self._unless_dead, callback, context=self._context)

    def call_soon_threadsafe(self, callback: Callable[[], None], /) -> object:
        return self._loop.call_soon(self._unless_dead, callback, context=self._context)

    def call_later(self, delay: float, callback: Callable[[], None], /) -> asyncio.TimerHandle:
        return self._loop.call_later(delay, self._unless_dead, callback, context=self._context)

    def _unless_dead(self, callback: Callable[[], None]) -> None:
        if self.alive:
            callback()

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and self.alive:
            self._loop.call_exception_handler({"message": f"{self.name} failed", "exception": error})

    # ---- whose task is whose

    def adopt(self, task: asyncio.Task[Any]) -> None:
        self._tasks[task] = None
        task.add_done_callback(lambda _task: self._tasks.pop(task, None))


def current_process() -> Process | None:
    """Whose code is running; None where it is the world's own."""
    return _current.get()


def owned_tasks(
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any] | Generator[Any, None, Any], **options: Any
) -> asyncio.Task[Any]:
    """The loop's task factory: notes for each task whose it is."""
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **options)
    context = options.get("context")
    process = _current.get() if context is None else context.get(_current)
    if process is not None:
        process.adopt(task)
    return task
