"""A call that repeats in market time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from openoutcry.client.bot.handlers import is_generator

if TYPE_CHECKING:
    from openoutcry.client.bot.line import TimerHandle
    from openoutcry.client.bot.run import Run

LEAST_SECONDS: Final = 0.001
"""Of wall time between two calls."""


class Repeating:
    """Calls `callback` again and again, at even distances from the first moment on. One that is late is left out."""

    def __init__(self, run: "Run", seconds: float, callback: Callable[[], object]) -> None:
        """`seconds`: of market time. Raises `ValueError` if they are not more than 0, `TypeError` for a `callback` that
        cannot be called, or of which nothing would run.
        """
        _check_callable(callback)
        if not seconds > 0:
            raise ValueError(f"every({seconds}): the seconds must be more than 0")
        self.seconds: Final = seconds
        self._run = run
        self._callback = callback
        self._name = getattr(callback, "__name__", "on_timer")
        self._is_due = False
        """Whether the bot is to be told, and still handles something else."""
        self._timer: TimerHandle | None = None
        run.repeating[self] = None
        self.begin()

    def cancel(self) -> None:
        """Call no more."""
        self._run.repeating.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def is_cancelled(self) -> bool:
        return self not in self._run.repeating

    def begin(self) -> None:
        """Count from now on, at the speed of now: for the SDK."""
        if self._timer is not None:
            self._timer.cancel()
        self._due = self._run.line.time()
        self._wait()

    def _wait(self) -> None:
        distance = max(self.seconds / self._run.speed, LEAST_SECONDS)
        now = self._run.line.time()
        self._due += distance
        if self._due <= now:
            self._due = now + distance
        self._timer = self._run.line.call_later(self._due - now, self._ring)

    def _ring(self) -> None:
        self._wait()
        if not self._is_due:
            self._is_due = True
            self._run.tell(self._name, self._called)

    def _called(self) -> object:
        self._is_due = False
        return None if self.is_cancelled else self._callback()


def _check_callable(callback: object) -> None:
    if not callable(callback) or is_generator(callback):
        raise TypeError(f"every(..., {callback!r}): pass a function or method, plain or async, without a yield")
