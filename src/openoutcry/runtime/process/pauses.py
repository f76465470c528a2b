"""How late the loop is: how long due callbacks wait for running ones."""

from collections.abc import Callable
from time import perf_counter
from types import TracebackType
from typing import Final, Self

from openoutcry.runtime.process.figures import PauseMetric
from openoutcry.runtime.sequencing.timers import CallLater, TimerHandle

LOOK_SECONDS: Final = 0.02
"""Seconds between checks. A stall of this length is always seen, at least in part; shorter ones sometimes."""


class LoopWatch:
    """While entered, sets a timer at regular intervals and records by how much each came too late."""

    def __init__(self, call_later: CallLater, lags: PauseMetric, stopwatch: Callable[[], float] = perf_counter) -> None:
        self._stopwatch = stopwatch
        self._call_later = call_later
        self._lags = lags
        self._due = 0.0
        self._timer: TimerHandle | None = None

    def __enter__(self) -> Self:
        self._sleep()
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _sleep(self) -> None:
        self._due = self._stopwatch() + LOOK_SECONDS
        self._timer = self._call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        try:
            self._lags.observe(max(0.0, self._stopwatch() - self._due))
        finally:
            self._sleep()
