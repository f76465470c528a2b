"""A loop and a clock in virtual time: nothing waits, so a day passes as fast as it can be computed."""

import heapq
from collections import deque
from collections.abc import Callable
from typing import Final

from openoutcry.domain.types import TimestampUs

BEGINNING: Final = TimestampUs(1_700_000_000_000_000)
"""Wall time at which virtual time begins unless it is told otherwise: 2023-11-14 22:13:20 UTC."""

_SECOND_US: Final = 1_000_000
_NEVER_SECONDS: Final = 1e12
"""What is to be called later than this, such as after `inf` seconds, is never called."""


class Timer:
    """A function that is called at an instant, unless it is cancelled before."""

    __slots__ = ("callback", "is_cancelled")

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback = callback
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class VirtualTime:
    """The part of an event loop that an exchange uses, and its clock: integers, in microseconds.

    Time stands still while functions run. It passes when its owner says so, from one timer to the next. Timers of one
    instant are called in the order in which they were set. For one thread, but for `call_soon_threadsafe`.
    """

    def __init__(self, begins: TimestampUs = BEGINNING) -> None:
        self._time = begins
        self._ready: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[int, int, Timer]] = []
        self._timers_set = 0

    # ---- the clock

    def now(self) -> TimestampUs:
        return self._time

    def elapsed(self) -> int:
        return self._time

    # ---- the loop

    @property
    def has_ready(self) -> bool:
        """Whether something is to be called before time passes."""
        return bool(self._ready)

    def call_soon(self, callback: Callable[[], None], /) -> None:
        self._ready.append(callback)

    def call_soon_threadsafe(self, callback: Callable[[], None], /) -> None:
        self._ready.append(callback)

    def call_later(self, delay: float, callback: Callable[[], None], /) -> Timer:
        return self.call_at(self._time + max(round(min(delay, _NEVER_SECONDS) * _SECOND_US), 0), callback)

    def call_at(self, instant: int, callback: Callable[[], None], /) -> Timer:
        """Call it at this instant, or next if that has passed."""
        timer = Timer(callback)
        self._timers_set += 1
        heapq.heappush(self._timers, (instant, self._timers_set, timer))
        return timer

    # ---- how it passes

    def run(self) -> None:
        """Call everything that is ready, and what becomes ready by that. No time passes."""
        ready = self._ready
        while ready:
            ready.popleft()()

    def leap(self) -> bool:
        """Let time pass to the next timer and call it, and everything that is ready then; False if no timer is set."""
        return self._leap_until(None)

    def pass_seconds(self, seconds: float) -> None:
        """Let so much time pass, with all that is to happen meanwhile."""
        self.pass_until(TimestampUs(self._time + round(seconds * _SECOND_US)))

    def pass_until(self, end: TimestampUs, after_each: Callable[[], None] = lambda: None) -> None:
        """Let time pass to `end`, with all that is to happen until then, and at that instant. `after_each` is called
        after each timer, before time passes further. A time that is over changes nothing.
        """
        self.run()
        while self._leap_until(end):
            after_each()
        self._time = TimestampUs(max(self._time, end))

    def fall_behind(self, seconds: float) -> None:
        """Let so much time pass in which nothing is called, as on a machine that is suspended."""
        self._time = TimestampUs(self._time + round(seconds * _SECOND_US))

    def _leap_until(self, end: int | None) -> bool:
        timers = self._timers
        while timers and timers[0][2].is_cancelled:
            heapq.heappop(timers)
        if not timers or (end is not None and timers[0][0] > end):
            return False
        due, _, timer = heapq.heappop(timers)
        self._time = TimestampUs(max(self._time, due))
        timer.callback()
        self.run()
        return True
