"""Garbage collection by a timer: often and little, and in full only when trading begins or ends.

Python itself collects whenever code makes objects, and from time to time looks through all of them. With a million
orders alive that stops the exchange for half a second.
"""

import gc
from collections.abc import Callable
from time import perf_counter
from types import TracebackType
from typing import Final, Self

from openoutcry.domain.day.phases import Phase
from openoutcry.runtime.process.figures import PauseMetric
from openoutcry.runtime.sequencing.timers import CallLater, TimerHandle

COLLECTION_SECONDS: Final = 0.01
"""Seconds between collections of new objects. In so short a time even a busy server makes few, and an object that
survives one collection is not looked at by the next."""

YOUNG: Final = 1
"""The generation that such a collection covers, with the one below; survivors go straight to the oldest."""


class GarbageCollection:
    """While entered, only its timer collects; objects that exist at entry are never looked at again.

    Garbage in cycles that was alive at a collection stays until the next full one: orders, events and connections
    leave none, what libraries leave is little.
    """

    def __init__(
        self,
        call_later: CallLater,
        phase: Callable[[], Phase],
        pauses: PauseMetric,
        stopwatch: Callable[[], float] = perf_counter,
    ) -> None:
        self._stopwatch = stopwatch
        self._call_later = call_later
        self._phase = phase
        self._phase_before = phase()
        self._pauses = pauses
        self._timer: TimerHandle | None = None

    def __enter__(self) -> Self:
        gc.disable()
        gc.freeze()
        self._phase_before = self._phase()
        self._sleep()
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        gc.unfreeze()
        gc.enable()

    def _sleep(self) -> None:
        self._timer = self._call_later(COLLECTION_SECONDS, self._collect)

    def _collect(self) -> None:
        try:
            phase = self._phase()
            started = self._stopwatch()
            if phase == self._phase_before:
                gc.collect(YOUNG)
            else:
                self._phase_before = phase
                gc.collect()
            self._pauses.observe(self._stopwatch() - started)
        finally:
            self._sleep()  # otherwise nothing would be collected any more
