"""The times of commands, and the time by which timers run."""

import time
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from openoutcry.domain.types import TimestampUs


class Clock(Protocol):
    def now(self) -> TimestampUs:
        """Wall-clock time. It may go back; the sequencer's stamps do not."""

    def elapsed(self) -> int:
        """Microseconds since some moment. This clock cannot be set, and counts the time in which the machine was
        suspended, because orders were in the book during that time too.
        """


# Linux has a clock that goes on while the machine is suspended, which its usual monotonic one does not.
_elapsed_ns: Final[Callable[[], int]] = (
    partial(time.clock_gettime_ns, time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic_ns
)


class SystemClock:
    """The machine's clock. If that is set back, time goes on at half its pace until the machine's clock has caught up.
    So commands in between do not all have the same time.
    """

    def __init__(self, wall_ns: Callable[[], int] = time.time_ns, steady_ns: Callable[[], int] = _elapsed_ns) -> None:
        self._wall_ns = wall_ns
        self._steady_ns = steady_ns
        self._last = 0
        # The time told, and the steady clock, when the machine's clock was first found set back; None while it is not.
        self._set_back: tuple[int, int] | None = None

    def now(self) -> TimestampUs:
        wall = self._wall_ns() // 1000
        if wall >= self._last:
            self._last = wall
            self._set_back = None
        else:
            if self._set_back is None:
                self._set_back = self._last, self._steady_ns()
            told, steady = self._set_back
            self._last = told + (self._steady_ns() - steady) // 2000
        return self._last  # type: ignore[return-value]

    def elapsed(self) -> int:
        return self._steady_ns() // 1000

    def go_on_from(self, time: TimestampUs) -> None:
        """Never give a time before this one, which an earlier server gave."""
        self._last = max(self._last, time)
