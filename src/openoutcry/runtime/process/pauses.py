"""How late the loop is: how long what has come due waits for what is running."""

from time import perf_counter
from types import TracebackType
from typing import Final, Self

from openoutcry.runtime.process.figures import PauseMetric
from openoutcry.runtime.sequencing.timers import CallLater, TimerHandle

LOOK_SECONDS: Final = 0.02
"""A stall of this length is surely seen, in part; of shorter ones a share. The loop's own timers tell milliseconds."""


class LoopWatch:
    """While entered, it asks to be called at even intervals and notes by how much that came too late."""

    def __init__(self, call_later: CallLater, lags: PauseMetric) -> None:
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
        self._due = perf_counter() + LOOK_SECONDS
        self._timer = self._call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        try:
            self._lags.observe(max(0.0, perf_counter() - self._due))
        finally:
            self._sleep()
