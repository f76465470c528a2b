"""A call that repeats in market time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openoutcry.client.bot.run import Run

LEAST_SECONDS = 0.001
"""Of wall time between two calls."""


class Repeating:
    """Calls `callback` again and again, at even distances from the first moment on. One that is late is left out."""

    def __init__(self, run: "Run", seconds: float, callback: Callable[[], object]) -> None:
        """`seconds`: of market time. Raises `ValueError` if they are not more than 0."""
        if not seconds > 0:
            raise ValueError(f"every({seconds}): the seconds must be more than 0")
        self.seconds = seconds
        self._run = run
        self._callback = callback
        self._is_cancelled = False
        self._due = run.line.time()
        self._wait()

    def cancel(self) -> None:
        """Call no more."""
        self._is_cancelled = True

    def _wait(self) -> None:
        distance = max(self.seconds / self._run.speed, LEAST_SECONDS)
        now = self._run.line.time()
        self._due += distance
        if self._due <= now:
            self._due = now + distance
        self._run.call_later(self._due - now, self._ring)

    def _ring(self) -> None:
        if not self._is_cancelled:
            self._run.tell("on_timer", self._callback)
            self._wait()
